// The superblock (HDF5 File Format Specification 3.0, II.A), versions 0 to 3.
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import type { PageReader } from "../page-reader.ts";
import { uintOf } from "./bytes.ts";

export interface Superblock {
  readonly version: number;
  readonly offset: number;
  readonly length: number;
  /** Where the superblock was found; addresses count from `base`. */
  readonly base: number;
  /** Object header of the root group. */
  readonly root: number;
}

const MARK = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** A user block may stand before it: 512 bytes, 1024, 2048 … (II.A). */
const FIRST_USER_BLOCK = 512;
/** Longest form: version 1 with 8-byte addresses. */
const MAX_SIZE = 104;

/** @throws AjarError NOT_THIS_FORMAT | UNSUPPORTED | TRUNCATED | OVER_LIMIT */
export async function readSuperblock(pages: PageReader): Promise<Superblock> {
  for (let at = 0; at + MARK.length <= pages.sizeBytes; at = at === 0 ? FIRST_USER_BLOCK : at * 2) {
    const cursor = await pages.at(at, Math.min(MAX_SIZE, pages.sizeBytes - at));
    const found = cursor.take(MARK.length);
    if (MARK.every((byte, index) => found[index] === byte)) return parse(cursor, at);
  }
  throw new AjarError("NOT_THIS_FORMAT", "HDF5 signature is missing", { offset: 0 });
}

function parse(cursor: ByteCursor, at: number): Superblock {
  const version = cursor.u8();
  if (version > 3) throw new AjarError("UNSUPPORTED", `HDF5 superblock of version ${version} is not known`, { offset: at + 8 });
  if (version < 2) cursor.skip(4);
  const offset = widthOf(cursor);
  const length = widthOf(cursor);
  // Version 0: reserved, two node sizes, flags; version 1 adds a third node size and two reserved bytes. Later: flags.
  cursor.skip(version === 0 ? 9 : version === 1 ? 13 : 1);
  const stated = addressOf(cursor, offset);
  // The library takes the place of the superblock where the two differ (H5F__super_read).
  const base = stated === 0 ? at : stated;
  cursor.skip(version < 2 ? 3 * offset : 2 * offset);
  if (version < 2) cursor.skip(offset);
  return { version, offset, length, base, root: addressOf(cursor, offset) };
}

function widthOf(cursor: ByteCursor): number {
  const at = cursor.offset;
  const width = cursor.u8();
  if (width === 2 || width === 4 || width === 8) return width;
  throw new AjarError("UNSUPPORTED", `HDF5 numbers of ${width} bytes`, { offset: at });
}

function addressOf(cursor: ByteCursor, width: number): number {
  return uintOf(cursor, width);
}
