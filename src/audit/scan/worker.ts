// A scanning thread: one file at a time, its bytes asked from the main thread.
import { type MessagePort, parentPort } from "node:worker_threads";
import { scanFile } from "../../safety/dispatch.ts";
import { MAX_FILE_MS } from "../../safety/limits.ts";
import { plainError, RemoteBytes } from "../remote-bytes.ts";
import type { FromWorker, ScanTask, ToWorker } from "./protocol.ts";

function say(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

async function scan(port: MessagePort, task: ScanTask, bytes: RemoteBytes): Promise<void> {
  const started = performance.now();
  const { path, sizeBytes, effort, strict } = task;
  const expired = () => performance.now() - started > MAX_FILE_MS;
  try {
    const how = { effort, strict, signal: new AbortController().signal, expired };
    say(port, { kind: "done", scan: await scanFile(path, bytes.reader(sizeBytes), how) });
  } catch (error) {
    say(port, { kind: "failed", error: plainError(error) });
  }
}

function serve(port: MessagePort): void {
  const bytes = new RemoteBytes((asked) => say(port, asked));
  port.on("message", (message: ToWorker) => {
    if (message.kind === "scan") void scan(port, message.task, bytes);
    else if (message.kind === "end") port.close();
    else bytes.hear(message);
  });
}

if (parentPort !== null) serve(parentPort);
