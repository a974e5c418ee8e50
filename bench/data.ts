// npm run bench:data [-- --large]: how fast data are looked through, beside Presidio (PyPI) on the same rows in one run; whether time grows as
// the data do and memory does not; and what a second thread brings. Without --large the largest file has 200 MB, with it 2 GB; two threads
// are tried at 200 MB, and with it at 1 GB. The built program is measured, as its users run it, from its start to its end.
// Seconds of processor time stand beside those of the clock: on a machine that others use only the first can be compared.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FieldMatcher } from "../src/dataset/field-matcher.ts";
import { compilePatterns } from "../src/patterns/compile.ts";
import { pythonWith } from "../test/support/python.ts";

const program = join(import.meta.dirname, "..", "dist", "bin.cjs");
const MB = 1_000_000;
const PRESIDIO = ["presidio-analyzer==2.2.366"];
/** The six types that Presidio is asked for, by its names, and the rules that find them. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  CREDIT_CARD: ["personal/card", "personal/cn-bank-card"],
  EMAIL_ADDRESS: ["personal/email", "personal/email-role"],
  IBAN_CODE: ["personal/iban"],
  IP_ADDRESS: ["personal/ip4", "personal/ip6"],
  PHONE_NUMBER: ["personal/phone"],
  US_SSN: ["personal/us-ssn"],
};
/** Processor seconds for which the six are looked for again and again, so that a start is no part of the figure. */
const LEAST_CPU = 2;

interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly peakMb: number;
  /** Of the report. */
  readonly digest: string;
}

/** Tells what a process took when it ends; part of that process. */
const USAGE = `if (require("node:worker_threads").isMainThread) process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeFileSync(process.env.AJAR_BENCH_USAGE, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS * 1024 / 1e6 }));
});`;

/** One run of `ajar data` over all of a file. */
function apart(file: string, threads: number): Run {
  const [usage, preload] = [`${file}.usage.json`, `${file}.usage.cjs`];
  writeFileSync(preload, USAGE);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", preload, program, "data", file, "--rows", "full", "--jobs", String(threads), "--format", "json"],
    { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, AJAR_BENCH_USAGE: usage } },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  return { seconds, ...JSON.parse(readFileSync(usage, "utf8")), digest: createHash("sha256").update(stdout).digest("hex") };
}

const WORDS =
  "the committee will meet again on thursday to discuss budget of railway and new plans for northern line with engineers who built it long ago see below write call our office number order invoice street garden winter morning question answer because never always between under".split(
    " ",
  );

type Phrase = (row: number, random: (below: number) => number) => string;

/** What stands in each so manieth row, from the one of that number on. */
const PHRASES: readonly (readonly [every: number, at: number, phrase: Phrase])[] = [
  [20, 0, (row) => `mail anna.lee${row}@gmail.com`],
  [50, 0, (_, random) => `or call +1 212 555 ${String(1000 + random(9000))}`],
  [100, 0, () => "with card 4111 1111 1111 1111 please"],
  [100, 25, () => "to account GB82 WEST 1234 5698 7654 32 please"],
  [100, 50, (_, random) => `from server 93.184.${random(256)}.${random(256)} then`],
  [100, 75, (_, random) => `social security number 536-22-${1000 + random(9000)} stated`],
];

/** Rows of about a kilobyte, some of them with an address, a number or a card; the same each time. */
function write(file: string, bytes: number): void {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const out = openSync(file, "w");
  let written = 0;
  for (let row = 0; written < bytes; ) {
    let block = "";
    for (; block.length < MB && written + block.length < bytes; row += 1) {
      const words = Array.from({ length: 120 + random(80) }, () => WORDS[random(WORDS.length)]);
      for (const [every, at, phrase] of PHRASES) if (row % every === at) words.push(phrase(row, random));
      block += `${JSON.stringify({ text: words.join(" "), id: row })}\n`;
    }
    writeSync(out, block);
    written += block.length;
  }
  closeSync(out);
}

interface SameRun {
  readonly bytes: number;
  readonly cpu: number;
  readonly rows: Readonly<Record<string, number>>;
}

/** The six types alone, by the matcher that `ajar data` runs over each text, on the texts that Presidio is given. */
function six(file: string): SameRun {
  const texts = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((row): string => JSON.parse(row).text);
  const types = new Map(Object.entries(SAME).flatMap(([type, ids]) => ids.map((id) => [id, type] as const)));
  const once = (): Record<string, number> => {
    const rows: Record<string, number> = {};
    let open = new Set<string>();
    const matcher = new FieldMatcher(compiled, ({ hits }) => {
      open = new Set(hits.map(({ pattern }) => types.get(pattern) ?? pattern));
    });
    for (const [index, text] of texts.entries()) {
      matcher.push({ name: "/text", text }, { index, mayGoOn: false });
      for (const type of open) rows[type] = (rows[type] ?? 0) + 1;
      matcher.end();
    }
    return rows;
  };
  const compiled = compilePatterns({ only: [...types.keys()] });
  const rows = once();
  const before = process.cpuUsage();
  let passes = 0;
  let cpu = 0;
  for (; cpu < LEAST_CPU; passes += 1) {
    once();
    const { user, system } = process.cpuUsage(before);
    cpu = (user + system) / MB;
  }
  return { bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0), cpu: cpu / passes, rows };
}

