// Addresses and lengths of HDF5, whose width each file chooses (HDF5 File Format Specification 3.0, II.A).
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import type { ByteCursor } from "../byte-reader.ts";
import { PageReader } from "../page-reader.ts";

/** Structure of the largest files, attributes with a model's configuration included. */
const MAX_BYTES = 256 * 1024 * 1024;
/** A configuration stored as one text. */
const MAX_PIECE = 64 * 1024 * 1024;

export interface Widths {
  /** Bytes of an address. */
  readonly offset: number;
  /** Bytes of a length. */
  readonly length: number;
  /** Where address 0 lies: behind a user block. */
  readonly base: number;
}

/** An unsigned number of any width. @throws AjarError OVER_LIMIT above 2^53-1 */
export function uintOf(cursor: ByteCursor, bytes: number): number {
  const at = cursor.offset;
  let value = 0;
  let factor = 1;
  for (let index = 0; index < bytes; index += 1) {
    value += cursor.u8() * factor;
    factor *= 256;
  }
  if (Number.isSafeInteger(value)) return value;
  throw new AjarError("OVER_LIMIT", `number at ${at} is over 2^53-1`, { offset: at });
}

/** A file whose widths are known. */
export class Hdf5Bytes {
  readonly widths: Widths;
  readonly #pages: PageReader;

  constructor(pages: PageReader, widths: Widths) {
    this.#pages = pages;
    this.widths = widths;
  }

  static pages(reader: ByteReader): PageReader {
    return new PageReader(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_PIECE });
  }

  /** `length` bytes at an address of the file. @throws AjarError TRUNCATED | OVER_LIMIT */
  async at(address: number, length: number): Promise<ByteCursor> {
    return await this.#pages.at(this.widths.base + address, length);
  }

  /** As many of `length` bytes as the file has: for structures whose own head says how long they are. */
  async upTo(address: number, length: number): Promise<ByteCursor> {
    const start = this.widths.base + address;
    return await this.at(address, Math.max(0, Math.min(length, this.#pages.sizeBytes - start)));
  }

  /** An address; null where the file has none (all bits set). */
  address(cursor: ByteCursor): number | null {
    const bytes = cursor.take(this.widths.offset);
    if (bytes.every((byte) => byte === 0xff)) return null;
    cursor.position -= this.widths.offset;
    return uintOf(cursor, this.widths.offset);
  }

  /** An address that must be there. @throws AjarError INCONSISTENT */
  someAddress(cursor: ByteCursor, what: string): number {
    const at = cursor.offset;
    const address = this.address(cursor);
    if (address !== null) return address;
    throw new AjarError("INCONSISTENT", `HDF5 ${what} has no address`, { offset: at });
  }

  length(cursor: ByteCursor): number {
    return uintOf(cursor, this.widths.length);
  }
}

/** Checks the four letters that every HDF5 structure begins with. @throws AjarError INCONSISTENT */
export function expectMark(cursor: ByteCursor, mark: string): void {
  const at = cursor.offset;
  const found = new TextDecoder("latin1").decode(cursor.take(mark.length));
  if (found !== mark) throw new AjarError("INCONSISTENT", `HDF5 structure at ${at} is no ${mark}`, { offset: at });
}

/** @throws AjarError UNSUPPORTED */
export function expectVersion(cursor: ByteCursor, what: string, versions: readonly number[]): number {
  const at = cursor.offset;
  const version = cursor.u8();
  if (versions.includes(version)) return version;
  throw new AjarError("UNSUPPORTED", `HDF5 ${what} of version ${version}`, { offset: at });
}
