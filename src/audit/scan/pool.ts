// Threads that scan files side by side. One that takes too long or too much memory is ended, and its file is not clean by that.
import { Worker } from "node:worker_threads";
import { AjarError } from "../../core/errors.ts";
import type { FileScan } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { threadUrl } from "../../rules/thread-url.ts";
import { MAX_FILE_MS } from "../../safety/limits.ts";
import { answerBytes, errorOf } from "../remote-bytes.ts";
import type { FromWorker, ScanTask, ToWorker } from "./protocol.ts";

/** Heap of one thread. Buffers are outside of it and bounded by the readers. */
const HEAP_MB = 512;
/** What the thread's own clock gets to say so before it is ended. */
const GRACE_MS = 5_000;

export class ScanPool {
  readonly #signal: AbortSignal;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Scans one file in a thread of its own, started when no other is idle. @throws AjarError INTERRUPTED, BUG */
  async scan(task: ScanTask, reader: ByteReader): Promise<FileScan> {
    const worker = this.#idle.pop() ?? this.#start();
    try {
      const scan = await this.#talk(worker, task, reader);
      this.#idle.push(worker);
      return scan;
    } catch (error) {
      await this.#end(worker);
      if (error instanceof AjarError && error.code === "OVER_LIMIT") return overLimit(task, error);
      throw error;
    }
  }

  #start(): Worker {
    const worker = new Worker(threadUrl(new URL("./worker.ts", import.meta.url), "scan-worker.cjs"), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      env: {},
      stdin: false,
    });
    this.#all.add(worker);
    return worker;
  }

  async #talk(worker: Worker, task: ScanTask, reader: ByteReader): Promise<FileScan> {
    const say = (message: ToWorker): void => worker.postMessage(message, [...movable(message)]);
    return await new Promise<FileScan>((resolve, reject) => {
      const onMessage = (message: FromWorker): void => {
        if (message.kind === "done") finish(() => resolve(message.scan));
        else if (message.kind === "failed") finish(() => reject(errorOf(message.error)));
        else void answerBytes(message, reader, say);
      };
      const onError = (error: Error): void => finish(() => reject(crash(error)));
      const onAbort = (): void => finish(() => reject(new AjarError("INTERRUPTED", "the scan was interrupted")));
      const timer = setTimeout(() => {
        finish(() => reject(new AjarError("OVER_LIMIT", "reading takes longer than one file may", { offset: 0 })));
      }, MAX_FILE_MS + GRACE_MS);
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        worker.off("message", onMessage).off("error", onError);
        this.#signal.removeEventListener("abort", onAbort);
        end();
      };
      worker.on("message", onMessage).on("error", onError);
      this.#signal.addEventListener("abort", onAbort);
      if (this.#signal.aborted) onAbort();
      else say({ kind: "scan", task });
    });
  }

  async #end(worker: Worker): Promise<void> {
    this.#all.delete(worker);
    await worker.terminate();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }
}

/** Whole buffers change hands; part of one is copied. */
function movable(message: ToWorker): readonly ArrayBuffer[] {
  if (message.kind !== "bytes") return [];
  const { buffer, byteLength } = message.bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

function crash(error: Error): AjarError {
  const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (isMemory) return new AjarError("OVER_LIMIT", `reading takes more than ${HEAP_MB} MiB of memory`, { offset: 0 });
  return new AjarError("BUG", `a scanning thread failed: ${error.message}`, { cause: error });
}

function overLimit({ path, sizeBytes }: ScanTask, error: AjarError): FileScan {
  return {
    path,
    sizeBytes,
    readings: [],
    risk: "unknown",
    coverage: { state: "none", code: "over-limit", detail: error.message },
    hits: [],
  };
}
