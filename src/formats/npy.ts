// NumPy's .npy header: a Python literal, read by a small grammar and never evaluated.
// Rules: numpy/lib/format.py (versions 1.0 to 3.0).
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { ByteCursor } from "./byte-reader.ts";
import { elementsOf } from "./tensor.ts";

export interface NpyHeader {
  /** As written: `<f4`, `|O` (a pickle follows), or the fields of a record type. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly elements: number;
  /** The data are a pickle: a field of the type is an object. */
  readonly holdsObjects: boolean;
  readonly dataOffset: number;
}

/** numpy's own limit for headers it has not been told to trust is 10,000 characters; record types need more. */
const MAX_HEADER_BYTES = 256 * 1024;
const MAGIC = "\x93NUMPY";
const MAX_DIMENSIONS = 64;
const DESCR = /'descr':\s*('[^'\\]{0,100}'|\[[^\\]*?\])\s*,\s*'fortran_order'/uy;
const ORDER = /'fortran_order':\s*(True|False)\s*[,}]/u;
const SHAPE = /'shape':\s*\(([\d,\sL]*)\)/u;

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readNpyHeader(reader: ByteReader): Promise<NpyHeader> {
  const head = new ByteCursor(await reader.read(0, Math.min(12, reader.sizeBytes)));
  for (const character of MAGIC) {
    if (head.remaining === 0 || head.u8() !== character.charCodeAt(0)) {
      throw new AjarError("NOT_THIS_FORMAT", "NumPy magic is missing", { offset: 0 });
    }
  }
  const version = head.u8();
  head.skip(1);
  if (version < 1 || version > 3) throw new AjarError("UNSUPPORTED", `NumPy format version ${version} is not known`, { offset: 6 });
  const length = version === 1 ? head.u16() : head.u32();
  if (length > MAX_HEADER_BYTES) {
    throw new AjarError("OVER_LIMIT", `NumPy header of ${length} bytes is over the limit of ${MAX_HEADER_BYTES}`, { offset: 8 });
  }
  const start = head.position;
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(await reader.read(start, length));
  return parseHeader(text, start + length);
}

function parseHeader(text: string, dataOffset: number): NpyHeader {
  // Tried at one place only: from every place it would take quadratic time over a hostile header.
  DESCR.lastIndex = Math.max(0, text.indexOf("'descr':"));
  const descr = DESCR.exec(text)?.[1];
  const order = ORDER.exec(text)?.[1];
  const dimensions = SHAPE.exec(text)?.[1];
  if (descr === undefined || order === undefined || dimensions === undefined) {
    throw new AjarError("INCONSISTENT", "NumPy header lacks type, order or shape", { offset: 10 });
  }
  const shape = (dimensions.match(/\d{1,16}/gu) ?? []).map(Number);
  if (shape.length > MAX_DIMENSIONS) throw new AjarError("OVER_LIMIT", `NumPy array of ${shape.length} dimensions`, { offset: 10 });
  return {
    descr: descr.startsWith("'") ? descr.slice(1, -1) : descr,
    fortranOrder: order === "True",
    shape,
    elements: elementsOf(shape, 10),
    holdsObjects: /'[<>|=]?O\d*'/u.test(descr),
    dataOffset,
  };
}
