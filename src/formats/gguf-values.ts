// The typed values of GGUF metadata. Arrays are stepped over, not kept: a vocabulary is as long as the file says.
import { AjarError } from "../core/errors.ts";
import type { ByteCursor } from "./byte-reader.ts";
import type { RangeCursor } from "./range-cursor.ts";

export type GgufScalar = string | number | bigint | boolean;

/** An array too long to be worth keeping, or one of arrays. */
export interface GgufLongArray {
  readonly elementType: number;
  readonly length: number;
}

export type GgufValue = GgufScalar | readonly GgufScalar[] | GgufLongArray;

const BOOL = 7;
const STRING = 8;
const ARRAY = 9;
/** Longest array that is kept whole: datasets, languages, tags, tensor shapes. */
const MAX_KEPT = 1024;
/** Longest text that is kept; chat templates stay far below. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** Keys per the specification. */
export const MAX_KEY_BYTES = 65_535;
/** The specification allows arrays of arrays; recursion needs an end (as in @huggingface/gguf). */
const MAX_NESTING = 4;

/** Bytes per value of each fixed-size type; index is the type id. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [BOOL, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);

const SCALARS: ReadonlyMap<number, (cursor: ByteCursor) => GgufScalar> = new Map<number, (cursor: ByteCursor) => GgufScalar>([
  [0, (cursor) => cursor.u8()],
  [1, (cursor) => cursor.i8()],
  [2, (cursor) => cursor.u16()],
  [3, (cursor) => cursor.i16()],
  [4, (cursor) => cursor.u32()],
  [5, (cursor) => cursor.i32()],
  [6, (cursor) => cursor.f32()],
  [BOOL, readBool],
  [10, (cursor) => cursor.bigU64()],
  [11, (cursor) => cursor.bigI64()],
  [12, (cursor) => cursor.f64()],
]);

function readBool(cursor: ByteCursor): boolean {
  const at = cursor.offset;
  const value = cursor.u8();
  if (value > 1) throw new AjarError("INCONSISTENT", `GGUF boolean at ${at} is ${value}`, { offset: at });
  return value === 1;
}

/** Version 1 wrote lengths and counts in 32 bits, later versions in 64. */
export class GgufWire {
  readonly cursor: RangeCursor;
  readonly lengthBytes: 4 | 8;

  constructor(cursor: RangeCursor, version: number) {
    this.cursor = cursor;
    this.lengthBytes = version === 1 ? 4 : 8;
  }

  async length(): Promise<number> {
    await this.cursor.need(this.lengthBytes);
    return this.lengthBytes === 4 ? this.cursor.here.u32() : this.cursor.here.u64();
  }

  async u32(): Promise<number> {
    await this.cursor.need(4);
    return this.cursor.here.u32();
  }

  /** @throws AjarError OVER_LIMIT | TRUNCATED before anything is fetched */
  async text(maxBytes: number): Promise<string> {
    const at = this.cursor.offset;
    const length = await this.length();
    this.cursor.checkLeft(length);
    if (length > maxBytes)
      throw new AjarError("OVER_LIMIT", `GGUF text of ${length} bytes is over the limit of ${maxBytes}`, { offset: at });
    await this.cursor.need(length);
    return new TextDecoder().decode(this.cursor.here.take(length));
  }

  async value(type: number): Promise<GgufValue> {
    if (type === STRING) return this.text(MAX_TEXT_BYTES);
    if (type === ARRAY) return this.#array(0);
    return this.#scalar(type);
  }

  async #scalar(type: number): Promise<GgufScalar> {
    const read = SCALARS.get(type);
    if (read === undefined) throw this.#unknownType(type);
    await this.cursor.need(SIZES.get(type) ?? 8);
    return read(this.cursor.here);
  }

  async #array(nesting: number): Promise<readonly GgufScalar[] | GgufLongArray> {
    const at = this.cursor.offset;
    if (nesting >= MAX_NESTING) throw new AjarError("OVER_LIMIT", `GGUF arrays are nested deeper than ${MAX_NESTING}`, { offset: at });
    const elementType = await this.u32();
    const length = await this.length();
    const least = SIZES.get(elementType) ?? (elementType === STRING ? this.lengthBytes : 4 + this.lengthBytes);
    this.cursor.checkLeft(length * least);
    if (elementType === ARRAY) return this.#skipArrays(length, nesting);
    if (length <= MAX_KEPT) return this.#shortArray(elementType, length);
    if (elementType === STRING) await this.#skipTexts(length);
    else if (SIZES.has(elementType)) this.cursor.skip(length * least);
    else throw this.#unknownType(elementType);
    return { elementType, length };
  }

  async #shortArray(elementType: number, length: number): Promise<readonly GgufScalar[]> {
    const values: GgufScalar[] = [];
    for (let index = 0; index < length; index += 1) {
      values.push(elementType === STRING ? await this.text(MAX_TEXT_BYTES) : await this.#scalar(elementType));
    }
    return values;
  }

  async #skipArrays(length: number, nesting: number): Promise<GgufLongArray> {
    for (let index = 0; index < length; index += 1) await this.#array(nesting + 1);
    return { elementType: ARRAY, length };
  }

  /** A vocabulary has hundreds of thousands of texts: waits only where a window ends. */
  async #skipTexts(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      if (this.cursor.here.remaining < this.lengthBytes) await this.cursor.need(this.lengthBytes);
      const length = this.lengthBytes === 4 ? this.cursor.here.u32() : this.cursor.here.u64();
      this.cursor.skip(length);
    }
  }

  #unknownType(type: number): AjarError {
    return new AjarError("INCONSISTENT", `GGUF value of unknown type ${type} at ${this.cursor.offset}`, { offset: this.cursor.offset });
  }
}
