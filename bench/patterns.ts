// How fast all rules together look through a text, as a ratio to a plain scan of the same text by one regular expression.
//   npm run bench:patterns [-- megabytes]
// Texts are made by a fixed generator, so that every run reads the same: English rows of jsonl, and the same with Chinese.
import { compilePatterns } from "../src/patterns/compile.ts";
import { drawing } from "../test/support/regex.ts";

const MEGABYTES = Number(process.argv[2] ?? 20);
const ROUNDS = 5;
/** The plain scan: a pattern of addresses of mail as people write it. */
const PLAIN = /[\w.+-]+@[\w-]+\.[\w.]+/g;

const WORDS =
  "the model was trained on a large amount of text and its weights are open for everybody who wants to study how it works in practice because people asked questions about data safety results numbers year month".split(
    " ",
  );
const HAN =
  "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经";

function rows(megabytes: number, chinese: number): readonly string[] {
  const draw = drawing(7);
  const all: string[] = [];
  for (let bytes = 0; bytes < megabytes * 1e6; ) {
    const sentences = Array.from({ length: 1 + draw(12) }, () => (draw(100) < chinese ? han(draw) : english(draw)));
    const row = sentences.join(" ");
    all.push(row);
    bytes += Buffer.byteLength(row);
  }
  return all;
}

function english(draw: (below: number) => number): string {
  const words = Array.from({ length: 6 + draw(20) }, () => (draw(14) === 0 ? String(draw(100_000)) : (WORDS[draw(WORDS.length)] ?? "")));
  if (draw(200) === 0) words.push(`ann${draw(1000)}@site${draw(100)}.org`);
  if (draw(300) === 0) words.push(`call (650) 253-${1000 + draw(9000)}`);
  return `${words.join(" ")}.`;
}

function han(draw: (below: number) => number): string {
  return `${Array.from({ length: 10 + draw(30) }, () => HAN[draw(HAN.length)] ?? "").join("")}。`;
}

/** Megabytes of UTF-8 a second of one core's time, the best of some rounds: the others were disturbed. */
function speed(texts: readonly string[], megabytes: number, look: (text: string) => number): { rate: number; found: number } {
  let [best, found] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    found = texts.reduce((sum, text) => sum + look(text), 0);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return { rate: megabytes / best, found };
}

const sets = [
  ["all rules", compilePatterns()],
  ["personal and secret", compilePatterns({ areas: ["personal", "secret"] })],
] as const;
for (const [name, chinese] of [
  ["English", 0],
  ["half Chinese", 50],
] as const) {
  const texts = rows(MEGABYTES, chinese);
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const plain = speed(texts, megabytes, (text) => text.match(PLAIN)?.length ?? 0);
  console.log(`${name}, ${megabytes.toFixed(0)} MB in ${texts.length} rows: one plain expression ${plain.rate.toFixed(0)} MB/s`);
  for (const [what, set] of sets) {
    const { rate, found } = speed(texts, megabytes, (text) => set.find(text).length);
    console.log(
      `  ${what} (${set.ids.length}): ${rate.toFixed(0)} MB/s, ${(rate / plain.rate).toFixed(2)} of the plain expression's speed, ${found} hits`,
    );
  }
}
