// safetensors: a length, a JSON header, then the tensors without a gap.
// Rules: huggingface/safetensors README ("Format") and safetensors/src/tensor.rs.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { ByteCursor, joinBytes } from "./byte-reader.ts";
import { isJsonArray, isJsonObject, JsonReader, type JsonValue } from "./json-reader.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { elementsOf, type Tensor } from "./tensor.ts";

export interface SafetensorsHeader {
  readonly tensors: readonly Tensor[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Length of the JSON header; the data start at 8 + this. */
  readonly headerBytes: number;
  readonly problems: readonly FormatProblem[];
}

/** The reference's own limit (MAX_HEADER_SIZE). */
const MAX_HEADER_BYTES = 100_000_000;
/** More than all shards together of the largest mixture-of-experts releases hold; bounds memory at some 150 MB. */
const MAX_TENSORS = 250_000;
/** Names, types, shapes and offsets of that many tensors. */
const MAX_VALUES = 12 * MAX_TENSORS;
/** Covers the header of most files, so that one request is enough. */
const FIRST_READ = 64 * 1024;
/** No framework goes beyond 64 dimensions. */
const MAX_DIMENSIONS = 64;

/** Bits per element (tensor.rs, Dtype::bitsize). */
const BITS: ReadonlyMap<string, number> = new Map([
  ["BOOL", 8],
  ["F4", 4],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["U8", 8],
  ["I8", 8],
  ["F8_E5M2", 8],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["F8_E4M3FNUZ", 8],
  ["F8_E5M2FNUZ", 8],
  ["I16", 16],
  ["U16", 16],
  ["F16", 16],
  ["BF16", 16],
  ["I32", 32],
  ["U32", 32],
  ["F32", 32],
  ["C64", 64],
  ["F64", 64],
  ["I64", 64],
  ["U64", 64],
]);

/**
 * Reads the header alone: what breaks the format's rules but can be read is a problem, what cannot be read is thrown.
 * @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset
 */
export async function readSafetensorsHeader(reader: ByteReader): Promise<SafetensorsHeader> {
  const first = await reader.read(0, Math.min(FIRST_READ, reader.sizeBytes));
  const headerBytes = headerLength(first, reader.sizeBytes);
  const inFirst = first.subarray(8, 8 + headerBytes);
  const rest = headerBytes > inFirst.length ? await reader.read(8 + inFirst.length, headerBytes - inFirst.length) : new Uint8Array(0);
  const header = joinBytes([inFirst, rest]);
  const problems = new ProblemList();
  const { tensors, metadata } = parseHeader(decodeHeader(header), problems);
  checkPlaces(tensors, reader.sizeBytes - 8 - headerBytes, 8 + headerBytes, problems);
  return { tensors, metadata, headerBytes, problems: problems.list };
}

function headerLength(first: Uint8Array, sizeBytes: number): number {
  if (first.length < 10) throw new AjarError("NOT_THIS_FORMAT", `${first.length} bytes are too short for safetensors`, { offset: 0 });
  const length = new ByteCursor(first).bigU64();
  if (first[8] !== 0x7b) throw new AjarError("NOT_THIS_FORMAT", "safetensors header does not start with {", { offset: 8 });
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new AjarError("OVER_LIMIT", `safetensors header of ${length} bytes is over the limit of ${MAX_HEADER_BYTES}`, { offset: 0 });
  }
  const headerBytes = Number(length);
  if (8 + headerBytes > sizeBytes) {
    throw new AjarError("TRUNCATED", `safetensors header of ${headerBytes} bytes passes the end of ${sizeBytes} bytes`, { offset: 8 });
  }
  return headerBytes;
}

function decodeHeader(header: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new AjarError("INCONSISTENT", "safetensors header is not UTF-8", { offset: 8, cause });
  }
}

function parseHeader(text: string, problems: ProblemList): { tensors: Tensor[]; metadata: ReadonlyMap<string, string> } {
  const tensors: Tensor[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  const json = new JsonReader(text, {
    base: 8,
    maxValues: MAX_VALUES,
    onDuplicate: (key, offset) => problems.add("safetensors.duplicate-key", offset, { key }),
  });
  json.members((key, offset) => {
    const value = json.value();
    if (key === "__metadata__") {
      metadata = metadataOf(value, offset, problems);
      return;
    }
    if (tensors.length >= MAX_TENSORS) throw new AjarError("OVER_LIMIT", `safetensors with more than ${MAX_TENSORS} tensors`, { offset });
    tensors.push(tensorOf(key, value, offset, problems));
  });
  json.end();
  return { tensors, metadata };
}

function metadataOf(value: JsonValue, offset: number, problems: ProblemList): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (!isJsonObject(value)) {
    problems.add("safetensors.metadata-not-text", offset, { key: "__metadata__" });
    return metadata;
  }
  for (const [key, text] of value) {
    if (typeof text === "string") metadata.set(key, text);
    else problems.add("safetensors.metadata-not-text", offset, { key });
  }
  return metadata;
}

function tensorOf(name: string, value: JsonValue, offset: number, problems: ProblemList): Tensor {
  const fields = isJsonObject(value) ? value : new Map<string, JsonValue>();
  const dtype = fields.get("dtype");
  const shape = countsOf(fields.get("shape"), MAX_DIMENSIONS);
  const [begin, end, more] = countsOf(fields.get("data_offsets"), 2) ?? [];
  if (typeof dtype !== "string" || shape === null || begin === undefined || end === undefined || more !== undefined) {
    throw new AjarError("INCONSISTENT", `safetensors tensor ${JSON.stringify(name.slice(0, 100))} has no type, shape or place`, { offset });
  }
  const bits = BITS.get(dtype);
  const elements = elementsOf(shape, offset);
  if (bits === undefined) problems.add("safetensors.unknown-type", offset, { tensor: name, type: dtype });
  else if ((end - begin) * 8 !== elements * bits) problems.add("safetensors.size-differs", offset, { tensor: name });
  return { name, dtype, shape, begin, end };
}

function countsOf(value: JsonValue | undefined, most: number): readonly number[] | null {
  if (!isJsonArray(value) || value.length > most) return null;
  const counts: number[] = [];
  for (const item of value) {
    if (typeof item !== "number" || !Number.isSafeInteger(item) || item < 0) return null;
    counts.push(item);
  }
  return counts;
}

/** Sorted by place, each tensor must begin where the one before ended, the last at the end of the file. */
function checkPlaces(tensors: readonly Tensor[], dataBytes: number, dataStart: number, problems: ProblemList): void {
  const sorted = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of sorted) {
    const offset = dataStart + begin;
    if (begin > at) problems.add("safetensors.hole", offset, { tensor: name });
    if (begin < at) problems.add("safetensors.overlap", offset, { tensor: name });
    if (end > dataBytes || begin > end) problems.add("safetensors.past-end", offset, { tensor: name });
    at = Math.max(at, end);
  }
  if (at < dataBytes) problems.add("safetensors.trailing-bytes", dataStart + at, { bytes: dataBytes - at });
}
