// GGUF: metadata and tensor list at the start of the file, versions 1 to 3, both byte orders.
// Rules: ggml-org/ggml docs/gguf.md, src/gguf.cpp. Limits after @huggingface/gguf.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { GGML_TYPES } from "./gguf-types.ts";
import { type GgufValue, GgufWire, MAX_KEY_BYTES } from "./gguf-values.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { RangeCursor } from "./range-cursor.ts";
import { elementsOf, type Tensor } from "./tensor.ts";

interface GgufEntry {
  readonly value: GgufValue;
  /** Place of key and value in the file; end excluded. */
  readonly start: number;
  readonly end: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly littleEndian: boolean;
  readonly metadata: ReadonlyMap<string, GgufEntry>;
  /** Shapes are reversed to outermost first, as PyTorch writes them. */
  readonly tensors: readonly Tensor[];
  readonly alignment: number;
  /** Where the tensor list begins, and where the data begin. */
  readonly tensorsOffset: number;
  readonly dataOffset: number;
  /** Elements over all tensors. */
  readonly parameters: number;
  /** Elements per tensor type. */
  readonly types: ReadonlyMap<string, number>;
  readonly problems: readonly FormatProblem[];
}

const MAGIC = 0x46554747;
const MAX_ENTRIES = 100_000;
/** Real files hold thousands (experts of a layer are one tensor); bounds memory at some 60 MB. */
const MAX_TENSORS = 100_000;
/** Largest vocabularies take some 16 MB. */
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
const MAX_PIECE = 16 * 1024 * 1024;
/** The reference allows four; @huggingface/gguf eight. */
const MAX_DIMENSIONS = 8;
/** The reference refuses longer names; they are read here to be shown. */
const REFERENCE_NAME_BYTES = 64;
const MAX_NAME_BYTES = 65_535;
const DEFAULT_ALIGNMENT = 32;

/**
 * Reads metadata and tensor list in growing windows; tensor data are never touched.
 * @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT | UNSUPPORTED with the offset
 */
export async function readGgufHeader(reader: ByteReader): Promise<GgufHeader> {
  const cursor = new RangeCursor(reader, { maxBytes: MAX_HEADER_BYTES, maxPiece: MAX_PIECE });
  const version = await readVersion(cursor);
  const wire = new GgufWire(cursor, version);
  const tensorCount = await wire.length();
  const entryCount = await wire.length();
  checkCount("tensors", tensorCount, MAX_TENSORS, cursor, 16 + wire.lengthBytes);
  checkCount("metadata entries", entryCount, MAX_ENTRIES, cursor, 5 + wire.lengthBytes);
  const problems = new ProblemList();
  const metadata = await readMetadata(wire, entryCount, problems);
  const alignment = alignmentOf(metadata);
  const tensorsOffset = cursor.offset;
  const infos = await readTensorInfos(wire, tensorCount, problems);
  const dataOffset = Math.ceil(cursor.offset / alignment) * alignment;
  const tensors = placeTensors(infos, { alignment, dataOffset, sizeBytes: reader.sizeBytes, problems });
  const types = sumTypes(infos);
  return {
    version,
    littleEndian: cursor.littleEndian,
    metadata,
    tensors,
    alignment,
    tensorsOffset,
    dataOffset,
    parameters: [...types.values()].reduce((sum, elements) => sum + elements, 0),
    types,
    problems: problems.list,
  };
}

async function readVersion(cursor: RangeCursor): Promise<number> {
  if (cursor.sizeBytes < 8) throw new AjarError("NOT_THIS_FORMAT", `${cursor.sizeBytes} bytes are too short for GGUF`, { offset: 0 });
  await cursor.need(8);
  if (cursor.here.u32() !== MAGIC) throw new AjarError("NOT_THIS_FORMAT", "GGUF magic number is missing", { offset: 0 });
  const version = cursor.here.u32();
  // Versions are small, so low bits that are all zero mean that the other end was written first (gguf.cpp).
  const isSwapped = (version & 0xffff) === 0 && version !== 0;
  if (isSwapped) cursor.setLittleEndian(false);
  const actual = isSwapped ? swap32(version) : version;
  if (actual >= 1 && actual <= 3) return actual;
  throw new AjarError("UNSUPPORTED", `GGUF version ${actual} is not known (1 to 3 are)`, { offset: 4 });
}

function swap32(value: number): number {
  return ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
}

function checkCount(what: string, count: number, limit: number, cursor: RangeCursor, leastBytes: number): void {
  if (count > limit) {
    throw new AjarError("OVER_LIMIT", `GGUF states ${count} ${what}, over the limit of ${limit}`, {
      offset: cursor.offset,
      hint: "The file is damaged or hostile; it was not read further.",
    });
  }
  cursor.checkLeft(count * leastBytes);
}

