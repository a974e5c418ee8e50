import type { ByteReader } from "../core/source.ts";
import { checkRange } from "./byte-reader.ts";

/** Longest start of a file that is kept. */
const MAX_KEPT = 64 * 1024;

/** Keeps the start of a file, which recognising it and reading its header both want. */
export class PrefixReader implements ByteReader {
  readonly sizeBytes: number;
  /** Thrown by the reader beneath, so that a source's failure is not taken for a broken file. */
  failure: unknown = undefined;
  readonly #reader: ByteReader;
  #prefix: Uint8Array | null = null;

  constructor(reader: ByteReader) {
    this.#reader = reader;
    this.sizeBytes = reader.sizeBytes;
  }

  /** The first bytes, at most 64 KiB. */
  async prefix(): Promise<Uint8Array> {
    this.#prefix ??= await this.#fetch(0, Math.min(MAX_KEPT, this.sizeBytes));
    return this.#prefix;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    const prefix = await this.prefix();
    if (start + length <= prefix.length) return prefix.subarray(start, start + length);
    return this.#fetch(start, length);
  }

  async #fetch(start: number, length: number): Promise<Uint8Array> {
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
