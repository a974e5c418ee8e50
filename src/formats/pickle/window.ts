import type { ByteReader } from "../../core/source.ts";
import { joinBytes } from "../byte-reader.ts";

const CHUNK = 1024 * 1024;

/** A stretch of a file in memory that moves along with its reader. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0);
  base = 0;
  readonly #reader: ByteReader;
  readonly #seen: ((bytes: Uint8Array, base: number) => void) | null;

  /** `seen` is shown every stretch as it is read, with what was in the window before it where they meet. */
  constructor(reader: ByteReader, seen: ((bytes: Uint8Array, base: number) => void) | null = null) {
    this.#reader = reader;
    this.#seen = seen;
  }

  get sizeBytes(): number {
    return this.#reader.sizeBytes;
  }

  /** Moves so that the window begins at or before `offset` and holds `length` bytes from there. False when the file ends first. */
  async reach(offset: number, length: number): Promise<boolean> {
    const has = offset >= this.base && offset <= this.base + this.bytes.length;
    if (has && offset + length <= this.base + this.bytes.length) return true;
    if (offset > this.sizeBytes) return false;
    const rest = has ? this.bytes.subarray(offset - this.base) : new Uint8Array(0);
    const from = offset + rest.length;
    const wanted = Math.min(Math.max(CHUNK, length) - rest.length, this.sizeBytes - from);
    if (wanted > 0) {
      const more = await this.#reader.read(from, wanted);
      this.bytes = joinBytes(rest.length === 0 ? [more] : [rest, more]);
      this.base = offset;
      this.#seen?.(this.bytes, this.base);
    }
    return offset + length <= this.base + this.bytes.length;
  }

  /** Bytes of the file that need not be in the window. @throws AjarError TRUNCATED */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const from = offset - this.base;
    if (from >= 0 && from + length <= this.bytes.length) return this.bytes.subarray(from, from + length);
    return await this.#reader.read(offset, length);
  }
}
