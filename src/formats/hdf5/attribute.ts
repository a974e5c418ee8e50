// Attributes (HDF5 File Format Specification 3.0, IV.A.2.m).
import { AjarError } from "../../core/errors.ts";
import { ByteCursor } from "../byte-reader.ts";
import { expectVersion, type Hdf5Bytes } from "./bytes.ts";
import { type Datatype, readDataspace, readDatatype } from "./datatype.ts";
import { globalObject } from "./global-heap.ts";

export interface Attribute {
  readonly name: string;
  readonly dtype: string;
  /** Texts, when it holds any and not too many; null for everything else. */
  readonly texts: readonly string[] | null;
  /** Bytes of the file that hold it, a text in a heap included. */
  readonly start: number;
  readonly end: number;
}

/** Layer names of a model, one text each. */
const MAX_TEXTS = 10_000;

/** What an attribute's types may point to: a committed datatype elsewhere in the file. */
export type SharedType = (cursor: ByteCursor) => Promise<Datatype>;

/** @throws AjarError with a FormatCode */
export async function readAttribute(bytes: Hdf5Bytes, cursor: ByteCursor, shared: SharedType): Promise<Attribute> {
  const start = cursor.offset;
  const version = expectVersion(cursor, "attribute", [1, 2, 3]);
  const flags = cursor.u8();
  const [nameBytes, typeBytes, spaceBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (length: number): ByteCursor => {
    const offset = cursor.offset;
    const taken = new ByteCursor(cursor.take(length), offset);
    if (version === 1) cursor.skip(Math.min(cursor.remaining, (8 - (length % 8)) % 8));
    return taken;
  };
  const name = untilNul(part(nameBytes).bytes);
  const type = part(typeBytes);
  const datatype = version > 1 && (flags & 1) !== 0 ? await shared(type) : readDatatype(type);
  const space = part(spaceBytes);
  if (version > 1 && (flags & 2) !== 0)
    throw new AjarError("UNSUPPORTED", "HDF5 attribute with a shared dataspace", { offset: space.offset });
  const sides = readDataspace(bytes, space) ?? [0];
  const found = await textsOf(
    bytes,
    cursor,
    datatype,
    sides.reduce((product, side) => product * side, 1),
  );
  return { name, dtype: datatype.name, texts: found?.texts ?? null, start, end: Math.max(cursor.offset, found?.end ?? 0) };
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}

interface Texts {
  readonly texts: readonly string[];
  readonly end: number;
}

async function textsOf(bytes: Hdf5Bytes, cursor: ByteCursor, { kind, size }: Datatype, count: number): Promise<Texts | null> {
  if ((kind !== "text" && kind !== "fixed-text") || count > MAX_TEXTS) return null;
  const texts: string[] = [];
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    if (kind === "fixed-text") texts.push(untilNul(cursor.take(size)));
    else {
      const found = await heapText(bytes, cursor);
      texts.push(found.text);
      end = Math.max(end, found.end);
    }
  }
  return { texts, end };
}

/** Length, heap and index of a text (IV.B, "vlen"). */
async function heapText(bytes: Hdf5Bytes, cursor: ByteCursor): Promise<{ readonly text: string; readonly end: number }> {
  const length = cursor.u32();
  const heap = bytes.address(cursor);
  const index = cursor.u32();
  if (length === 0 || heap === null || heap === 0) return { text: "", end: 0 };
  const data = await globalObject(bytes, heap, index);
  const text = data.take(length);
  return { text: untilNul(text), end: data.offset };
}