function compareSix(own: SameRun, other: SameRun): void {
  const rate = ({ bytes, cpu }: SameRun): number => bytes / MB / cpu;
  const finds = Object.keys(SAME).map((type) => `${type} ${own.rows[type] ?? 0} and ${other.rows[type] ?? 0}`);
  const same = Object.keys(SAME).every((type) => own.rows[type] === other.rows[type]);
  console.log(
    `the same six types alone, processor time: ajar ${rate(own).toFixed(1)} MB/s, presidio ${rate(other).toFixed(2)} MB/s: ${(rate(own) / rate(other)).toFixed(0)} times as fast (target 20)`,
  );
  console.log(`rows with each, ajar and presidio: ${finds.join(", ")}: ${same ? "the same" : "NOT the same"}`);
}

function presidio(
  file: string,
): { readonly bytes: number; readonly seconds: number; readonly cpu: number; readonly rows: Record<string, number> } | null {
  const python = pythonWith(...PRESIDIO);
  if (python === null) return null;
  const run = spawnSync(python, [join(import.meta.dirname, "data.py"), file], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "");
}

function line(name: string, bytes: number, { seconds, cpu, peakMb }: Omit<Run, "digest">): void {
  const rate = (time: number): string => (bytes / MB / time).toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(24)} ${seconds.toFixed(2).padStart(8)} s ${rate(seconds)} MB/s   cpu ${cpu.toFixed(2).padStart(7)} s ${rate(cpu)} MB/s   peak ${peakMb.toFixed(0).padStart(5)} MB`,
  );
}

interface Sized {
  readonly size: number;
  readonly run: Run;
}

/** @returns processor seconds a megabyte, beyond the start: by the smallest file and the largest, which the ones between are held against */
function tellGrowth(runs: readonly Sized[], first: Sized, last: Sized): number {
  const slope = (last.run.cpu - first.run.cpu) / (last.size - first.size);
  const start = first.run.cpu - slope * first.size;
  console.log(
    `a start takes ${start.toFixed(2)} s of processor time; beyond it a megabyte takes ${(1000 * slope).toFixed(1)} ms, ${(1 / slope).toFixed(1)} MB/s`,
  );
  const beyond = runs.slice(1).map(({ size, run }) => `${(size / (run.cpu - start)).toFixed(1)} at ${size} MB`);
  console.log(`MB/s beyond the start: ${beyond.join(", ")}`);
  const ratio = last.size / last.run.cpu / (first.size / first.run.cpu);
  console.log(`MB/s at ${last.size} MB to that at ${first.size} MB, start and all: ${ratio.toFixed(2)}`);
  console.log(`memory: ${(last.run.peakMb / first.run.peakMb).toFixed(2)} times as much for ${last.size / first.size} times the data`);
  return slope;
}

function tellThreads({ size, run }: Sized, two: Run): void {
  line(`ajar, ${size} MB, 2 threads`, size * MB, two);
  const same = run.digest === two.digest ? "the same report" : "ANOTHER REPORT";
  console.log(
    `two threads at ${size} MB: ${(run.seconds / two.seconds).toFixed(2)} times one by the clock (target 1.8), ${(two.cpu / run.cpu).toFixed(2)} times its processor time, ${same}`,
  );
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "ajar-bench-data-"));
  try {
    const isLarge = process.argv.includes("--large");
    const sizes = isLarge ? [10, 100, 200, 1000, 2000] : [10, 50, 200];
    const withTwo = isLarge ? [200, 1000] : [200];
    const file = join(folder, "rows.jsonl");
    write(file, 2 * MB);
    line("ajar, 2 MB", 2 * MB, apart(file, 1));
    const other = presidio(file);
    if (other !== null) {
      line("presidio, 2 MB", other.bytes, { ...other, peakMb: 0 });
      compareSix(six(file), other);
    }
    const runs: Sized[] = [];
    for (const size of sizes) {
      write(file, size * MB);
      const run = apart(file, 1);
      runs.push({ size, run });
      line(`ajar, ${size} MB, 1 thread`, size * MB, run);
      if (withTwo.includes(size)) tellThreads({ size, run }, apart(file, 2));
    }
    const [first, last] = [runs[0], runs.at(-1)];
    if (first === undefined || last === undefined) return;
    const slope = tellGrowth(runs, first, last);
    if (other !== null)
      console.log(`beside presidio, processor time per byte: ${(other.cpu / other.bytes / (slope / MB)).toFixed(0)} times as fast`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!existsSync(program)) throw new Error("dist/bin.cjs is missing: run `npm run build`");
main();
