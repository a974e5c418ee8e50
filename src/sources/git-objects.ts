// Raw blobs out of `git cat-file`: no filter, no smudge, no line-ending conversion.
import type { ChildProcess } from "node:child_process";
import { AjarError } from "../core/errors.ts";
import type { ByteRange } from "../core/source.ts";
import { GitFailure, type GitRun, Guard, spawnGit, streamGit } from "./git-command.ts";

/** `<oid> <type> <size>` */
const HEADER_BYTES = 256;
/** Object ids sent before their answers are read; keeps both pipes busy without filling them. */
const PIPELINED = 64;

/** Sizes of the objects that are there; those that are missing have no entry. */
export async function readSizes(run: GitRun, oids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  let rest = "";
  const args = ["cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"];
  for await (const chunk of streamGit(run, args, { input: `${oids.join("\n")}\n` })) {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [oid, size] = line.split(" ");
      if (oid !== undefined && size !== undefined && /^\d{1,16}$/u.test(size)) sizes.set(oid, Number(size));
    }
  }
  return sizes;
}

/** One `git cat-file --batch` kept open for small blobs. */
export class BlobReader {
  readonly #run: GitRun;
  #process: { readonly child: ChildProcess; readonly guard: Guard; readonly output: Output } | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(run: GitRun) {
    this.#run = run;
  }

  /**
   * Contents in the order asked for; null for an object that is missing, damaged or no blob.
   * @throws AjarError UNREACHABLE when git hangs
   */
  read(oids: readonly string[]): Promise<readonly (Buffer | null)[]> {
    const answer = this.#queue.then(() => this.#readAll(oids));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #readAll(oids: readonly string[]): Promise<readonly (Buffer | null)[]> {
    const blobs: (Buffer | null)[] = [];
    for (let at = 0; at < oids.length; at += PIPELINED) {
      const batch = oids.slice(at, at + PIPELINED);
      blobs.push(...(await this.#readBatch(batch)));
    }
    return blobs;
  }

  /** Git gives up at a damaged object; the others are then read one by one with a git of their own. */
  async #readBatch(batch: readonly string[]): Promise<readonly (Buffer | null)[]> {
    try {
      return await this.#ask(batch);
    } catch (cause) {
      await this.close();
      const isDamage = cause instanceof GitFailure || (cause instanceof AjarError && cause.code === "UNREADABLE");
      if (!isDamage) throw cause;
      if (batch.length === 1) return [null];
    }
    const blobs: (Buffer | null)[] = [];
    for (const oid of batch) blobs.push(...(await this.#readBatch([oid])));
    return blobs;
  }

  async #ask(batch: readonly string[]): Promise<readonly (Buffer | null)[]> {
    const { child, guard, output } = this.#started();
    guard.isWaiting = true;
    child.stdin?.write(`${batch.join("\n")}\n`);
    const blobs: (Buffer | null)[] = [];
    for (const oid of batch) blobs.push(await readAnswer(output, oid));
    guard.isWaiting = false;
    return blobs;
  }

  #started(): { readonly child: ChildProcess; readonly guard: Guard; readonly output: Output } {
    if (this.#process !== null) return this.#process;
    this.#run.signal.throwIfAborted();
    const child = spawnGit(this.#run, ["cat-file", "--batch"]);
    const guard = new Guard(child, this.#run, undefined);
    child.stdin?.on("error", () => undefined);
    this.#process = { child, guard, output: new Output(child, guard) };
    return this.#process;
  }

  /** Stops git and waits until it is gone. */
  async close(): Promise<void> {
    const started = this.#process;
    this.#process = null;
    if (started === null) return;
    started.child.stdin?.end();
    started.guard.stop();
    await started.guard.ended().catch(() => undefined);
  }
}

async function readAnswer(output: Output, oid: string): Promise<Buffer | null> {
  const header = await output.line();
  if (header === `${oid} missing`) return null;
  const [answered, type, size] = header.split(" ");
  const length = Number(size);
  if (answered !== oid || size === undefined || !Number.isSafeInteger(length)) throw brokenOff(oid);
  const bytes = await output.take(length);
  await output.take(1);
  return type === "blob" ? bytes : null;
}

function brokenOff(oid: string): AjarError {
  return new AjarError("UNREADABLE", `git stopped while it read object ${oid}`, { hint: "Check the repository with git fsck." });
}

/** Bytes of a child's stdout on demand. */
class Output {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #guard: Guard;
  #held: Buffer = Buffer.alloc(0);

  constructor(child: ChildProcess, guard: Guard) {
    if (child.stdout === null) throw new AjarError("BUG", "git was started without an output");
    this.#chunks = child.stdout[Symbol.asyncIterator]();
    this.#guard = guard;
  }

  async #more(): Promise<Buffer> {
    const next = await this.#chunks.next();
    if (next.done === true) {
      await this.#guard.ended();
      throw brokenOff("");
    }
    this.#guard.touch();
    return next.value;
  }

  async line(): Promise<string> {
    let end = this.#held.indexOf(0x0a);
    while (end === -1) {
      if (this.#held.length > HEADER_BYTES) throw brokenOff("");
      this.#held = Buffer.concat([this.#held, await this.#more()]);
      end = this.#held.indexOf(0x0a);
    }
    const line = this.#held.toString("latin1", 0, end);
    this.#held = this.#held.subarray(end + 1);
    return line;
  }

  async take(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    for (;;) {
      const used = Math.min(length - filled, this.#held.length);
      this.#held.copy(bytes, filled, 0, used);
      filled += used;
      this.#held = this.#held.subarray(used);
      if (filled === length) return bytes;
      this.#held = await this.#more();
    }
  }
}

/** A part of a large blob, streamed; git is stopped once the part is there. */
export async function readBlobRange(run: GitRun, oid: string, range: ByteRange): Promise<Buffer> {
  const bytes = Buffer.alloc(range.length);
  const end = range.start + range.length;
  let at = 0;
  for await (const chunk of streamGit(run, ["cat-file", "blob", oid])) {
    const from = Math.max(0, range.start - at);
    if (from < chunk.length) chunk.copy(bytes, at + from - range.start, from, Math.min(chunk.length, end - at));
    at += chunk.length;
    if (at >= end) return bytes;
  }
  throw brokenOff(oid);
}
