// npm run bench:duplicates: near duplicates among made-up texts whose copies are known, under Ajar and datasketch (PyPI) with the same bands.
// Copies have some words replaced, dropped or added; a pair counts as one where its shingles of five words are similar to 0.7 and more.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MinHash } from "../src/dataset/near/minhash.ts";
import { NearTable } from "../src/dataset/near/near-table.ts";
import { Tokens } from "../src/dataset/text/tokens.ts";
import { pythonWith } from "../test/support/python.ts";

const DATASKETCH = ["datasketch==2.0.0"];
const TEXTS = 3000;
const COPIES = 3;
const SHINGLE = 5;
const LEAST = 0.7;

let state = 7;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const vocabulary = Array.from({ length: 5000 }, (_, at) => `w${at.toString(36)}`);
const word = (): string => vocabulary[Math.min(random(5000), random(5000))] ?? "";

function changed(words: readonly string[], share: number): readonly string[] {
  return words.flatMap((one) => {
    if (random(10_000) >= share * 10_000) return [one];
    const kind = random(3);
    return kind === 0 ? [word()] : kind === 1 ? [] : [one, word()];
  });
}

/** Texts with the number of the original that each is made from. */
function make(): readonly { readonly words: readonly string[]; readonly family: number }[] {
  return Array.from({ length: TEXTS }, (_, family) => {
    const words = Array.from({ length: 60 + random(300) }, word);
    const copies = family % 3 === 0 ? Array.from({ length: COPIES }, (__, at) => changed(words, [0.005, 0.02, 0.08][at] ?? 0)) : [];
    return [words, ...copies].map((one) => ({ words: one, family }));
  }).flat();
}

function shingles(words: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 0; at + SHINGLE <= words.length; at += 1) found.add(words.slice(at, at + SHINGLE).join(" "));
  return found;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const one of a) if (b.has(one)) both += 1;
  return both / (a.size + b.size - both);
}

const texts = make();
const sets = texts.map(({ words }) => shingles(words));
const truth = new Set<string>();
/** Texts of different families share no shingle worth speaking of. */
for (let a = 0; a < texts.length; a += 1) {
  for (let b = a + 1; b < texts.length && texts[b]?.family === texts[a]?.family; b += 1) {
    if (jaccard(sets[a] ?? new Set(), sets[b] ?? new Set()) >= LEAST) truth.add(`${a} ${b}`);
  }
}

function ajar(): ReadonlySet<string> {
  const table = new NearTable();
  const tokens = new Tokens();
  const minhash = new MinHash();
  /** Texts by key: equal ones are one row of the table. */
  const keys = new Map<string, number[]>();
  for (const [at, { words }] of texts.entries()) {
    tokens.start();
    tokens.push(words.join(" "));
    tokens.end();
    if (!minhash.compute(tokens)) continue;
    table.add(tokens.key, minhash);
    const key = tokens.key.subarray(0, 3).join();
    keys.set(key, [...(keys.get(key) ?? []), at]);
  }
  const pairs = new Set<string>();
  for (const group of [...table.groups(), ...[...keys.keys()].map((key) => [key])]) {
    const numbers = group.flatMap((key) => keys.get(key) ?? []).sort((a, b) => a - b);
    for (const [at, a] of numbers.entries()) for (const b of numbers.slice(at + 1)) pairs.add(`${a} ${b}`);
  }
  return pairs;
}

const PYTHON = `
import json, sys
from datasketch import MinHash, MinHashLSH
texts = json.load(open(sys.argv[1]))
lsh, hashes = MinHashLSH(num_perm=112, params=(14, 8)), []
for at, words in enumerate(texts):
    one = MinHash(num_perm=112, seed=1)
    one.update_batch([" ".join(words[i:i + ${SHINGLE}]).encode() for i in range(max(0, len(words) - ${SHINGLE} + 1))])
    hashes.append(one)
    lsh.insert(at, one)
pairs, checked = set(), set()
for at, one in enumerate(hashes):
    for other in lsh.query(one):
        if other > at:
            pairs.add((at, other))
            if one.jaccard(hashes[other]) >= ${LEAST}:
                checked.add((at, other))
print(json.dumps([[f"{a} {b}" for a, b in sorted(pairs)], [f"{a} {b}" for a, b in sorted(checked)]]))
`;

function datasketch(): readonly (readonly string[])[] | null {
  const python = pythonWith(...DATASKETCH);
  if (python === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "ajar-bench-duplicates-"));
  try {
    writeFileSync(join(folder, "texts.json"), JSON.stringify(texts.map(({ words }) => words)));
    const run = spawnSync(python, ["-c", PYTHON, join(folder, "texts.json")], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(name: string, pairs: ReadonlySet<string>, seconds: number): void {
  let right = 0;
  for (const pair of pairs) if (truth.has(pair)) right += 1;
  const precision = right / Math.max(1, pairs.size);
  const recall = right / truth.size;
  console.log(
    `${name.padEnd(34)} recall ${recall.toFixed(3)}  precision ${precision.toFixed(3)}  F1 ${((2 * precision * recall) / (precision + recall)).toFixed(3)}  ${seconds.toFixed(2)} s`,
  );
}

console.log(`${texts.length} texts, ${truth.size} pairs of similarity ${LEAST} and more`);
const started = performance.now();
tell("ajar", ajar(), (performance.now() - started) / 1000);
const before = performance.now();
const other = datasketch();
const took = (performance.now() - before) / 1000;
if (other !== null) {
  tell("datasketch 2.0.0, 14 bands of 8", new Set(other[0]), took);
  tell("datasketch, similarity checked", new Set(other[1]), took);
}
