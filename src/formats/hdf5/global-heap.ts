// Global heaps: texts of varying length, lists of what a virtual dataset is made of (HDF5 File Format Specification 3.0, III.E).
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import { expectMark, type Hdf5Bytes } from "./bytes.ts";

const MAX_OBJECTS = 65_536;

/** One object of a collection. @throws AjarError with a FormatCode */
export async function globalObject(bytes: Hdf5Bytes, address: number, index: number): Promise<ByteCursor> {
  const width = bytes.widths.length;
  const head = await bytes.at(address, 8 + width);
  expectMark(head, "GCOL");
  head.skip(4);
  const end = address + bytes.length(head);
  let at = address + 8 + width;
  for (let objects = 0; objects < MAX_OBJECTS && at + 8 + width <= end; objects += 1) {
    const object = await bytes.at(at, 8 + width);
    const id = object.u16();
    object.skip(6);
    const size = bytes.length(object);
    if (id === index) return await bytes.at(at + 8 + width, size);
    if (id === 0) break;
    at += 8 + width + Math.ceil(size / 8) * 8;
  }
  throw new AjarError("INCONSISTENT", `HDF5 heap at ${address} has no object ${index}`, { offset: address });
}

/** What a virtual dataset is made of (IV.A.2.i, "Virtual Storage Layout"): the number of its sources and the file of the first. */
export async function virtualSources(
  bytes: Hdf5Bytes,
  { address, index }: { readonly address: number; readonly index: number },
): Promise<{ readonly count: number; readonly firstFile: string }> {
  const object = await globalObject(bytes, address, index);
  object.skip(1);
  const count = bytes.length(object);
  const rest = object.take(object.remaining);
  const end = rest.indexOf(0);
  return { count, firstFile: new TextDecoder().decode(rest.subarray(0, Math.max(0, end))) };
}
