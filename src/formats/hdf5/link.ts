// One link of a group, and the message that holds it (HDF5 File Format Specification 3.0, IV.A.2.g "Link").
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import { expectVersion, type Hdf5Bytes, uintOf } from "./bytes.ts";

export type Link =
  | { readonly name: string; readonly kind: "hard"; readonly address: number }
  | { readonly name: string; readonly kind: "soft"; readonly target: string }
  /** Into another file. */
  | { readonly name: string; readonly kind: "external"; readonly file: string; readonly target: string }
  | { readonly name: string; readonly kind: "unknown" };

const HARD = 0;
const SOFT = 1;
const EXTERNAL = 64;

/** @throws AjarError with a FormatCode */
export function readLink(bytes: Hdf5Bytes, cursor: ByteCursor): Link {
  expectVersion(cursor, "link", [1]);
  const flags = cursor.u8();
  const type = (flags & 8) === 0 ? HARD : cursor.u8();
  if ((flags & 4) !== 0) cursor.skip(8);
  if ((flags & 16) !== 0) cursor.skip(1);
  const name = textOf(cursor, uintOf(cursor, 2 ** (flags & 3)));
  if (type === HARD) return { name, kind: "hard", address: bytes.someAddress(cursor, "link") };
  if (type !== SOFT && type !== EXTERNAL) return { name, kind: "unknown" };
  const value = textOf(cursor, cursor.u16());
  return type === SOFT ? { name, kind: "soft", target: value } : externalLink(name, value, cursor.offset);
}

/** A byte of version and flags, then file and path, each ended by NUL. */
function externalLink(name: string, value: string, offset: number): Link {
  const [file, target] = value.slice(1).split("\0");
  if (file === undefined || target === undefined) throw new AjarError("INCONSISTENT", "HDF5 link to another file is cut", { offset });
  return { name, kind: "external", file, target };
}

function textOf(cursor: ByteCursor, length: number): string {
  return new TextDecoder().decode(cursor.take(length));
}
