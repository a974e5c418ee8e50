// npm run bench:data [-- --large]: how fast data are looked through, beside Presidio (PyPI) on the same rows in one run; whether time grows as
// the data do and memory does not; and what a second thread brings. Without --large the largest file has 200 MB, with it 2 GB.
// Seconds of processor time stand beside those of the clock: on a machine that others use only the first can be compared.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditContext } from "../src/audit/context.ts";
import { data } from "../src/audit/data/data.ts";
import { pythonWith } from "../test/support/python.ts";

const MB = 1_000_000;
const PRESIDIO = ["presidio-analyzer==2.2.366"];
/** Rules of the six types that Presidio is asked for. */
const SAME = ["personal/card", "personal/email", "personal/iban", "personal/ip4", "personal/phone", "personal/us-ssn"];

interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly peakMb: number;
  readonly rules: Readonly<Record<string, number>>;
}

async function measure(file: string, threads: number): Promise<Run> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const started = performance.now();
  const before = process.cpuUsage();
  const context = auditContext({ env: {}, cwd: process.cwd(), limits: { maxBytes: Number.MAX_SAFE_INTEGER } });
  const report = await data({ references: [`file:${file}`], rows: "full", threads, overlap: null, include: [], exclude: [], context });
  const { user, system } = process.cpuUsage(before);
  clearInterval(timer);
  peak = Math.max(peak, process.memoryUsage().rss);
  const rules = Object.fromEntries(report.rules.map(({ rule, rows }) => [rule, rows]));
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / MB, peakMb: peak / MB, rules };
}

/** In a process of its own, so that its memory is its own. */
function apart(file: string, threads: number): Run {
  const run = spawnSync(process.execPath, [import.meta.filename, "--one", file, String(threads)], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Run;
}

const WORDS =
  "the committee will meet again on thursday to discuss budget of railway and new plans for northern line with engineers who built it long ago see below write call our office number order invoice street garden winter morning question answer because never always between under".split(
    " ",
  );

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
      if (row % 20 === 0) words.push(`mail anna.lee${row}@gmail.com`);
      if (row % 50 === 0) words.push(`or call +1 212 555 ${String(1000 + random(9000))}`);
      if (row % 100 === 0) words.push("with card 4111 1111 1111 1111 please");
      block += `${JSON.stringify({ text: words.join(" "), id: row })}\n`;
    }
    writeSync(out, block);
    written += block.length;
  }
  closeSync(out);
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

function line(name: string, bytes: number, { seconds, cpu, peakMb }: Run): void {
  const rate = (time: number): string => (bytes / MB / time).toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(24)} ${seconds.toFixed(2).padStart(8)} s ${rate(seconds)} MB/s   cpu ${cpu.toFixed(2).padStart(7)} s ${rate(cpu)} MB/s   peak ${peakMb.toFixed(0).padStart(5)} MB`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ajar-bench-data-"));
  try {
    const sizes = process.argv.includes("--large") ? [10, 100, 500, 2000] : [10, 50, 200];
    const file = join(folder, "rows.jsonl");
    write(file, 2 * MB);
    const own = apart(file, 1);
    line("ajar, 2 MB", 2 * MB, own);
    const other = presidio(file);
    if (other !== null) {
      line("presidio, 2 MB", other.bytes, { ...other, peakMb: 0, rules: {} });
      console.log(
        `rows found: ajar ${SAME.map((rule) => `${rule} ${own.rules[rule] ?? 0}`).join(", ")}; presidio ${JSON.stringify(other.rows)}`,
      );
    }
    const runs = sizes.map((size) => {
      write(file, size * MB);
      const run = apart(file, 1);
      line(`ajar, ${size} MB, 1 thread`, size * MB, run);
      return { size, run };
    });
    const last = runs.at(-1);
    const first = runs[0];
    if (last === undefined || first === undefined) return;
    const two = apart(file, 2);
    line(`ajar, ${last.size} MB, 2 threads`, last.size * MB, two);
    console.log(`two threads: ${(last.run.seconds / two.seconds).toFixed(2)} times one by the clock`);
    const slope = (last.run.cpu - first.run.cpu) / (last.size - first.size);
    console.log(`per megabyte beyond the start: ${(1000 * slope).toFixed(1)} ms of processor time, ${(1 / slope).toFixed(1)} MB/s`);
    console.log(`memory: ${(last.run.peakMb / first.run.peakMb).toFixed(2)} times as much for ${last.size / first.size} times the data`);
    if (other !== null)
      console.log(`beside presidio, processor time per byte: ${(other.cpu / other.bytes / (slope / MB)).toFixed(0)} times as fast`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const one = process.argv.indexOf("--one");
if (one === -1) await main();
else writeFileSync(1, JSON.stringify(await measure(process.argv[one + 1] ?? "", Number(process.argv[one + 2] ?? 1))));
