// Derives src/text/tables.generated.ts: which characters look like an ASCII one, and which traditional ones have a simplified form.
// usage: npm run derive:text -- CONFUSABLES_JSON OPENCC_FOLDER
//   CONFUSABLES_JSON  confusables.json of confusable_homoglyphs 3.3.1 (PyPI, MIT), made from Unicode's confusables.txt 15.1
//                     (https://www.unicode.org/Public/security/15.1.0/confusables.txt, Unicode License v3)
//   OPENCC_FOLDER     opencc-js 1.4.2 (npm, MIT; dictionaries of OpenCC, Apache-2.0), unpacked
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Lookalikes = Readonly<Record<string, readonly { readonly c: string }[]>>;

const [confusablesFile, opencc] = process.argv.slice(2);
if (confusablesFile === undefined || opencc === undefined) throw new Error("usage: derive-text-tables.ts CONFUSABLES_JSON OPENCC_FOLDER");

/** Where several ASCII characters share one look, the letter that is meant most often. */
const PREFERRED = new Map([
  ["I", "l"],
  ["1", "l"],
  ["|", "l"],
  ["0", "o"],
  ["O", "o"],
]);

/** Scripts whose simple strokes look like signs, and digits, which have a value of their own. */
const NEVER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Nd}]/u;

function lookalikes(file: string): Map<string, string> {
  const all = JSON.parse(readFileSync(file, "utf8")) as Lookalikes;
  const map = new Map<string, string>();
  for (const [ascii, others] of Object.entries(all)) {
    const target = PREFERRED.get(ascii) ?? (ascii === "rn" ? "m" : ascii.toLowerCase());
    if (!/^[!-~]$/u.test(target)) continue;
    for (const { c } of others) {
      if ([...c].length !== 1 || c <= "\u007f" || NEVER.test(c) || !/[\p{L}\p{N}\p{P}\p{S}]/u.test(c)) continue;
      if (!map.has(c) || /[a-z]/u.test(target)) map.set(c, target);
    }
  }
  return withCases(map);
}

/** A capital that looks like a Latin one brings its small letter along: whoever writes "ВOMВ" writes "вomв" too. */
function withCases(map: Map<string, string>): Map<string, string> {
  const all = new Map(map);
  for (const [from, to] of map) {
    const small = from.toLowerCase();
    if (/[a-z]/u.test(to) && [...small].length === 1 && small > "\u007f" && !all.has(small)) all.set(small, to);
  }
  return all;
}

async function simplified(folder: string): Promise<Map<string, string>> {
  const dictionary = async (name: string): Promise<Map<string, string>> => {
    const module = (await import(pathToFileURL(join(folder, "dist", "esm-lib", "dict", `${name}.js`)).href)) as { default: string };
    const pairs = module.default.split("|").map((line) => line.split(" "));
    return new Map(pairs.flatMap(([from = "", to = ""]) => ([...from].length === 1 && [...to].length === 1 ? [[from, to]] : [])));
  };
  const plain = await dictionary("TSCharacters");
  const map = new Map(plain);
  for (const name of ["TWVariantsRev", "HKVariantsRev"]) {
    for (const [from, to] of await dictionary(name)) if (!map.has(from)) map.set(from, plain.get(to) ?? to);
  }
  // What something becomes stays what it is.
  for (const [from, first] of [...map]) {
    let to = first;
    for (let step = 0; step < 8 && map.has(to) && map.get(to) !== to; step += 1) to = map.get(to) ?? to;
    map.set(from, to);
  }
  for (const [from, to] of [...map]) if (from === to || map.get(to) === from) map.delete(from);
  return map;
}

function packed(map: ReadonlyMap<string, string>): string {
  const pairs = [...map].sort(([a], [b]) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  return JSON.stringify(pairs.map(([from, to]) => from + to).join(""));
}

const looks = lookalikes(confusablesFile);
const forms = await simplified(opencc);
const out = `// Written by scripts/derive-text-tables.ts; do not edit. Pairs of characters: what stands there, what it becomes.
// Confusables: Unicode 15.1, confusables.txt (Unicode License v3), by way of confusable_homoglyphs 3.3.1 (MIT).
// Simplified forms: OpenCC's dictionaries (Apache-2.0), by way of opencc-js 1.4.2 (MIT).
/** ${looks.size} characters that look like an ASCII one. */
export const LOOKALIKES: string =
  ${packed(looks)};
/** ${forms.size} characters that have a simplified form. */
export const SIMPLIFIED: string =
  ${packed(forms)};
`;
writeFileSync(join(import.meta.dirname, "..", "src", "text", "tables.generated.ts"), out);
process.stdout.write(`${looks.size} look-alikes, ${forms.size} simplified forms\n`);
