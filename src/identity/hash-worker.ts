// A thread that hashes files of this machine. It gets requests and gives results; src/identity/hash-pool.ts is the other end.
import { parentPort, workerData } from "node:worker_threads";
import { AjarError } from "../core/errors.ts";
import type { HashAnswer } from "./hash-pool.ts";
import { loadHasher } from "./hashers.ts";
import { CHUNK_BYTES, type HashRequest, hashLocal } from "./local-hash.ts";

const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
/** MiB hashed by all threads together, for whoever watches. */
const hashed = new Int32Array(workerData as SharedArrayBuffer);

parentPort?.on("message", (request: HashRequest) => {
  void answerTo(request);
});

async function answerTo(request: HashRequest): Promise<void> {
  await loadHasher(request.algorithm);
  parentPort?.postMessage(answer(request));
}

function answer(request: HashRequest): HashAnswer {
  let bytes = 0;
  try {
    const result = hashLocal(request, buffer, (count) => {
      bytes += count;
      if (bytes < 1024 ** 2) return;
      Atomics.add(hashed, 0, Math.floor(bytes / 1024 ** 2));
      bytes %= 1024 ** 2;
    });
    return { result };
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    const { code, message, subject, hint } = error;
    const details = { ...(subject === undefined ? {} : { subject }), ...(hint === undefined ? {} : { hint }) };
    return { refusal: { code, message, details } };
  }
}
