// A scanning thread: one file at a time, its bytes asked from the main thread.
import { type MessagePort, parentPort } from "node:worker_threads";
import type { ByteReader } from "../../core/source.ts";
import { checkRange } from "../../formats/byte-reader.ts";
import { scanFile } from "../../safety/dispatch.ts";
import { MAX_FILE_MS } from "../../safety/limits.ts";
import { errorOf, type FromWorker, plainError, type ScanTask, type ToWorker } from "./protocol.ts";

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

class RemoteReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #port: MessagePort;
  readonly #waiting: Map<number, Waiting>;
  #next = 0;

  constructor(sizeBytes: number, port: MessagePort, waiting: Map<number, Waiting>) {
    this.sizeBytes = sizeBytes;
    this.#port = port;
    this.#waiting = waiting;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    if (length === 0) return new Uint8Array(0);
    const id = this.#next;
    this.#next += 1;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      say(this.#port, { kind: "read", id, start, length });
    });
  }
}

function say(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

async function scan(port: MessagePort, task: ScanTask, waiting: Map<number, Waiting>): Promise<void> {
  const reader = new RemoteReader(task.sizeBytes, port, waiting);
  const started = performance.now();
  const { path, effort, strict } = task;
  const expired = () => performance.now() - started > MAX_FILE_MS;
  try {
    say(port, { kind: "done", scan: await scanFile(path, reader, { effort, strict, signal: new AbortController().signal, expired }) });
  } catch (error) {
    say(port, { kind: "failed", error: plainError(error) });
  }
}

function serve(port: MessagePort): void {
  const waiting = new Map<number, Waiting>();
  port.on("message", (message: ToWorker) => {
    switch (message.kind) {
      case "scan":
        waiting.clear();
        void scan(port, message.task, waiting);
        break;
      case "bytes":
        waiting.get(message.id)?.resolve(message.bytes);
        waiting.delete(message.id);
        break;
      case "refused":
        waiting.get(message.id)?.reject(errorOf(message.error));
        waiting.delete(message.id);
        break;
      case "end":
        port.close();
        break;
    }
  });
}

if (parentPort !== null) serve(parentPort);
