// The one writer of a log. Entries are chained when they are handed in and written together: while one write is on its way,
// the next one gathers. An append is answered once its bytes are with the kernel, which a killed process cannot take back.
import { writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { AjarError } from "../../core/errors.ts";
import type { AuditLog, LoggedContent, LogRecord } from "../contract.ts";
import { syncFolder } from "../durable/files.ts";
import type { SigningKey } from "../durable/keys.ts";
import type { Lock } from "../durable/lock.ts";
import { signCheckpoint } from "./checkpoint.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { type ContentKey, seal } from "./content.ts";
import { type Link, lineAfter } from "./entry.ts";
import { entryId, segmentName } from "./identity.ts";

export interface WriterOptions {
  /** `each`: an append is answered once its bytes are on the disk. `interval`: once they are with the kernel; the disk follows within `syncMs`. */
  readonly sync: "each" | "interval";
  readonly syncMs: number;
  /** A checkpoint at the latest this long after an entry, or after this many. */
  readonly checkpointMs: number;
  readonly checkpointEntries: number;
  /** A segment that is larger ends at the next write. */
  readonly segmentBytes: number;
  /** Keeps texts, encrypted, when there is one. */
  readonly content: ContentKey | null;
  readonly now: () => Date;
}

/** A log as it lies on the disk, made or recovered. */
export interface OpenedLog {
  readonly folder: string;
  readonly id: string;
  readonly key: SigningKey;
  readonly lock: Lock;
  /** Takes away what opening made: called when a log that was new ends without an entry. */
  readonly forget: () => void;
  readonly head: Link;
  readonly checkpoints: CheckpointFile;
  /** The segment that goes on, and its size; null where a new one has to be begun. */
  readonly segment: { readonly name: string; readonly bytes: number } | null;
}

interface Waiting {
  readonly line: string;
  readonly link: Link;
  readonly resolve: () => void;
  readonly reject: (error: AjarError) => void;
}

/** Entries that wait for a disk that hangs; more are refused. */
const MAX_WAITING_UNITS = 64 * 1024 ** 2;
const HELD_MS = 1000;

export class LogWriter implements AuditLog {
  readonly #opened: OpenedLog;
  readonly #options: WriterOptions;
  /** The last entry handed in, and the last one that the kernel has. */
  #head: Link;
  #written: Link;
  /** The last one that is on the disk. */
  #synced: Link;
  #segment: { readonly handle: FileHandle; bytes: number } | null = null;
  #waiting: Waiting[] = [];
  #waitingUnits = 0;
  #writing: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #anchoring: Promise<void> | null = null;
  #dead: AjarError | null = null;
  #heldAt = 0;
  #closed = false;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(opened: OpenedLog, options: WriterOptions) {
    this.#opened = opened;
    this.#options = options;
    this.#head = opened.head;
    this.#written = opened.head;
    this.#synced = opened.head;
    const every = (ms: number, task: () => Promise<void>): NodeJS.Timeout =>
      setInterval(() => void task().catch(() => undefined), ms).unref();
    this.#timers = [every(options.syncMs, () => this.#sync()), every(options.checkpointMs, () => this.#anchor())];
  }

  /** @throws AjarError LOG_UNWRITABLE */
  append(record: LogRecord, content?: LoggedContent): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    const { content: key } = this.#options;
    const sealed = content === undefined || key === null ? null : seal(content, key, entryId(this.#opened.id, this.#head.seq + 1));
    return new Promise((resolve, reject) => {
      const { line, seq, hash } = lineAfter(this.#head, record, sealed);
      this.#head = { seq, hash };
      this.#waiting.push({ line, link: this.#head, resolve, reject });
      this.#waitingUnits += line.length;
      this.#writing ??= this.#writeAll();
    });
  }

  /** Why nothing can be appended now; what it says may pass. */
  #refusal(): AjarError | null {
    if (this.#dead !== null) return this.#dead;
    if (this.#closed) return unwritable(this.#opened.folder, "it is closed");
    return this.#waitingUnits > MAX_WAITING_UNITS ? unwritable(this.#opened.folder, "the disk does not keep up") : null;
  }

  async #writeAll(): Promise<void> {
    // Whoever appends in this turn of the event loop goes along: under load that is many.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#waitingUnits = 0;
      try {
        await this.#write(batch);
        if (this.#options.sync === "each") await this.#sync();
      } catch (cause) {
        await this.#fail(cause, batch);
        continue;
      }
      for (const { resolve } of batch) resolve();
      if (this.#written.seq - this.#opened.checkpoints.seq >= this.#options.checkpointEntries) void this.#anchor().catch(() => undefined);
    }
    this.#writing = null;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    this.#checkHeld();
    if (this.#dead !== null) throw this.#dead;
    const segment = await this.#segmentFor(this.#written.seq + 1);
    const bytes = Buffer.from(batch.map(({ line }) => line).join(""));
    for (let at = 0; at < bytes.byteLength; ) {
      at += this.#writePart(segment.handle, bytes, at, segment.bytes + at);
    }
    segment.bytes += bytes.byteLength;
    this.#written = batch.at(-1)?.link ?? this.#written;
  }

  /**
   * Handing bytes to the kernel takes microseconds, and handing them to another thread first ten times as long. A disk that hangs
   * holds up the process either way, or what waits for the log: nothing leaves before it is written.
   */
  #writePart({ fd }: FileHandle, bytes: Uint8Array, at: number, position: number): number {
    return writeSync(fd, bytes, at, bytes.byteLength - at, position);
  }

  /** Only a process that stood still can lose its lock, and it then finds that time has passed. */
  #checkHeld(): void {
    const now = performance.now();
    if (now - this.#heldAt < HELD_MS) return;
    this.#heldAt = now;
    if (!this.#opened.lock.isHeld())
      this.#dead = unwritable(this.#opened.folder, "another process took it over while this one stood still");
  }

  async #segmentFor(first: number): Promise<{ readonly handle: FileHandle; bytes: number }> {
    const { folder, segment } = this.#opened;
    if (this.#segment !== null && this.#segment.bytes < this.#options.segmentBytes) return this.#segment;
    if (this.#segment === null && segment !== null && segment.bytes < this.#options.segmentBytes) {
      this.#segment = { handle: await open(join(folder, segment.name), "r+"), bytes: segment.bytes };
      return this.#segment;
    }
    if (this.#segment !== null) await this.#anchor();
    const full = this.#segment;
    this.#segment = { handle: await open(join(folder, segmentName(first)), "wx", 0o600), bytes: 0 };
    syncFolder(folder);
    await full?.handle.close();
    return this.#segment;
  }

  /** What was not written is refused, and the file is cut back to what was; the next append tries again. */
  async #fail(cause: unknown, batch: readonly Waiting[]): Promise<void> {
    const error =
      cause instanceof AjarError ? cause : unwritable(this.#opened.folder, cause instanceof Error ? cause.message : String(cause), cause);
    const refused = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#waitingUnits = 0;
    this.#head = this.#written;
    try {
      await this.#segment?.handle.truncate(this.#segment.bytes);
    } catch {
      this.#dead ??= error;
    }
    for (const { reject } of refused) reject(error);
  }

  /** Brings what the kernel has to the disk. After a failure nobody knows what the disk has (fsync(2)), so the log ends. */
  #sync(): Promise<void> {
    if (this.#syncing !== null) return this.#syncing.then(() => this.#sync());
    const upTo = this.#written;
    if (this.#segment === null || upTo.seq === this.#synced.seq) return Promise.resolve();
    this.#syncing = this.#segment.handle
      .datasync()
      .then(() => {
        this.#synced = upTo;
      })
      .catch((cause) => {
        this.#dead = unwritable(
          this.#opened.folder,
          `the disk lost what was written: ${cause instanceof Error ? cause.message : cause}`,
          cause,
        );
        throw this.#dead;
      })
      .finally(() => {
        this.#syncing = null;
      });
    return this.#syncing;
  }

  /** Signs what is on the disk. */
  #anchor(): Promise<void> {
    this.#anchoring ??= this.#sign().finally(() => {
      this.#anchoring = null;
    });
    return this.#anchoring;
  }

  async #sign(): Promise<void> {
    const { id, key, checkpoints } = this.#opened;
    if (this.#dead !== null || this.#written.seq === checkpoints.seq) return;
    await this.#sync();
    if (this.#synced.seq > checkpoints.seq) {
      await checkpoints.add(signCheckpoint(id, this.#options.now().toISOString(), this.#synced, checkpoints.last, key));
    }
  }

  /** Writes what waits, signs a last checkpoint and lets the folder go. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    try {
      await this.#writing;
      // One that is under way covers what was there when it began.
      await this.#anchoring;
      await this.#anchor();
    } finally {
      await this.#segment?.handle.close().catch(() => undefined);
      this.#opened.lock.release();
      if (this.#head.seq === 0) this.#opened.forget();
    }
  }
}

function unwritable(folder: string, reason: string, cause?: unknown): AjarError {
  return new AjarError("LOG_UNWRITABLE", `the log cannot be written: ${reason}`, {
    subject: folder,
    hint: "Free space, and check that the folder may be written to.",
    cause,
  });
}
