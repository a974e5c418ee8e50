// Weight files of Core ML programs (coremltools mlmodel/src/MILBlob/Blob/StorageFormat.hpp): a header, then blobs that describe themselves.
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { PageReader } from "../page-reader.ts";
import { type FormatProblem, ProblemList } from "../problem.ts";

interface WeightBlob {
  readonly dtype: string;
  /** Values that fit into the bytes. */
  readonly elements: number;
  /** Where the description begins, by which models name the blob. */
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

export interface WeightBlobs {
  readonly blobs: readonly WeightBlob[];
  readonly problems: readonly FormatProblem[];
}

const VERSION = 2;
const SENTINEL = 0xdeadbeef;
const HEADER_BYTES = 64;
const ALIGNMENT = 64;
const MAX_BLOBS = 1_000_000;
/** One page of each blob, at most. */
const MAX_BYTES = 4 * 1024 ** 3;

/** BlobDataType by number: name and bits. */
const TYPES: ReadonlyMap<number, readonly [string, number]> = new Map<number, readonly [string, number]>([
  [1, ["FLOAT16", 16]],
  [2, ["FLOAT32", 32]],
  [3, ["UINT8", 8]],
  [4, ["INT8", 8]],
  [5, ["BFLOAT16", 16]],
  [6, ["INT16", 16]],
  [7, ["UINT16", 16]],
  [8, ["INT4", 4]],
  [9, ["UINT1", 1]],
  [10, ["UINT2", 2]],
  [11, ["UINT4", 4]],
  [12, ["UINT3", 3]],
  [13, ["UINT6", 6]],
  [14, ["INT32", 32]],
  [15, ["UINT32", 32]],
  [16, ["FLOAT8E4M3FN", 8]],
  [17, ["FLOAT8E5M2", 8]],
]);

/** Count and version, as the file's first bytes state them; null when they are none. */
export function weightBlobHead(head: Uint8Array): { readonly count: number } | null {
  if (head.length < HEADER_BYTES + 4) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const count = view.getUint32(0, true);
  const isOurs = view.getUint32(4, true) === VERSION && view.getUint32(HEADER_BYTES, true) === SENTINEL;
  return isOurs && count > 0 ? { count } : null;
}

/** Goes from blob to blob; data are stepped over. @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT */
export async function readWeightBlobs(reader: ByteReader): Promise<WeightBlobs> {
  const pages = new PageReader(reader, { maxBytes: MAX_BYTES, maxPiece: HEADER_BYTES });
  const found = weightBlobHead((await pages.at(0, Math.min(HEADER_BYTES * 2, reader.sizeBytes))).bytes);
  if (found === null) throw new AjarError("NOT_THIS_FORMAT", "no weight file of Core ML", { offset: 0 });
  if (found.count > MAX_BLOBS) throw new AjarError("OVER_LIMIT", `weight file of ${found.count} blobs`, { offset: 0 });
  const problems = new ProblemList();
  const blobs: WeightBlob[] = [];
  let at = HEADER_BYTES;
  for (let index = 0; index < found.count; index += 1) {
    const cursor = await pages.at(at, HEADER_BYTES);
    if (cursor.u32() !== SENTINEL) throw new AjarError("INCONSISTENT", `weight file has no blob at ${at}`, { offset: at });
    const type = cursor.u32();
    const size = cursor.u64();
    const start = cursor.u64();
    const [dtype, bits] = TYPES.get(type) ?? [`type-${type}`, 0];
    if (bits === 0) problems.add("coreml.unknown-type", at, { type });
    if (start < at + HEADER_BYTES) problems.add("coreml.overlap", at, {});
    if (start + size > reader.sizeBytes) problems.add("coreml.past-end", at, {});
    blobs.push({ dtype, elements: bits === 0 ? 0 : Math.floor((size * 8) / bits), offset: at, start, end: start + size });
    const next = Math.ceil(Math.max(start + size, at + HEADER_BYTES) / ALIGNMENT) * ALIGNMENT;
    // A blob beyond the end leads nowhere.
    if (start + size > reader.sizeBytes) break;
    at = next;
  }
  return { blobs, problems: problems.list };
}
