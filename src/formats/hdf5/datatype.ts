// Datatypes and dataspaces (HDF5 File Format Specification 3.0, IV.A.2.b and d).
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import type { Hdf5Bytes } from "./bytes.ts";

export interface Datatype {
  /** As NumPy names it where it can: `float32`, `>f8`, `|S5`, `bool`; `string` for texts of varying length. */
  readonly name: string;
  /** Bytes of one element in the file. */
  readonly size: number;
  readonly kind: "number" | "fixed-text" | "text" | "sequence" | "reference" | "other";
}

/** Compounds of compounds: recursion must end. */
const MAX_DEPTH = 16;
const MAX_MEMBERS = 1000;
const MAX_RANK = 32;

/** @throws AjarError with a FormatCode */
export function readDatatype(cursor: ByteCursor, depth = 0): Datatype {
  const at = cursor.offset;
  if (depth > MAX_DEPTH) throw new AjarError("OVER_LIMIT", "HDF5 types inside each other", { offset: at });
  const head = cursor.u8();
  const version = head >> 4;
  if (version < 1 || version > 5) throw new AjarError("UNSUPPORTED", `HDF5 datatype of version ${version}`, { offset: at });
  const bits = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
  const size = cursor.u32();
  const read = CLASSES[head & 15];
  if (read === undefined) throw new AjarError("UNSUPPORTED", `HDF5 datatype of class ${head & 15}`, { offset: at });
  return read({ cursor, version, bits, size, depth });
}

interface Head {
  readonly cursor: ByteCursor;
  readonly version: number;
  readonly bits: number;
  readonly size: number;
  readonly depth: number;
}

type Read = (head: Head) => Datatype;

const other = (name: string, size: number): Datatype => ({ name, size, kind: "other" });

function numberName(word: string, letter: string, size: number, isBig: boolean): string {
  return isBig && size > 1 ? `>${letter}${size}` : `${word}${size * 8}`;
}

const fixedPoint: Read = ({ cursor, bits, size }) => {
  cursor.skip(4);
  const isSigned = (bits & 8) !== 0;
  return { name: numberName(isSigned ? "int" : "uint", isSigned ? "i" : "u", size, (bits & 1) !== 0), size, kind: "number" };
};

/** Sizes of exponent and mantissa tell the narrow types apart. */
const NARROW: Readonly<Record<string, string>> = { "2:8:7": "bfloat16", "1:4:3": "float8_e4m3fn", "1:5:2": "float8_e5m2" };

const floatingPoint: Read = ({ cursor, bits, size }) => {
  cursor.skip(5);
  const exponent = cursor.u8();
  cursor.skip(1);
  const mantissa = cursor.u8();
  cursor.skip(4);
  const narrow = NARROW[`${size}:${exponent}:${mantissa}`];
  return { name: narrow ?? numberName("float", "f", size, (bits & 1) !== 0), size, kind: "number" };
};

const compound: Read = (head) => {
  const { cursor, version, bits, size, depth } = head;
  const members = bits & 0xffff;
  if (members > MAX_MEMBERS) throw new AjarError("OVER_LIMIT", `HDF5 type of ${members} members`, { offset: cursor.offset });
  const names: string[] = [];
  for (let index = 0; index < members; index += 1) {
    skipName(cursor, version < 3);
    cursor.skip(version < 3 ? 4 : widthFor(size));
    if (version === 1) cursor.skip(28);
    names.push(readDatatype(cursor, depth + 1).name);
  }
  return other(
    names.join(",") === "float32,float32" ? "complex64" : names.join(",") === "float64,float64" ? "complex128" : "compound",
    size,
  );
};

/** Bytes that hold numbers up to `size`. */
function widthFor(size: number): number {
  return size < 0x100 ? 1 : size < 0x1_0000 ? 2 : size < 0x100_0000 ? 3 : 4;
}

/** A name with its NUL; before version 3 padded to eight bytes. */
function skipName(cursor: ByteCursor, isPadded: boolean): string {
  const start = cursor.position;
  while (cursor.u8() !== 0);
  const name = new TextDecoder().decode(cursor.bytes.subarray(start, cursor.position - 1));
  if (isPadded) cursor.skip(Math.min(cursor.remaining, (8 - ((cursor.position - start) % 8)) % 8));
  return name;
}

const enumeration: Read = ({ cursor, version, bits, size, depth }) => {
  const base = readDatatype(cursor, depth + 1);
  const members = bits & 0xffff;
  if (members > MAX_MEMBERS) return other(base.name, size);
  const names: string[] = [];
  for (let index = 0; index < members; index += 1) names.push(skipName(cursor, version < 3));
  cursor.skip(members * base.size);
  const isBool = size === 1 && names.join(",") === "FALSE,TRUE";
  return { name: isBool ? "bool" : base.name, size, kind: "number" };
};

const array: Read = ({ cursor, version, size, depth }) => {
  const rank = cursor.u8();
  if (rank > MAX_RANK) throw new AjarError("OVER_LIMIT", `HDF5 array of ${rank} dimensions`, { offset: cursor.offset });
  if (version < 3) cursor.skip(3);
  const sides = Array.from({ length: rank }, () => cursor.u32());
  if (version < 3) cursor.skip(4 * rank);
  return other(`(${sides.join(",")})${readDatatype(cursor, depth + 1).name}`, size);
};

const CLASSES: Readonly<Record<number, Read>> = {
  0: fixedPoint,
  1: floatingPoint,
  2: ({ cursor, size }) => {
    cursor.skip(2);
    return other("time", size);
  },
  3: ({ size }) => ({ name: `|S${size}`, size, kind: "fixed-text" }),
  4: ({ cursor, size }) => {
    cursor.skip(4);
    return other(`bitfield${size * 8}`, size);
  },
  5: ({ cursor, bits, size }) => {
    cursor.skip(Math.min(cursor.remaining, bits & 0xff));
    return other(`|V${size}`, size);
  },
  6: compound,
  7: ({ size }) => ({ name: "reference", size, kind: "reference" }),
  8: enumeration,
  9: ({ cursor, bits, size, depth }) => {
    const base = readDatatype(cursor, depth + 1);
    return (bits & 15) === 1 ? { name: "string", size, kind: "text" } : { name: `sequence of ${base.name}`, size, kind: "sequence" };
  },
  10: array,
};

/** Sides of a dataset, outermost first; null for a dataspace without any elements. @throws AjarError with a FormatCode */
export function readDataspace(bytes: Hdf5Bytes, cursor: ByteCursor): readonly number[] | null {
  const at = cursor.offset;
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw new AjarError("UNSUPPORTED", `HDF5 dataspace of version ${version}`, { offset: at });
  const rank = cursor.u8();
  if (rank > MAX_RANK) throw new AjarError("OVER_LIMIT", `HDF5 dataspace of ${rank} dimensions`, { offset: at });
  cursor.skip(1);
  const type = cursor.u8();
  if (version === 1) cursor.skip(4);
  const sides = Array.from({ length: rank }, () => bytes.length(cursor));
  return version === 2 && type === 2 ? null : sides;
}
