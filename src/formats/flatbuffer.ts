// FlatBuffers (flatbuffers.dev, "Internals"): tables, vectors and texts by offsets, each checked against the file.
import { AjarError } from "../core/errors.ts";
import type { ByteCursor } from "./byte-reader.ts";
import type { PageReader } from "./page-reader.ts";

/** A vector: where its elements begin, and how many it has. */
export interface FlatVector {
  readonly start: number;
  readonly length: number;
}

/** No schema has so many fields; two bytes each. */
const MAX_VTABLE_BYTES = 4 + 2 * 1000;

/** One table, its fields by number. */
export class FlatTable {
  /** Place in the file. */
  readonly offset: number;
  readonly #pages: PageReader;
  readonly #fields: readonly number[];

  private constructor(pages: PageReader, offset: number, fields: readonly number[]) {
    this.#pages = pages;
    this.offset = offset;
    this.#fields = fields;
  }

  /** The root of a file. @throws AjarError TRUNCATED | INCONSISTENT */
  static async root(pages: PageReader): Promise<FlatTable> {
    return await FlatTable.at(pages, (await pages.at(0, 4)).u32());
  }

  static async at(pages: PageReader, offset: number): Promise<FlatTable> {
    const vtable = offset - (await pages.at(offset, 4)).i32();
    const size = (await pages.at(vtable, 2)).u16();
    if (size < 4 || size > MAX_VTABLE_BYTES || size % 2 !== 0) {
      throw new AjarError("INCONSISTENT", `FlatBuffers table at ${offset} has a list of ${size} bytes`, { offset });
    }
    const cursor = await pages.at(vtable + 4, size - 4);
    const fields: number[] = [];
    while (cursor.remaining > 0) fields.push(cursor.u16());
    return new FlatTable(pages, offset, fields);
  }

  /** Bytes of a field in place; null when it is absent and has its default. */
  async #field(id: number, length: number): Promise<ByteCursor | null> {
    const at = this.#fields[id] ?? 0;
    return at === 0 ? null : await this.#pages.at(this.offset + at, length);
  }

  async i8(id: number): Promise<number> {
    return (await this.#field(id, 1))?.i8() ?? 0;
  }

  async u8(id: number): Promise<number> {
    return (await this.#field(id, 1))?.u8() ?? 0;
  }

  async i16(id: number): Promise<number> {
    return (await this.#field(id, 2))?.i16() ?? 0;
  }

  async i32(id: number): Promise<number> {
    return (await this.#field(id, 4))?.i32() ?? 0;
  }

  async u32(id: number): Promise<number> {
    return (await this.#field(id, 4))?.u32() ?? 0;
  }

  async u64(id: number): Promise<number> {
    return (await this.#field(id, 8))?.u64() ?? 0;
  }

  /** Where a field that is stored elsewhere lies. */
  async #target(id: number): Promise<number | null> {
    const cursor = await this.#field(id, 4);
    return cursor === null ? null : cursor.base + cursor.u32();
  }

  async table(id: number): Promise<FlatTable | null> {
    const at = await this.#target(id);
    return at === null ? null : await FlatTable.at(this.#pages, at);
  }

  /** A vector's place; its elements are not looked at. Absent and empty are the same. */
  async vector(id: number): Promise<FlatVector> {
    const at = await this.#target(id);
    if (at === null) return { start: 0, length: 0 };
    return { start: at + 4, length: (await this.#pages.at(at, 4)).u32() };
  }

  /** @throws AjarError OVER_LIMIT */
  async text(id: number, maxBytes: number): Promise<string> {
    const { start, length } = await this.vector(id);
    if (length > maxBytes) throw new AjarError("OVER_LIMIT", `FlatBuffers text of ${length} bytes`, { offset: start });
    return length === 0 ? "" : new TextDecoder().decode((await this.#pages.at(start, length)).bytes);
  }

  async i32s(id: number, most: number): Promise<readonly number[]> {
    const { start, length } = await this.vector(id);
    if (length > most) throw new AjarError("OVER_LIMIT", `FlatBuffers vector of ${length} numbers`, { offset: start });
    const cursor = await this.#pages.at(start, length * 4);
    return Array.from({ length }, () => cursor.i32());
  }

  /** The elements of a vector of structs or numbers, `bytes` each, one after another. @throws AjarError OVER_LIMIT */
  async structs(id: number, bytes: number, most: number): Promise<{ readonly count: number; readonly cursor: ByteCursor }> {
    const { start, length } = await this.vector(id);
    if (length > most) throw new AjarError("OVER_LIMIT", `FlatBuffers vector of ${length} structs`, { offset: start });
    return { count: length, cursor: await this.#pages.at(start, length * bytes) };
  }

  /** One table of a vector of tables. */
  async element({ start, length }: FlatVector, index: number): Promise<FlatTable> {
    if (index >= length) {
      throw new AjarError("INCONSISTENT", `FlatBuffers vector of ${length} has no element ${index}`, { offset: start });
    }
    const at = start + index * 4;
    return await FlatTable.at(this.#pages, at + (await this.#pages.at(at, 4)).u32());
  }

  /** The tables of a vector, one by one. @throws AjarError OVER_LIMIT */
  async *tables(id: number, most: number): AsyncGenerator<FlatTable> {
    const vector = await this.vector(id);
    if (vector.length > most) throw new AjarError("OVER_LIMIT", `FlatBuffers vector of ${vector.length} tables`, { offset: vector.start });
    for (let index = 0; index < vector.length; index += 1) yield await this.element(vector, index);
  }
}
