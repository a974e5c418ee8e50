// Reading one file of the local disk without trusting it: never through a symbolic link, never a pipe or a device,
// and never half old and half new.
import { type BigIntStats, closeSync, constants, fstatSync, openSync, read as readAsync, readSync, realpathSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { AjarError, type ErrorCode } from "../core/errors.ts";
import type { ByteRange, ByteReader } from "../core/source.ts";
import type { ReadBudget } from "./limits.ts";

/** O_NONBLOCK: if a pipe took the file's place since it was listed, open returns instead of waiting for a writer. */
export const SAFE_READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface LocalFile {
  /** Absolute path as the file system has it; bytes where the name is not UTF-8. */
  readonly path: string | Buffer;
  /** Path for messages. */
  readonly shown: string;
}

/** Changes whenever the file is replaced, written or resized. */
export function signatureOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

// A call that waits for another thread takes ten times as long as the disk does for a small file.
/** More than this is read by another thread, so that an interrupt is heard meanwhile. */
const READ_AT_ONCE = 256 * 1024;
/** After so many files an interrupt gets its turn. */
const FILES_PER_TURN = 16;

const readLong = promisify(readAsync);
let opened = 0;

/** An open regular file; `check` fails once it is not the file that was opened. */
export class OpenFile implements ByteReader {
  readonly sizeBytes: number;
  readonly signature: string;
  readonly #shown: string;
  readonly #stats: BigIntStats;
  /** File descriptor; null once closed. */
  #descriptor: number | null;

  private constructor(descriptor: number, stats: BigIntStats, shown: string) {
    this.#descriptor = descriptor;
    this.#shown = shown;
    this.#stats = stats;
    this.sizeBytes = Number(stats.size);
    this.signature = signatureOf(stats);
  }

  /** @throws AjarError NOT_FOUND, UNREADABLE, or UNSAFE_PATH when it is not a regular file */
  static async open(file: LocalFile): Promise<OpenFile> {
    opened += 1;
    if (opened % FILES_PER_TURN === 0) await nextTurn();
    const descriptor = attempt(() => openSync(file.path, SAFE_READ), file.shown);
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      if (!stats.isFile()) throw new AjarError("UNREADABLE", `${file.shown}: not a regular file`, { subject: file.shown });
      return new OpenFile(descriptor, stats, file.shown);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    this.#checkRange(start, length);
    // Every byte is read into it, or it is not given out.
    const bytes = Buffer.allocUnsafeSlow(length);
    await this.readInto(start, bytes);
    return bytes;
  }

  async readInto(start: number, bytes: Uint8Array): Promise<void> {
    this.#checkRange(start, bytes.length);
    let filled = 0;
    while (filled < bytes.length) {
      const bytesRead = await this.#readSome(bytes, filled, start + filled);
      if (bytesRead === 0) throw changed(this.#shown);
      filled += bytesRead;
    }
  }

  #checkRange(start: number, length: number): void {
    if (start >= 0 && length >= 0 && start + length <= this.sizeBytes) return;
    throw new AjarError("TRUNCATED", `${this.#shown}: bytes ${start} to ${start + length} pass the end at ${this.sizeBytes}`, {
      subject: this.#shown,
      offset: start,
    });
  }

  async #readSome(bytes: Uint8Array, offset: number, position: number): Promise<number> {
    const descriptor = this.#open();
    const length = bytes.length - offset;
    if (length <= READ_AT_ONCE) return attempt(() => readSync(descriptor, bytes, offset, length, position), this.#shown);
    try {
      return (await readLong(descriptor, bytes, offset, length, position)).bytesRead;
    } catch (cause) {
      throw fileError(cause, this.#shown);
    }
  }

  #open(): number {
    if (this.#descriptor === null) throw new AjarError("BUG", `${this.#shown}: read after it was closed`, { subject: this.#shown });
    return this.#descriptor;
  }

  /** @throws AjarError CHANGED_WHILE_READ */
  async check(): Promise<void> {
    const now = fstatSync(this.#open(), { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = this.#stats;
    const isSame = now.ctimeNs === ctimeNs && now.mtimeNs === mtimeNs && now.size === size && now.ino === ino && now.dev === dev;
    if (!isSame) throw changed(this.#shown);
  }

  async close(): Promise<void> {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function attempt<T>(call: () => T, shown: string): T {
  try {
    return call();
  } catch (cause) {
    throw fileError(cause, shown);
  }
}

export interface LocalRead {
  readonly file: LocalFile;
  readonly range: ByteRange | undefined;
  readonly budget: ReadBudget;
  /** Signature from an earlier look at the same file, when there was one. */
  readonly expected: string | undefined;
}

/**
 * Bytes of a file, whole or the part of a range that exists.
 * @throws AjarError CHANGED_WHILE_READ when it is not what it was before or after, UNREADABLE, OVER_LIMIT
 */
export async function readLocalFile(request: LocalRead): Promise<{ readonly bytes: Uint8Array; readonly signature: string }> {
  const { file, range, budget, expected } = request;
  const open = await OpenFile.open(file);
  try {
    if (expected !== undefined && expected !== open.signature) throw changed(file.shown);
    const { start, length } = clampRange(range, open.sizeBytes);
    budget.take(length, file.shown);
    const bytes = await open.read(start, length);
    await open.check();
    return { bytes, signature: open.signature };
  } finally {
    await open.close();
  }
}

/** The part of `range` that lies in a content of `sizeBytes`; all of it without a range. */
export function clampRange(range: ByteRange | undefined, sizeBytes: number): ByteRange {
  if (range === undefined) return { start: 0, length: sizeBytes };
  if (!Number.isSafeInteger(range.start) || !Number.isSafeInteger(range.length) || range.start < 0 || range.length < 0) {
    throw new AjarError("BUG", `bytes ${range.start} + ${range.length} are not a range`);
  }
  const start = Math.min(range.start, sizeBytes);
  return { start, length: Math.min(range.length, sizeBytes - start) };
}

/** @throws AjarError UNSAFE_PATH when a folder on the way to `folder` is a symbolic link */
export async function checkNoLinkOnTheWay(folder: Buffer, shown: string): Promise<void> {
  const real = attempt(() => realpathSync.native(folder, { encoding: "buffer" }), shown);
  if (!real.equals(folder)) {
    throw new AjarError("UNSAFE_PATH", `${shown}: a symbolic link on the way leads elsewhere, it was not followed`, { subject: shown });
  }
}

function changed(shown: string): AjarError {
  return new AjarError("CHANGED_WHILE_READ", `${shown}: changed while it was read`, {
    subject: shown,
    hint: "Run the audit again when nothing writes to the target.",
  });
}

/** The errno name of a file system error, or an empty string. */
function errnoOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

const CODE_OF: Readonly<Record<string, ErrorCode>> = { ENOENT: "NOT_FOUND", ENOTDIR: "NOT_FOUND", ELOOP: "UNSAFE_PATH" };
const WORDS_OF: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  ELOOP: "a symbolic link, not followed",
  EACCES: "permission denied",
  EPERM: "permission denied",
};

/** Words for an errno, the errno itself when there are none. */
export function errnoWords(cause: unknown): string {
  const errno = errnoOf(cause);
  return WORDS_OF[errno] ?? `cannot be read (${errno === "" ? "unknown error" : errno})`;
}

/** A file system error as an AjarError; other errors pass through unchanged. */
export function fileError(cause: unknown, shown: string): unknown {
  const errno = errnoOf(cause);
  if (errno === "" || cause instanceof AjarError) return cause;
  return new AjarError(CODE_OF[errno] ?? "UNREADABLE", `${shown}: ${errnoWords(cause)}`, { subject: shown, cause });
}
