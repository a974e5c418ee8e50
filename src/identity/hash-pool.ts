// Hashes files of this machine, several at a time where there are cores for it.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AjarError, type ErrorCode, type ErrorDetails } from "../core/errors.ts";
import { threadUrl } from "../rules/thread-url.ts";
import { loadHasher } from "./hashers.ts";
import { type HashRequest, hashLocal } from "./local-hash.ts";
import type { SweepResult } from "./sweep.ts";
import { DIGEST_BYTES } from "./tensor-digest.ts";

/** What a thread answers to a request: the result, or an AjarError in parts. */
export type HashAnswer =
  | { readonly result: SweepResult }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } };

export interface HashPoolOptions {
  readonly signal: AbortSignal;
  /** Told the bytes hashed so far, some times a second. */
  readonly watch?: (bytes: number) => void;
  /** Threads at most; as many as there are cores to run on when absent. */
  readonly threads?: number;
}

/** More would only wait for the disk. */
const MAX_THREADS = 8;
/** Below this a thread takes longer to start than the hashing lasts. */
const SMALL_BYTES = 16 * 1024 ** 2;
const WATCH_MS = 200;

interface Waiting {
  readonly request: HashRequest;
  readonly settle: (outcome: Promise<SweepResult>) => void;
}

/** Digests of all requests, in their order; an AjarError in place of a result says why one file has none. @throws AjarError INTERRUPTED */
export async function hashFiles(requests: readonly HashRequest[], options: HashPoolOptions): Promise<readonly (SweepResult | AjarError)[]> {
  const bytes = requests.reduce((sum, request) => sum + request.bytes.length, 0);
  const threads = Math.min(options.threads ?? availableParallelism(), MAX_THREADS);
  for (const algorithm of new Set(requests.map((request) => request.algorithm))) await loadHasher(algorithm);
  if (bytes < SMALL_BYTES) return hashHere(requests, options.signal);
  const pool = new HashPool(threads, options);
  try {
    const shares = requests.map((request) => sharesOf(request, requests.length < threads ? threads : 1));
    // The largest first: a small one never keeps all others waiting at the end.
    const order = shares.flat().sort((a, b) => b.bytes.length - a.bytes.length);
    const results = new Map(order.map((share) => [share, pool.hash(share)]));
    return await Promise.all(shares.map((parts) => joined(parts.map((part) => results.get(part) ?? pool.hash(part)))));
  } finally {
    await pool.close();
  }
}

function hashHere(requests: readonly HashRequest[], signal: AbortSignal): readonly (SweepResult | AjarError)[] {
  return requests.map((request) => {
    if (signal.aborted) throw interrupted();
    try {
      return hashLocal(request);
    } catch (error) {
      if (error instanceof AjarError) return error;
      throw error;
    }
  });
}

/** A file that would keep one thread busy while others idle: its own digest apart from those of its tensors, these in groups. */
function sharesOf(request: HashRequest, threads: number): readonly HashRequest[] {
  const { spans, wantsFile } = request;
  if (threads === 1 || request.bytes.length < SMALL_BYTES || spans.length === 0) return [{ ...request }];
  const groups = Math.max(1, wantsFile ? threads - 1 : threads);
  const all = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const parts: HashRequest[] = wantsFile ? [{ ...request, spans: [] }] : [];
  let group: HashRequest["spans"][number][] = [];
  let size = 0;
  for (const span of spans) {
    group.push(span);
    size += span.end - span.start;
    if (size < all / groups) continue;
    parts.push({ ...request, wantsFile: false, spans: group });
    group = [];
    size = 0;
  }
  return group.length === 0 ? parts : [...parts, { ...request, wantsFile: false, spans: group }];
}

async function joined(parts: readonly Promise<SweepResult>[]): Promise<SweepResult | AjarError> {
  try {
    const results = await Promise.all(parts);
    const tensors = new Uint8Array(results.reduce((sum, result) => sum + result.tensors.length, 0));
    let at = 0;
    for (const result of results) {
      tensors.set(result.tensors, at);
      at += result.tensors.length;
    }
    return { file: results.find(({ file }) => file !== null)?.file ?? null, tensors };
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED") return error;
    throw error;
  }
}

/** The digest of one tensor of a result. */
export function tensorDigestAt(result: SweepResult, index: number): Uint8Array {
  return result.tensors.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
}

class HashPool {
  readonly #threads: number;
  readonly #signal: AbortSignal;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();
  readonly #hashed = new SharedArrayBuffer(4);
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#fail(interrupted());

  constructor(threads: number, { signal, watch }: HashPoolOptions) {
    this.#threads = threads;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort);
    if (watch !== undefined) this.#timer = setInterval(() => watch(Atomics.load(new Int32Array(this.#hashed), 0) * 1024 ** 2), WATCH_MS);
  }

  hash(request: HashRequest): Promise<SweepResult> {
    if (this.#signal.aborted) return Promise.reject(interrupted());
    const { promise, resolve } = Promise.withResolvers<SweepResult>();
    this.#queue.push({ request, settle: resolve });
    this.#next();
    return promise;
  }

  #next(): void {
    const worker = this.#idle.pop() ?? this.#started();
    const waiting = worker === undefined ? undefined : this.#queue.shift();
    if (worker === undefined) return;
    if (waiting === undefined) {
      this.#idle.push(worker);
      return;
    }
    this.#running.set(worker, waiting);
    worker.postMessage(waiting.request);
  }

  /** A new thread, while there may be more and something waits for one. */
  #started(): Worker | undefined {
    if (this.#workers.length >= this.#threads || this.#queue.length === 0) return undefined;
    const worker = new Worker(threadUrl(new URL("./hash-worker.ts", import.meta.url), "hash-worker.cjs"), {
      workerData: this.#hashed,
      env: {},
      stdin: false,
    });
    this.#workers.push(worker);
    worker.on("message", (answer: HashAnswer) => {
      const waiting = this.#running.get(worker);
      this.#running.delete(worker);
      this.#idle.push(worker);
      waiting?.settle("result" in answer ? Promise.resolve(answer.result) : Promise.reject(refusalOf(answer.refusal)));
      this.#next();
    });
    worker.on("error", (error) => this.#fail(error));
    return worker;
  }

  #fail(error: unknown): void {
    for (const waiting of [...this.#running.values(), ...this.#queue.splice(0)]) waiting.settle(Promise.reject(error));
    this.#running.clear();
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener("abort", this.#onAbort);
    clearInterval(this.#timer);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function refusalOf({ code, message, details }: Extract<HashAnswer, { refusal: unknown }>["refusal"]): AjarError {
  return new AjarError(code, message, details);
}

function interrupted(): AjarError {
  return new AjarError("INTERRUPTED", "interrupted while hashing");
}
