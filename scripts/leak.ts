// Runs made-up streams with words that must not get through, plain and disguised, through the screens of the gate.
// usage: npm run leak -- [--streams 1000000] [--from 0]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { LEAK_POLICY, leakOf, makeStream } from "../test/gate/leak-streams.ts";
import { callOf, screenOf } from "../test/support/screens.ts";

/** Streams that one thread runs before it says how far it is. */
const BATCH = 1000;

interface Share {
  readonly from: number;
  readonly to: number;
}

type News = { readonly done: number } | { readonly leak: string };

async function runShare({ from, to }: Share): Promise<void> {
  const screen = screenOf(LEAK_POLICY);
  for (let seed = from; seed < to; seed += 1) {
    const made = makeStream(seed);
    const call = callOf(made.endpoint);
    await screen.request(call, { n: made.answers.length });
    const problem = await leakOf(made, screen.stream(call));
    if (problem !== null) parentPort?.postMessage({ leak: `stream ${seed}, ${made.endpoint}: ${problem}` } satisfies News);
    if ((seed - from + 1) % BATCH === 0 || seed + 1 === to) parentPort?.postMessage({ done: ((seed - from) % BATCH) + 1 } satisfies News);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { streams: { type: "string", default: "1000000" }, from: { type: "string", default: "0" } } });
  const streams = Number(values.streams);
  const from = Number(values.from);
  if (!Number.isInteger(streams) || streams < 1 || !Number.isInteger(from) || from < 0)
    throw new Error("--streams and --from are whole numbers");
  const threads = Math.min(availableParallelism(), streams);
  const began = performance.now();
  let done = 0;
  let leaks = 0;
  const shares = Array.from({ length: threads }, (_, at): Share => {
    const edge = (part: number): number => from + Math.floor((streams * part) / threads);
    return { from: edge(at), to: edge(at + 1) };
  });
  await Promise.all(
    shares.map(
      (share) =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: share });
          worker.on("message", (news: News) => {
            if ("leak" in news) {
              leaks += 1;
              process.stdout.write(`${news.leak}\n`);
              return;
            }
            const before = Math.floor(done / PROGRESS);
            done += news.done;
            if (Math.floor(done / PROGRESS) > before)
              process.stderr.write(`${done} streams, ${leaks} leaks, ${Math.round((done * 1000) / (performance.now() - began))}/s\n`);
          });
          worker.on("error", reject);
          worker.on("exit", () => resolve());
        }),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${done} streams (seeds ${from} to ${from + streams - 1}), ${leaks} leaks, ${seconds.toFixed(0)} s, ${Math.round(done / seconds)}/s on ${threads} threads\n`,
  );
  if (leaks > 0 || done !== streams) process.exitCode = 1;
}

const PROGRESS = 50_000;

if (isMainThread) await main();
else await runShare(workerData as Share);
