import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";

/** Bytes already in memory, read like any other reader. */
export class MemoryReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.length;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    checkRange(start, length, this.sizeBytes);
    return this.#bytes.subarray(start, start + length);
  }
}

/** Refuses a range that is not wholly inside `sizeBytes`. @throws AjarError TRUNCATED with the offset */
export function checkRange(start: number, length: number, sizeBytes: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= 0 && length >= 0 && start <= sizeBytes - length) return;
  // What a file states may be no number that a place can be.
  const offset = Number.isSafeInteger(start) ? Math.max(0, start) : sizeBytes;
  throw new AjarError("TRUNCATED", `${length} bytes at ${start} pass the end of ${sizeBytes} bytes`, { offset });
}

/**
 * Reads numbers out of bytes whose every length is hostile: each step is checked before it is taken.
 * Offsets in errors count from the start of the file (`base` + place in the bytes).
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly base: number;
  /** Place of the next byte, counted from the start of `bytes`. */
  position = 0;
  littleEndian = true;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, base = 0) {
    this.bytes = bytes;
    this.base = base;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Place of the next byte in the file. */
  get offset(): number {
    return this.base + this.position;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Moves on by `length` and gives the place before. @throws AjarError TRUNCATED */
  #step(length: number): number {
    if (!(length >= 0 && length <= this.remaining)) {
      throw new AjarError("TRUNCATED", `${length} bytes are needed at ${this.offset}, ${this.remaining} are left`, { offset: this.offset });
    }
    const before = this.position;
    this.position += length;
    return before;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), this.littleEndian);
  }

  i16(): number {
    return this.#view.getInt16(this.#step(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), this.littleEndian);
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), this.littleEndian);
  }

  f32(): number {
    return this.#view.getFloat32(this.#step(4), this.littleEndian);
  }

  f64(): number {
    return this.#view.getFloat64(this.#step(8), this.littleEndian);
  }

  bigU64(): bigint {
    return this.#view.getBigUint64(this.#step(8), this.littleEndian);
  }

  bigI64(): bigint {
    return this.#view.getBigInt64(this.#step(8), this.littleEndian);
  }

  /** A 64-bit count or offset. @throws AjarError OVER_LIMIT above 2^53-1, which no real file reaches */
  u64(): number {
    const at = this.offset;
    return safeNumber(this.bigU64(), at);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.#step(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#step(length);
  }
}

/** Converts a 64-bit value. @throws AjarError OVER_LIMIT when a double cannot hold it exactly */
function safeNumber(value: bigint, offset: number): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)) return Number(value);
  throw new AjarError("OVER_LIMIT", `number ${value} at ${offset} is over 2^53-1`, { offset });
}

/** Joins chunks into one array. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
