import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { checkRange } from "../formats/byte-reader.ts";
import { HEAD_BYTES, TAIL_BYTES } from "./limits.ts";

/** Subject of the error that ends reading by range: not the file is at fault, an audit reads no further. */
const BY_RANGE = "by range";

/** Whether an error only says that an audit reads no further. */
export function isRangeEnd(error: AjarError): boolean {
  return error.code === "OVER_LIMIT" && error.subject === BY_RANGE;
}

/** @throws AjarError always: what would be read next is more than an audit reads of a file */
export function endRange(offset: number): never {
  throw new AjarError("OVER_LIMIT", `stopped before byte ${offset}`, { subject: BY_RANGE, offset });
}

/** A file whose first and last bytes are kept, since every scanner wants them, and of which only so much may be read. */
export class FileReader implements ByteReader {
  readonly sizeBytes: number;
  /** Thrown by the reader beneath, so that a source's failure is not taken for a broken file. */
  failure: unknown = undefined;
  readonly #reader: ByteReader;
  #left: number;
  #head: Uint8Array | null = null;
  #tail: Uint8Array | null = null;

  /** `maxBytes`: what may be read over all, beginning and end included. */
  constructor(reader: ByteReader, maxBytes: number) {
    this.#reader = reader;
    this.#left = maxBytes;
    this.sizeBytes = reader.sizeBytes;
  }

  async head(): Promise<Uint8Array> {
    this.#head ??= await this.#fetch(0, Math.min(HEAD_BYTES, this.sizeBytes));
    return this.#head;
  }

  async tail(): Promise<Uint8Array> {
    const start = Math.max(0, this.sizeBytes - TAIL_BYTES);
    if (start === 0) this.#tail ??= await this.read(0, this.sizeBytes);
    this.#tail ??= await this.#fetch(start, this.sizeBytes - start);
    return this.#tail;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    const head = await this.head();
    if (start + length <= head.length) return head.subarray(start, start + length);
    const tailStart = this.sizeBytes - (this.#tail?.length ?? 0);
    if (this.#tail !== null && start >= tailStart) return this.#tail.subarray(start - tailStart, start - tailStart + length);
    return await this.#fetch(start, length);
  }

  async #fetch(start: number, length: number): Promise<Uint8Array> {
    if (length > this.#left) endRange(start);
    this.#left -= length;
    try {
      const bytes = await this.#reader.read(start, length);
      checkRange(0, length, bytes.length);
      return bytes;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
