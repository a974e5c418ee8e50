// Where a dataset's elements lie (HDF5 File Format Specification 3.0, IV.A.2.h and i).
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import type { Hdf5Bytes } from "./bytes.ts";

export interface Layout {
  readonly kind: "compact" | "contiguous" | "chunked" | "virtual";
  /** Bytes of the file, end excluded; null where they do not lie in one piece or were never written. */
  readonly place: { readonly start: number; readonly end: number } | null;
  /** Where a virtual dataset says what it is made of. */
  readonly sources?: { readonly address: number; readonly index: number };
}

const KINDS: readonly Layout["kind"][] = ["compact", "contiguous", "chunked", "virtual"];

/** `dataBytes`: what type and dataspace give. @throws AjarError with a FormatCode */
export function readLayout(bytes: Hdf5Bytes, cursor: ByteCursor, dataBytes: number): Layout {
  const at = cursor.offset;
  const version = cursor.u8();
  if (version < 1 || version > 5) throw new AjarError("UNSUPPORTED", `HDF5 layout of version ${version}`, { offset: at });
  return version < 3 ? oldLayout(bytes, cursor, dataBytes) : newLayout(bytes, cursor);
}

function kindOf(code: number, at: number): Layout["kind"] {
  const kind = KINDS[code];
  if (kind !== undefined) return kind;
  throw new AjarError("UNSUPPORTED", `HDF5 layout of class ${code}`, { offset: at });
}

function oldLayout(bytes: Hdf5Bytes, cursor: ByteCursor, dataBytes: number): Layout {
  const rank = cursor.u8();
  const kind = kindOf(cursor.u8(), cursor.offset);
  cursor.skip(5);
  if (kind === "virtual" || kind === "chunked") return { kind, place: null };
  if (kind === "contiguous") return { kind, place: placeOf(bytes, bytes.address(cursor), dataBytes) };
  cursor.skip(4 * rank);
  const size = cursor.u32();
  return { kind, place: { start: cursor.offset, end: cursor.offset + size } };
}

function newLayout(bytes: Hdf5Bytes, cursor: ByteCursor): Layout {
  const kind = kindOf(cursor.u8(), cursor.offset);
  if (kind === "compact") {
    const size = cursor.u16();
    return { kind, place: { start: cursor.offset, end: cursor.offset + size } };
  }
  if (kind === "virtual") {
    const heap = bytes.address(cursor);
    return { kind, place: null, ...(heap === null ? {} : { sources: { address: heap, index: cursor.u32() } }) };
  }
  if (kind === "chunked") return { kind, place: null };
  const address = bytes.address(cursor);
  return { kind, place: placeOf(bytes, address, bytes.length(cursor)) };
}

function placeOf({ widths }: Hdf5Bytes, address: number | null, size: number): Layout["place"] {
  if (address === null) return null;
  return { start: widths.base + address, end: widths.base + address + size };
}

/** Names of the filters that elements pass through, e.g. `gzip` (IV.A.2.l). */
export function readFilters(cursor: ByteCursor): readonly string[] {
  const version = cursor.u8();
  const count = cursor.u8();
  if (version === 1) cursor.skip(6);
  const names: string[] = [];
  for (let index = 0; index < Math.min(count, MAX_FILTERS) && cursor.remaining >= 6; index += 1) {
    const id = cursor.u16();
    const nameBytes = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    cursor.skip(nameBytes + 4 * values);
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    names.push(FILTERS[id] ?? `filter-${id}`);
  }
  return names;
}

const MAX_FILTERS = 32;
const FILTERS: Readonly<Record<number, string>> = { 1: "gzip", 2: "shuffle", 3: "fletcher32", 4: "szip", 5: "nbit", 6: "scaleoffset" };

export interface ExternalSlot {
  /** Offset of the file's name in the local heap. */
  readonly nameOffset: number;
}

/** The list of raw files outside (IV.A.2.g): the heap with their names, and a slot each. */
export function readExternalFiles(
  bytes: Hdf5Bytes,
  cursor: ByteCursor,
): { readonly heap: number; readonly slots: readonly ExternalSlot[] } {
  cursor.skip(4);
  const allocated = cursor.u16();
  const used = cursor.u16();
  const heap = bytes.someAddress(cursor, "list of external files");
  const slots: ExternalSlot[] = [];
  for (let index = 0; index < Math.min(used, allocated); index += 1) {
    slots.push({ nameOffset: bytes.length(cursor) });
    cursor.skip(2 * bytes.widths.length);
  }
  return { heap, slots };
}
