import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { checkRange, joinBytes } from "./byte-reader.ts";

/** Bytes behind the place read last that are kept, so that small steps back cost nothing. */
const KEPT = 256 * 1024;
/** A reader that goes back and forth would unpack the stream as often; formats read from front to back. */
const MAX_RESTARTS = 64;

/** A packed stream read as if it were a file: forwards it is unpacked as it comes, backwards it starts anew. */
export class StreamReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #open: () => AsyncIterable<Uint8Array>;
  #iterator: AsyncIterator<Uint8Array> | null = null;
  #window: Uint8Array = new Uint8Array(0);
  #base = 0;
  #starts = 0;

  /** `sizeBytes`: what the stream unpacks to, or claims to. */
  constructor(open: () => AsyncIterable<Uint8Array>, sizeBytes: number) {
    this.#open = open;
    this.sizeBytes = sizeBytes;
  }

  /** @throws AjarError TRUNCATED when the stream holds less than it claims, OVER_LIMIT when it was gone back in too often */
  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    if (this.#iterator === null || start < this.#base) await this.#restart();
    await this.#fill(start, start + length);
    return this.#window.slice(start - this.#base, start - this.#base + length);
  }

  /** Unpacks up to `end`; of what lies before `start` only a little is kept. */
  async #fill(start: number, end: number): Promise<void> {
    let at = this.#base + this.#window.length;
    if (at >= end) return;
    const chunks = [this.#window];
    let first = this.#base;
    while (at < end) {
      const next = await this.#iterator?.next();
      if (next === undefined || next.done === true) {
        throw new AjarError("TRUNCATED", `packed data end at ${at}`, { offset: start });
      }
      chunks.push(next.value);
      at += next.value.length;
      for (let oldest = chunks[0]; oldest !== undefined && first + oldest.length <= start - KEPT; oldest = chunks[0]) {
        first += oldest.length;
        chunks.shift();
      }
    }
    this.#window = joinBytes(chunks);
    this.#base = first;
  }

  async #restart(): Promise<void> {
    await this.close();
    this.#starts += 1;
    if (this.#starts > MAX_RESTARTS) throw new AjarError("OVER_LIMIT", "packed data are read back and forth", { offset: 0 });
    this.#iterator = this.#open()[Symbol.asyncIterator]();
    this.#window = new Uint8Array(0);
    this.#base = 0;
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#iterator?.return?.();
    this.#iterator = null;
  }
}
