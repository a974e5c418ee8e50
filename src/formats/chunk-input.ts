import { AjarError } from "../core/errors.ts";
import { joinBytes } from "./byte-reader.ts";

/** What is skipped is read in steps of this size. */
const SKIP_STEP = 1024 * 1024;

/** Takes exact numbers of bytes out of a stream of chunks. */
export class ChunkInput {
  /** Bytes taken so far. */
  position = 0;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** Whether nothing is left; waits for the next chunk to know. */
  async isAtEnd(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#iterator.next();
      if (next.done === true) return true;
      this.#left = next.value;
    }
    return false;
  }

  /** Up to `length` bytes; fewer only at the end, none after it. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && !(await this.isAtEnd())) {
      const part = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    this.position += length - missing;
    return joinBytes(parts);
  }

  /** Exactly `length` bytes. @throws AjarError TRUNCATED with the offset */
  async need(length: number): Promise<Uint8Array> {
    const bytes = await this.take(length);
    if (bytes.length < length) throw this.#cutOff();
    return bytes;
  }

  /** @throws AjarError TRUNCATED with the offset when fewer bytes are left */
  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0; missing -= SKIP_STEP) await this.need(Math.min(missing, SKIP_STEP));
  }

  /** Lets go of the stream before its end. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  #cutOff(): AjarError {
    return new AjarError("TRUNCATED", `data end at ${this.position}, inside a member`, {
      offset: this.position,
      hint: "Fetch the file again.",
    });
  }
}
