// Threads that measure shares side by side. One that takes too much time or memory is ended: its share counts as not read, and what it
// had counted before is measured anew by another.
import { Worker } from "node:worker_threads";
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import type { ShareOutcome } from "../../dataset/measure-file.ts";
import type { Tally } from "../../dataset/tally.ts";
import { threadUrl } from "../../rules/thread-url.ts";
import { answerBytes, errorOf } from "../remote-bytes.ts";
import type { FromMeasurer, MeasureSetup, MeasureTask, ToMeasurer } from "./protocol.ts";

/** Heap of one thread; sketches at their capacity take a tenth of it. */
const HEAP_MB = 1536;
/** Rows live shortly; more room for them is memory without speed. */
const YOUNG_MB = 16;
/** A share is read in seconds; what takes minutes was made to. */
const SHARE_MS = 300_000;

export interface PoolTask {
  readonly task: MeasureTask;
  readonly reader: ByteReader;
  /** What became of it; called once, when nothing can change it any more. */
  readonly settle: (outcome: ShareOutcome) => void;
}

export interface PoolOptions {
  readonly threads: number;
  readonly setup: MeasureSetup;
  readonly signal: AbortSignal;
  readonly progress: (done: number) => void;
}

/** Measures all tasks into a tally. @throws AjarError INTERRUPTED | BUG */
export async function measureInThreads(tasks: readonly PoolTask[], tally: Tally, options: PoolOptions): Promise<void> {
  const queue = [...tasks];
  const outcomes = new Map<PoolTask, ShareOutcome>();
  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const thread = new Thread(options);
      try {
        await runThread(thread, queue, outcomes, tally, options);
      } finally {
        await thread.end();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(options.threads, tasks.length)) }, run));
  for (const [task, outcome] of outcomes) task.settle(outcome);
}

/** Feeds one thread until nothing is left or it breaks. */
async function runThread(
  thread: Thread,
  queue: PoolTask[],
  outcomes: Map<PoolTask, ShareOutcome>,
  tally: Tally,
  { progress, signal }: PoolOptions,
): Promise<void> {
  const measured: PoolTask[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (signal.aborted) throw new AjarError("INTERRUPTED", "the audit was interrupted");
    const outcome = await thread.measure(next);
    if (outcome === null) {
      // Its counts are lost with it.
      outcomes.set(next, { problem: { code: "OVER_LIMIT", detail: "reading takes more time or memory than it may" }, isCut: false });
      queue.unshift(...measured);
      return;
    }
    outcomes.set(next, outcome);
    measured.push(next);
    progress(outcomes.size);
  }
  if (measured.length > 0) tally.merge(await thread.finish());
}

/** What a thread that has no share left may read. */
const DONE: ByteReader = {
  sizeBytes: 0,
  read: () => Promise.reject(new AjarError("BUG", "a thread that is done reads on")),
};

class Thread {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;

  constructor({ setup, signal }: PoolOptions) {
    this.#signal = signal;
    this.#worker = new Worker(threadUrl(new URL("./worker.ts", import.meta.url), "data-worker.cjs"), {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      env: {},
      stdin: false,
    });
    // Each talk listens for itself; without a listener between them an error would end the process.
    this.#worker.on("error", () => undefined);
  }

  /** Null when the thread broke. @throws AjarError INTERRUPTED | BUG */
  async measure({ task, reader }: PoolTask): Promise<ShareOutcome | null> {
    const answer = await this.#talk({ kind: "measure", task }, reader, SHARE_MS);
    return answer?.kind === "done" ? answer.outcome : null;
  }

  /** @throws AjarError INTERRUPTED | BUG */
  async finish(): Promise<Extract<FromMeasurer, { kind: "tally" }>["parts"]> {
    const answer = await this.#talk({ kind: "finish" }, null, SHARE_MS);
    if (answer?.kind !== "tally") throw new AjarError("BUG", "a measuring thread did not hand over its counts");
    return answer.parts;
  }

  async #talk(message: ToMeasurer, reader: ByteReader | null, limitMs: number): Promise<FromMeasurer | null> {
    return await new Promise((resolve, reject) => {
      const onMessage = (heard: FromMeasurer): void => {
        if (heard.kind === "read") void answerBytes(heard, reader ?? DONE, (told) => this.#worker.postMessage(told));
        else if (heard.kind === "failed") finish(() => reject(errorOf(heard.error)));
        else finish(() => resolve(heard));
      };
      const onError = (error: Error): void => {
        const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
        finish(() =>
          isMemory ? resolve(null) : reject(new AjarError("BUG", `a measuring thread failed: ${error.message}`, { cause: error })),
        );
      };
      const onAbort = (): void => finish(() => reject(new AjarError("INTERRUPTED", "the audit was interrupted")));
      const timer = setTimeout(() => finish(() => resolve(null)), limitMs);
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        this.#worker.off("message", onMessage).off("error", onError);
        this.#signal.removeEventListener("abort", onAbort);
        end();
      };
      this.#worker.on("message", onMessage).on("error", onError);
      this.#signal.addEventListener("abort", onAbort);
      if (this.#signal.aborted) onAbort();
      else this.#worker.postMessage(message);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
