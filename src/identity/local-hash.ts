// The bytes of one file of this machine through a sweep, without a promise in between: what a hash worker does all day.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AjarError } from "../core/errors.ts";
import type { LocalBytes } from "../core/source.ts";
import { fileError, SAFE_READ, signatureOf } from "../sources/local-file.ts";
import { Sweep, type SweepResult, type TensorSpan } from "./sweep.ts";

/** Fits the second-level cache along with the hash's own state; measured against 32 KiB to 4 MiB. */
export const CHUNK_BYTES = 256 * 1024;

export interface HashRequest {
  readonly bytes: LocalBytes;
  /** Path for messages. */
  readonly shown: string;
  readonly wantsFile: boolean;
  /** Counted from the start of `bytes`. */
  readonly spans: readonly TensorSpan[];
  /** Of the file's own digest, as `hasherOf` names it; SHA-256 when absent. */
  readonly algorithm?: string;
}

/**
 * @throws AjarError CHANGED_WHILE_READ when the file is not the one that was listed, or changes meanwhile; UNREADABLE
 */
export function hashLocal(
  request: HashRequest,
  buffer: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES),
  count: (bytes: number) => void = () => undefined,
): SweepResult {
  const { bytes, shown } = request;
  const fd = open(Buffer.from(bytes.file), shown);
  try {
    check(fd, bytes.signature, shown);
    const result = sweepFile(fd, request, buffer, count);
    check(fd, bytes.signature, shown);
    return result;
  } finally {
    closeSync(fd);
  }
}

function sweepFile(
  fd: number,
  { bytes, shown, wantsFile, spans, algorithm }: HashRequest,
  buffer: Buffer,
  count: (bytes: number) => void,
): SweepResult {
  const sweep = new Sweep(spans, wantsFile, algorithm);
  for (let at = sweep.nextWanted(bytes.length); at < bytes.length; at = sweep.nextWanted(bytes.length)) {
    sweep.skipTo(at);
    const length = read(fd, buffer, Math.min(buffer.length, bytes.length - at), bytes.start + at, shown);
    sweep.update(length === buffer.length ? buffer : buffer.subarray(0, length));
    count(length);
  }
  return sweep.end();
}

function open(file: Buffer, shown: string): number {
  try {
    return openSync(file, SAFE_READ);
  } catch (cause) {
    throw fileError(cause, shown);
  }
}

function read(fd: number, buffer: Buffer, length: number, position: number, shown: string): number {
  let count: number;
  try {
    count = readSync(fd, buffer, 0, length, position);
  } catch (cause) {
    throw fileError(cause, shown);
  }
  if (count === 0) throw changed(shown);
  return count;
}

function check(fd: number, signature: string, shown: string): void {
  const stats = fstatSync(fd, { bigint: true });
  if (!stats.isFile() || signatureOf(stats) !== signature) throw changed(shown);
}

function changed(shown: string): AjarError {
  return new AjarError("CHANGED_WHILE_READ", `${shown}: changed while it was read`, {
    subject: shown,
    hint: "Run again when nothing writes to it.",
  });
}
