// Prints precision, recall and F1 of structured personal data beside Presidio's (PyPI), on the same labelled sentences in one
// run, and false alarms on text that holds no personal data.
//   npm run compare-personal [-- folder of the labelled sets] [-- --misses]
// A hit counts when it overlaps a label of its type. Presidio runs with its own recognisers of these types and a blank
// pipeline of spaCy: they need no model of a language.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compilePatterns } from "../src/patterns/compile.ts";
import { patternRules } from "../src/patterns/rule.ts";
import { pythonWith } from "../test/support/python.ts";

const PRESIDIO = ["presidio-analyzer==2.2.366"];

/** Types of the labels, which are Presidio's names, and the rules that find them. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  EMAIL_ADDRESS: ["personal/email", "personal/email-role"],
  PHONE_NUMBER: ["personal/phone"],
  CREDIT_CARD: ["personal/card", "personal/cn-bank-card"],
  IBAN_CODE: ["personal/iban"],
  US_SSN: ["personal/us-ssn"],
  IP_ADDRESS: ["personal/ip4", "personal/ip6"],
};

interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Labelled {
  readonly text: string;
  readonly spans: readonly Span[];
}

type Finder = (texts: readonly string[]) => readonly (readonly Span[])[];

const args = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const root = args[0] ?? new URL("../../shared/corpus/data-audit", import.meta.url).pathname;
if (!existsSync(root)) {
  console.error(`${root} is not there: nothing to compare with`);
  process.exit(2);
}

function readLabelled(): readonly Labelled[] {
  const entries = JSON.parse(readFileSync(join(root, "pii", "presidio-research-synth_dataset_v2.json"), "utf8"));
  return entries.map((entry: { full_text: string; spans: { entity_type: string; start_position: number; end_position: number }[] }) => ({
    text: entry.full_text,
    spans: entry.spans.map((span) => ({
      type: span.entity_type,
      start: unitsOf(entry.full_text, span.start_position),
      end: unitsOf(entry.full_text, span.end_position),
    })),
  }));
}

/** Labels count code points. */
function unitsOf(text: string, points: number): number {
  return [...text].slice(0, points).join("").length;
}

/** Values of every row of GSM8K's test set: numbers in sentences, of nobody. */
function readPlain(): readonly string[] {
  const lines = readFileSync(join(root, "benchmarks", "gsm8k-test.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => Object.values(JSON.parse(line)).join("\n"));
}

const types = new Map(Object.entries(TYPES).flatMap(([type, ids]) => ids.map((id) => [id, type] as const)));
const patterns = compilePatterns({ areas: ["personal"] });

const ajar: Finder = (texts) =>
  texts.map((text) => patterns.find(text).map(({ pattern, start, end }) => ({ type: types.get(pattern) ?? pattern, start, end })));

const presidio: Finder = (texts) => {
  const python = pythonWith(...PRESIDIO);
  if (python === null) return [];
  const script = join(import.meta.dirname, "presidio_personal.py");
  const input = JSON.stringify({ types: Object.keys(TYPES), texts });
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

interface Tally {
  found: number;
  labels: number;
  alarms: number;
}

function overlaps(a: Span, b: Span): boolean {
  return a.type === b.type && a.start < b.end && b.start < a.end;
}

function tally(type: string, labelled: readonly Labelled[], all: readonly (readonly Span[])[]): Tally {
  const sum: Tally = { found: 0, labels: 0, alarms: 0 };
  labelled.forEach(({ text, spans }, at) => {
    const labels = spans.filter((span) => span.type === type);
    const hits = (all[at] ?? []).filter((span) => span.type === type);
    const missed = labels.filter((label) => !hits.some((hit) => overlaps(hit, label)));
    const alarms = hits.filter((hit) => !labels.some((label) => overlaps(hit, label)));
    sum.labels += labels.length;
    sum.found += labels.length - missed.length;
    sum.alarms += alarms.length;
    if (process.argv.includes("--misses") && all === found.ajar)
      for (const span of [...missed, ...alarms])
        console.log(
          `${missed.includes(span) ? "missed" : "alarm "} ${type} ${JSON.stringify(text.slice(Math.max(0, span.start - 30), span.end + 20))}`,
        );
  });
  return sum;
}

function figures({ found: right, labels, alarms }: Tally): readonly [precision: number, recall: number, f1: number] {
  const precision = right + alarms === 0 ? 0 : right / (right + alarms);
  const recall = right / labels;
  return [precision, recall, right === 0 ? 0 : (2 * precision * recall) / (precision + recall)];
}

const labelled = readLabelled();
const texts = labelled.map(({ text }) => text);
const found = { ajar: ajar(texts), presidio: presidio(texts) };
const cell = (value: number): string => value.toFixed(3);
console.log("| type | labels | Ajar precision | recall | F1 | Presidio precision | recall | F1 |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
let isBetter = true;
for (const type of Object.keys(TYPES)) {
  const ours = tally(type, labelled, found.ajar);
  const [ourFigures, theirs] = [figures(ours), figures(tally(type, labelled, found.presidio))];
  isBetter &&= found.presidio.length === 0 || ourFigures[2] >= theirs[2];
  const theirCells = found.presidio.length === 0 ? ["-", "-", "-"] : theirs.map(cell);
  console.log(`| ${[type, ours.labels, ...ourFigures.map(cell), ...theirCells].join(" | ")} |`);
}
const plain = readPlain();
const megabytes = Buffer.byteLength(plain.join("\n")) / 1e6;
const grave = new Set(
  patternRules()
    .filter(({ level }) => level === "high")
    .map(({ id }) => id),
);
const alarms = plain.flatMap((text) => patterns.find(text));
const theirAlarms = presidio(plain).flat().length;
console.log(
  `GSM8K, ${megabytes.toFixed(2)} MB: ${alarms.filter(({ pattern }) => grave.has(pattern)).length} alarms of high-level rules, ` +
    `${alarms.length} of all rules of personal data, ${theirAlarms} of Presidio's six types`,
);
if (!isBetter) process.exitCode = 1;