async function readMetadata(wire: GgufWire, count: number, problems: ProblemList): Promise<ReadonlyMap<string, GgufEntry>> {
  const metadata = new Map<string, GgufEntry>();
  for (let index = 0; index < count; index += 1) {
    const start = wire.cursor.offset;
    const key = await wire.text(MAX_KEY_BYTES);
    const value = await wire.value(await wire.u32());
    if (metadata.has(key)) problems.add("gguf.duplicate-key", start, { key });
    metadata.set(key, { value, start, end: wire.cursor.offset });
  }
  return metadata;
}

function alignmentOf(metadata: ReadonlyMap<string, GgufEntry>): number {
  const entry = metadata.get("general.alignment");
  if (entry === undefined) return DEFAULT_ALIGNMENT;
  const { value } = entry;
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && (value & (value - 1)) === 0) return value;
  throw new AjarError("INCONSISTENT", "GGUF alignment is not a power of two", { offset: entry.start });
}

interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly dataOffset: number;
  readonly elements: number;
  readonly at: number;
}

async function readTensorInfos(wire: GgufWire, count: number, problems: ProblemList): Promise<readonly TensorInfo[]> {
  const infos: TensorInfo[] = [];
  const names = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const info = await readTensorInfo(wire);
    if (names.has(info.name)) problems.add("gguf.duplicate-tensor", info.at, { tensor: info.name });
    if (info.name.length >= REFERENCE_NAME_BYTES) problems.add("gguf.long-name", info.at, { tensor: info.name.slice(0, 100) });
    names.add(info.name);
    infos.push(info);
  }
  return infos;
}

async function readTensorInfo(wire: GgufWire): Promise<TensorInfo> {
  const at = wire.cursor.offset;
  const name = await wire.text(MAX_NAME_BYTES);
  const dimensions = await wire.u32();
  if (dimensions > MAX_DIMENSIONS) {
    throw new AjarError("OVER_LIMIT", `GGUF tensor of ${dimensions} dimensions is over the limit of ${MAX_DIMENSIONS}`, { offset: at });
  }
  const shape: number[] = [];
  for (let index = 0; index < dimensions; index += 1) shape.unshift(await wire.length());
  const type = await wire.u32();
  await wire.cursor.need(8);
  const dataOffset = wire.cursor.here.u64();
  return { name, shape, type, dataOffset, elements: elementsOf(shape, at), at };
}

interface Layout {
  readonly alignment: number;
  readonly dataOffset: number;
  readonly sizeBytes: number;
  readonly problems: ProblemList;
}

/** Each tensor must lie right behind the one before, padded to the alignment (gguf.cpp). */
function placeTensors(infos: readonly TensorInfo[], layout: Layout): readonly Tensor[] {
  const { problems } = layout;
  let expected: number | null = 0;
  const tensors = infos.map((info) => {
    const type = GGML_TYPES.get(info.type);
    if (type === undefined) problems.add("gguf.unknown-type", info.at, { tensor: info.name, type: info.type });
    const bytes = type === undefined ? 0 : Math.ceil(info.elements / type.block) * type.bytes;
    if (type !== undefined && (info.shape.at(-1) ?? 1) % type.block !== 0) problems.add("gguf.odd-row", info.at, { tensor: info.name });
    if (expected !== null && info.dataOffset !== expected) problems.add("gguf.misplaced", info.at, { tensor: info.name });
    if (info.dataOffset % layout.alignment !== 0) problems.add("gguf.unaligned", info.at, { tensor: info.name });
    const end = info.dataOffset + bytes;
    if (layout.dataOffset + end > layout.sizeBytes) problems.add("gguf.past-end", info.at, { tensor: info.name });
    expected = type === undefined ? null : Math.ceil(end / layout.alignment) * layout.alignment;
    return { name: info.name, dtype: type?.name ?? `type-${info.type}`, shape: info.shape, begin: info.dataOffset, end };
  });
  checkOverlaps(tensors, infos, problems);
  return tensors;
}

/** Two tensors that share bytes, in whatever order they are listed. */
function checkOverlaps(tensors: readonly Tensor[], infos: readonly TensorInfo[], problems: ProblemList): void {
  const order = tensors.map((_, index) => index).sort((a, b) => (tensors[a]?.begin ?? 0) - (tensors[b]?.begin ?? 0));
  let end = 0;
  for (const index of order) {
    const tensor = tensors[index];
    if (tensor === undefined || tensor.end === tensor.begin) continue;
    if (tensor.begin < end) problems.add("gguf.overlap", infos[index]?.at ?? 0, { tensor: tensor.name });
    end = Math.max(end, tensor.end);
  }
}

function sumTypes(infos: readonly TensorInfo[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { type, elements } of infos) {
    const name = GGML_TYPES.get(type)?.name ?? `type-${type}`;
    sums.set(name, (sums.get(name) ?? 0) + elements);
  }
  return sums;
}
