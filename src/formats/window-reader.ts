import type { ByteReader } from "../core/source.ts";
import { checkRange } from "./byte-reader.ts";

/** Part of another reader, read as if it were a file of its own. */
export class WindowReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #reader: ByteReader;
  readonly #start: number;

  /** @throws AjarError TRUNCATED when the part is not wholly inside `reader` */
  constructor(reader: ByteReader, start: number, sizeBytes: number = reader.sizeBytes - start) {
    checkRange(start, sizeBytes, reader.sizeBytes);
    this.#reader = reader;
    this.#start = start;
    this.sizeBytes = sizeBytes;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    return await this.#reader.read(this.#start + start, length);
  }
}
