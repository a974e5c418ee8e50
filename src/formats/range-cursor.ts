import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { ByteCursor, joinBytes } from "./byte-reader.ts";

export interface RangeCursorLimits {
  /** Bytes that may be fetched in all. */
  readonly maxBytes: number;
  /** Largest piece that may be asked for at once. */
  readonly maxPiece: number;
}

const FIRST_WINDOW = 64 * 1024;
const LAST_WINDOW = 4 * 1024 * 1024;
/** After a long skip: what lies between two tensors is a name and a shape. */
const HOP_WINDOW = 4 * 1024;

/**
 * Walks through a file whose header is of unknown length: fetches windows that grow, skips without fetching, keeps only
 * the current window. Ask with `need`, then read from `here` without waiting.
 */
export class RangeCursor {
  /** The current window. Valid until the next `need` or `skip`. */
  here: ByteCursor;
  littleEndian = true;
  readonly sizeBytes: number;
  readonly #reader: ByteReader;
  readonly #limits: RangeCursorLimits;
  #window = FIRST_WINDOW;
  #fetched = 0;

  constructor(reader: ByteReader, limits: RangeCursorLimits, start = 0) {
    this.#reader = reader;
    this.#limits = limits;
    this.sizeBytes = reader.sizeBytes;
    this.here = new ByteCursor(new Uint8Array(0), start);
  }

  /** Place of the next byte in the file. */
  get offset(): number {
    return this.here.offset;
  }

  /** Bytes from here to the end of the file. */
  get remaining(): number {
    return this.sizeBytes - this.offset;
  }

  /** Makes `length` bytes available in `here`. @throws AjarError TRUNCATED | OVER_LIMIT with the offset */
  async need(length: number): Promise<void> {
    if (this.here.remaining >= length) return;
    const at = this.offset;
    this.checkLeft(length);
    if (length > this.#limits.maxPiece) {
      throw new AjarError("OVER_LIMIT", `${length} bytes at ${at} are over the limit of ${this.#limits.maxPiece}`, { offset: at });
    }
    const rest = this.here.bytes.subarray(this.here.position);
    const wanted = Math.min(Math.max(length, this.#window), this.remaining) - rest.length;
    this.#fetched += wanted;
    if (this.#fetched > this.#limits.maxBytes) {
      throw new AjarError("OVER_LIMIT", `header goes on after ${this.#limits.maxBytes} bytes`, { offset: at });
    }
    const more = await this.#reader.read(at + rest.length, wanted);
    this.#window = Math.min(this.#window * 2, LAST_WINDOW);
    this.#move(rest.length === 0 ? more : joinBytes([rest, more]), at);
  }

  /** Moves on without fetching. @throws AjarError TRUNCATED with the offset */
  skip(length: number): void {
    if (length <= this.here.remaining) {
      this.here.skip(length);
      return;
    }
    this.checkLeft(length);
    if (length - this.here.remaining > this.#window) this.#window = HOP_WINDOW;
    this.#move(new Uint8Array(0), this.offset + length);
  }

  /** Refuses a length that the file cannot hold, before anything is done with it. @throws AjarError TRUNCATED */
  checkLeft(length: number): void {
    if (length <= this.remaining) return;
    throw new AjarError("TRUNCATED", `${length} bytes are stated at ${this.offset}, ${this.remaining} are left`, { offset: this.offset });
  }

  #move(bytes: Uint8Array, base: number): void {
    this.here = new ByteCursor(bytes, base);
    this.here.littleEndian = this.littleEndian;
  }

  /** Sets the byte order of this and all later windows. */
  setLittleEndian(isLittle: boolean): void {
    this.littleEndian = isLittle;
    this.here.littleEndian = isLittle;
  }
}
