// What a pickle machine works on: a window of the file, and the strings it has passed.
import { AjarError } from "../../core/errors.ts";
import { type MachineLimits, PickleBroken, PickleState } from "./state.ts";
import { decodeText } from "./text.ts";
import { KIND, MAX_REF_BYTES, refLength, refOffset, stringRef } from "./values.ts";

/** Why `run` came back. */
export type Pause =
  /** At least `machine.needed` bytes from `machine.offset` on are needed. */
  | "more"
  /** The next opcode is past the window, at `machine.offset`. */
  | "skip"
  /** A name lies outside the window: `machine.wanted`, to be told by `know`. */
  | "text"
  /** The watcher asked for it: bytes that are no pickle follow. */
  | "raw"
  /** So many opcodes as asked for were executed. */
  | "turn"
  | "stopped"
  /** `machine.trouble` says why. */
  | "broken";

/** Strings up to this length are in the window whole; of longer ones at least their first 64 bytes are. */
const WHOLE_STRING = 64 * 1024;
const STRING_HEAD = 64;
const NEWLINE = 0x0a;
/** Names outside the window that are kept. */
const MAX_TEXTS = 10_000;
/** Long strings whose length is kept. */
const MAX_LONG_LENGTHS = 1_000;

/** First bytes of pickles and of pickles packed as zlib, gzip, base64 or hex: only such strings are shown to the watcher. */
export const MAY_BE_PICKLE = new Uint8Array(256);
for (const byte of [0x80, 0x78, 0x1f]) MAY_BE_PICKLE[byte] = 1;
for (const character of "c(]}gYKXfeH1256789") MAY_BE_PICKLE[character.charCodeAt(0)] = 1;
export const LEAST_PICKLE = 8;

/** Reads arguments of opcodes out of the window. */
export abstract class PickleInput extends PickleState {
  /** Place of the first byte of this pickle in its file. */
  readonly start: number;
  needed = 0;
  wanted = { kind: 0, ref: 0 };
  readonly #maxLine: number;
  readonly #texts = new Map<string, string>();
  /** The latest of them. */
  readonly #longLengths = new Map<number, number>();
  protected buffer: Buffer = Buffer.alloc(0);
  /** Place of the window in the file, of the opcode in the window, and behind it. */
  protected base: number;
  protected pos = 0;
  protected to = 0;

  constructor(limits: MachineLimits, start: number) {
    super(limits);
    this.start = start;
    this.base = start;
    this.#maxLine = limits.maxLine;
  }

  /** Place of the next opcode in the file. */
  get offset(): number {
    return this.base + this.pos;
  }

  /** Place behind the opcode that is being executed. */
  get next(): number {
    return this.base + this.to;
  }

  /** Length of a string that is too long for a StringRef; 0 when it is too long ago. */
  longLength(offset: number): number {
    return this.#longLengths.get(offset) ?? 0;
  }

  /** Gives the window to work on, which begins at `base` in the file and holds the next opcode. */
  feed(bytes: Uint8Array, base: number): void {
    this.pos += this.base - base;
    this.base = base;
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on, past bytes that are no pickle. */
  jump(offset: number): void {
    this.pos = offset - this.base;
  }

  /** Bytes of the window; fewer than asked for at its end. Not copied. */
  peek(offset: number, length: number): Buffer {
    const from = Math.max(0, offset - this.base);
    return this.buffer.subarray(from, from + length);
  }

  /** Text of a string; undefined when it lies outside the window and was not told. */
  text(kind: number, ref: number): string | undefined {
    const from = refOffset(ref) - this.base;
    const to = from + refLength(ref);
    if (from >= 0 && to <= this.buffer.length) return decodeText(kind, this.buffer.subarray(from, to));
    return this.#texts.get(`${kind} ${ref}`);
  }

  /** Tells the bytes of a string that `run` wanted. */
  know(bytes: Uint8Array): void {
    const { kind, ref } = this.wanted;
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.set(`${kind} ${ref}`, decodeText(kind, bytes));
  }

  /** A string whose first byte could begin an encoded pickle. */
  protected abstract shown(isText: boolean, offset: number, length: number): void;

  protected more(bytes: number): Pause {
    this.needed = bytes;
    return "more";
  }

  protected u64(at: number): number {
    const value = this.buffer.readUInt32LE(at) + this.buffer.readUInt32LE(at + 4) * 2 ** 32;
    if (value > Number.MAX_SAFE_INTEGER) throw new PickleBroken("a length is beyond any file");
    return value;
  }

  protected string(kind: number, from: number, length: number): Pause | null {
    if (length < 0) throw new PickleBroken("a length is negative");
    const to = from + length;
    if (to > this.buffer.length) {
      const head = length <= WHOLE_STRING ? length : STRING_HEAD;
      if (from + head > this.buffer.length) return this.more(from + head - this.pos);
    }
    const offset = this.base + from;
    if (length >= LEAST_PICKLE && MAY_BE_PICKLE[this.buffer[from] ?? 0] === 1) {
      this.shown(kind === KIND.text, offset, length);
    }
    this.pushString(kind, offset, length);
    this.to = to;
    return to > this.buffer.length ? "skip" : null;
  }

  protected long(from: number, length: number): Pause | null {
    if (length < 0) throw new PickleBroken("a length is negative");
    if (length <= 6 && from + length > this.buffer.length) return this.more(from + length - this.pos);
    this.to = from + length;
    if (length > 0 && length <= 6) this.stack.push(KIND.int, this.buffer.readIntLE(from, length));
    else this.stack.push(length === 0 ? KIND.int : KIND.other, 0);
    return this.to > this.buffer.length ? "skip" : null;
  }

  /** Place of the newline from `at` on; -1 when the window ends first. @throws AjarError OVER_LIMIT */
  protected lineEnd(at: number): number {
    const end = this.buffer.indexOf(NEWLINE, at);
    if (end !== -1) return end;
    const length = this.buffer.length - this.pos;
    if (length > this.#maxLine) throw new AjarError("OVER_LIMIT", `a line goes on after ${this.#maxLine} bytes`, { offset: this.offset });
    this.needed = length + 1;
    return -1;
  }

  protected line(from: number, to: number): string {
    return this.buffer.toString("latin1", from, Math.min(to, from + MAX_REF_BYTES));
  }

  /** C's unpickler takes white space off the end, then wants the same quote on both sides. */
  protected isQuoted(from: number, to: number): boolean {
    let last = to - 1;
    while (last > from && (this.buffer[last] ?? 0) <= 0x20) last -= 1;
    const quote = this.buffer[from];
    return last > from && quote === this.buffer[last] && (quote === 0x27 || quote === 0x22);
  }

  protected pushString(kind: number, offset: number, length: number): void {
    if (length <= MAX_REF_BYTES) {
      this.stack.push(kind, stringRef(offset, length));
      return;
    }
    if (this.#longLengths.size >= MAX_LONG_LENGTHS) this.#longLengths.clear();
    this.#longLengths.set(offset, length);
    this.stack.push(KIND.long, offset);
  }
}
