// Workers: what two `ajar worker` processes finish against one, on audits that wait for a host and on a real PostgreSQL of the run's own.
// Usage: npm run bench:workers (after npm run build) [-- JOBS DELAY_MS PARALLEL]   (default 48 250 2)
// Both sides have the same `--parallel` a worker. Pairs of runs, one after the other, so that other work on the machine hits both sides alike.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openPostgres } from "../src/catalogue/postgres.ts";
import { Catalogue } from "../src/catalogue/store.ts";
import { SharedQueue } from "../src/jobs/shared-queue.ts";
import { StubHub } from "../test/hub/stub-server.ts";
import { repository } from "../test/hub/support.ts";
import { hasPostgres, startPostgres } from "../test/support/postgres.ts";

const program = join(import.meta.dirname, "../dist/bin.cjs");
if (!existsSync(program)) throw new Error("dist/bin.cjs is missing: run `npm run build`");
if (!hasPostgres) throw new Error("PostgreSQL is not installed");

const numbers = process.argv
  .slice(2)
  .map(Number)
  .filter((value) => Number.isInteger(value));
const [jobs = 48, delayMs = 250, parallel = 2] = numbers;
const PAIRS = 3;
const TARGET = 1.8;
/** A limit that no run reaches: what is measured is workers, not the host's patience. */
const RATE = 10_000;
const POLL_MS = 20;
/** Audits of each run before the clock starts, so that every worker has loaded what it needs. */
const warmUp = 4 * parallel;

const names = Array.from({ length: warmUp + jobs }, (_, index) => `acme/model-${index}`);
const hub = await StubHub.start(names.map((name) => repository({ key: `models/${name}` })));
hub.delayMs = delayMs;
const server = await startPostgres();
const alive = new Set<ChildProcess>();
let databases = 0;

function startWorker(url: string): ChildProcess {
  const env = { ...process.env, AJAR_DATABASE_URL: url, HF_ENDPOINT: hub.endpoint, NO_COLOR: "1" };
  const worker = spawn(process.execPath, [program, "worker", "--rate", String(RATE), "--parallel", String(parallel)], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  alive.add(worker);
  worker.on("exit", () => alive.delete(worker));
  return worker;
}

async function done(queue: SharedQueue, count: number, running: readonly ChildProcess[]): Promise<void> {
  while ((await queue.counts()).done < count) {
    const ended = running.find(({ exitCode }) => exitCode !== null);
    if (ended !== undefined) throw new Error(`a worker ended with ${ended.exitCode}`);
    await wait(POLL_MS);
  }
}

/** Audits a second that so many workers finish. @throws when one was lost or done twice */
async function throughput(workers: number): Promise<number> {
  databases += 1;
  const url = server.database(`workers_${databases}`);
  const queue = await SharedQueue.open(url);
  const running: ChildProcess[] = [];
  try {
    for (const name of names.slice(0, warmUp)) await queue.enqueue({ target: `hf:${name}` });
    for (let index = 0; index < workers; index += 1) running.push(startWorker(url));
    await done(queue, warmUp, running);
    const start = performance.now();
    await queue.enqueueAll(names.slice(warmUp).map((name) => ({ target: `hf:${name}` })));
    await done(queue, names.length, running);
    const seconds = (performance.now() - start) / 1000;
    const catalogue = await Catalogue.open(openPostgres(url, 2));
    const size = await catalogue.size();
    await catalogue.close();
    if (size.reports !== names.length) throw new Error(`${size.reports} reports of ${names.length} audits`);
    return jobs / seconds;
  } finally {
    await queue.close();
    const left = running.filter(({ exitCode }) => exitCode === null);
    const ended = left.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    for (const worker of left) worker.kill("SIGTERM");
    await Promise.all(ended);
  }
}

try {
  const asked = hub.seen.length;
  const ratios: number[] = [];
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const one = await throughput(1);
    const two = await throughput(2);
    ratios.push(two / one);
    console.log(`${pair}. one worker ${one.toFixed(2)} audits a second, two ${two.toFixed(2)}: ${(two / one).toFixed(2)} times`);
  }
  const requests = (hub.seen.length - asked) / (2 * PAIRS * names.length);
  const ratio = [...ratios].sort((a, b) => a - b)[Math.floor(PAIRS / 2)] ?? 0;
  console.log(`${jobs} audits of ${requests.toFixed(1)} requests, ${delayMs} ms each, ${parallel} at a time in a worker`);
  console.log(`two workers finish ${ratio.toFixed(2)} times the work of one (median of ${PAIRS}, target ${TARGET})`);
  if (ratio < TARGET && process.argv.includes("--check")) process.exitCode = 1;
} finally {
  for (const worker of alive) worker.kill("SIGKILL");
  await hub.close();
  server.remove();
}
