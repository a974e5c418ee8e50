// Feeds a reader mutated files until it falls over, hangs or eats memory, or all runs are done.
// usage: node scripts/fuzz.ts [--reader NAME]... [--runs N] [--seed N] [--only RUN] [--keep FOLDER]
// Readers run in a worker, so that one that never comes back is found: the worker says which run it is at.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { emptyTally, type FuzzTally, fuzz, MAX_RUN_MS, mutantOf, outcomeOf, timeOf } from "../test/fuzz/run.ts";
import { fuzzTargets } from "../test/fuzz/targets.ts";

/** Resident memory of the whole process, in bytes, reader, harness and Node itself. */
const MAX_RSS = 256 * 1024 * 1024;
/** A busy machine may stop a worker for a while; only what stays away this long is given up. */
const GIVE_UP_MS = 20_000;
const BATCH = 2000;

interface Job {
  readonly name: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** One number, written before each run. */
  readonly place: SharedArrayBuffer;
}

interface Verdict {
  readonly tally: FuzzTally;
  readonly hung: number | null;
  readonly peakRss: number;
  readonly seconds: number;
}

async function work({ name, seed, from, to, place }: Job): Promise<void> {
  const target = (await fuzzTargets()).get(name);
  if (target === undefined) throw new Error(`there is no reader ${name}`);
  const at = new Int32Array(place);
  const tally = emptyTally();
  for (let run = from; run < to && tally.crashes.length === 0; run += BATCH) {
    const before = (number: number): void => {
      at[0] = number;
    };
    await fuzz(target, { seed, from: run, to: Math.min(run + BATCH, to), before }, tally);
    parentPort?.postMessage({ ...tally, done: false });
  }
  parentPort?.postMessage({ ...tally, done: true });
}

async function supervise(name: string, seed: number, runs: number): Promise<Verdict> {
  const place = new SharedArrayBuffer(4);
  const at = new Int32Array(place);
  const started = performance.now();
  const worker = new Worker(import.meta.filename, {
    workerData: { name, seed, from: 0, to: runs, place } satisfies Job,
    // Small, so that garbage of a thousand runs does not pass for memory of one.
    resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
  });
  let tally = emptyTally();
  let peakRss = 0;
  let last = -1;
  let since = performance.now();
  const hung = await new Promise<number | null>((resolve, reject) => {
    const watch = setInterval(() => {
      peakRss = Math.max(peakRss, process.memoryUsage.rss());
      const run = at[0] ?? 0;
      if (run !== last) [last, since] = [run, performance.now()];
      else if (performance.now() - since > GIVE_UP_MS) finish(run);
    }, 20);
    const finish = (run: number | null): void => {
      clearInterval(watch);
      void worker.terminate();
      resolve(run);
    };
    worker.on("message", (message: FuzzTally & { readonly done: boolean }) => {
      tally = message;
      if (message.done) finish(null);
    });
    worker.on("error", (error) => {
      clearInterval(watch);
      reject(new Error(`run ${at[0]} of ${name} ended the worker: ${String(error)}`));
    });
  });
  return { tally, hung, peakRss, seconds: (performance.now() - started) / 1000 };
}

async function repeat(name: string, seed: number, run: number, keep: string | undefined): Promise<void> {
  const target = (await fuzzTargets()).get(name);
  if (target === undefined) throw new Error(`there is no reader ${name}`);
  const bytes = mutantOf(target, seed, run);
  if (keep !== undefined) {
    mkdirSync(join(keep, name), { recursive: true });
    writeFileSync(join(keep, name, `seed${seed}-run${run}.bin`), bytes);
  }
  const outcome = await outcomeOf(target, bytes);
  console.log(`${name} run ${run}: ${bytes.length} bytes, ${(await timeOf(target, bytes)).toFixed(1)} ms, ${JSON.stringify(outcome)}`);
}

interface Options {
  readonly reader?: readonly string[];
  readonly runs: string;
  readonly seed: string;
  readonly only?: string;
  readonly keep?: string;
}

/** Each reader in a process of its own: memory that one leaves behind is not the next one's. */
function apart(names: readonly string[], { runs, seed, only, keep }: Options): void {
  const rest = [
    "--runs",
    runs,
    "--seed",
    seed,
    ...(only === undefined ? [] : ["--only", only]),
    ...(keep === undefined ? [] : ["--keep", keep]),
  ];
  for (const name of names) {
    const { status } = spawnSync(process.execPath, [import.meta.filename, "--reader", name, ...rest], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

function report(name: string, { tally, hung, peakRss, seconds }: Verdict): void {
  const failed = hung !== null || tally.crashes.length > 0 || peakRss > MAX_RSS;
  if (failed) process.exitCode = 1;
  const total = tally.read + tally.refused + tally.crashes.length;
  console.log(
    `${name}: ${failed ? "FAILED" : "ok"}, ${total} runs in ${seconds.toFixed(0)} s, ${tally.read} read, ${tally.refused} refused, ` +
      `slowest ${tally.slowestMs.toFixed(0)} ms (limit ${MAX_RUN_MS}), peak ${Math.round(peakRss / 1024 ** 2)} MiB (limit ${MAX_RSS / 1024 ** 2})`,
  );
  if (hung !== null) console.log(`  run ${hung} never came back`);
  for (const { run, what } of tally.crashes) console.log(`  run ${run}: ${what}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      reader: { type: "string", multiple: true },
      runs: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      keep: { type: "string" },
    },
  });
  const names = values.reader ?? [...(await fuzzTargets()).keys()];
  const [name] = names;
  if (name === undefined || names.length > 1) return apart(names, values);
  const seed = Number(values.seed);
  if (values.only !== undefined) return await repeat(name, seed, Number(values.only), values.keep);
  report(name, await supervise(name, seed, Number(values.runs)));
}

if (isMainThread) await main();
else await work(workerData as Job);
