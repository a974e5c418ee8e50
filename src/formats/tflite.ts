// TensorFlow Lite models (tensorflow/compiler/mlir/lite/schema/schema.fbs): constants, operators, metadata.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { FlatTable, type FlatVector } from "./flatbuffer.ts";
import { PageReader } from "./page-reader.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { elementsOf } from "./tensor.ts";

interface TfliteTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Null when its data pass the end of the file, or lie in another. */
  readonly place: { readonly start: number; readonly end: number } | null;
  readonly isQuantised: boolean;
}

export interface TfliteModel {
  readonly version: number;
  readonly description: string;
  /** Tensors that have data: weights and other constants. */
  readonly tensors: readonly TfliteTensor[];
  readonly parameters: number;
  /** Operators that are not built in, by name, with the place of the first. */
  readonly customOperators: ReadonlyMap<string, number>;
  readonly subgraphs: number;
  /** Names of entries of metadata, e.g. `TFLITE_METADATA`. */
  readonly metadata: readonly string[];
  /** Files that hold data of tensors, as named. */
  readonly externalFiles: readonly { readonly file: string; readonly offset: number }[];
  readonly problems: readonly FormatProblem[];
}

/** Structure of the largest models; buffers are never read. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PIECE = 1024 * 1024;
const MAX_TEXT = 64 * 1024;
const MAX_TENSORS = 200_000;
const MAX_SUBGRAPHS = 10_000;
const MAX_OPERATORS = 10_000;
const MAX_ENTRIES = 1000;
const MAX_DIMENSIONS = 64;
/** BuiltinOperator.CUSTOM. */
const CUSTOM = 32;

/** TensorType; index is the number. */
const TYPES: readonly string[] = [
  "FLOAT32",
  "FLOAT16",
  "INT32",
  "UINT8",
  "INT64",
  "STRING",
  "BOOL",
  "INT16",
  "COMPLEX64",
  "INT8",
  "FLOAT64",
  "COMPLEX128",
  "UINT64",
  "RESOURCE",
  "VARIANT",
  "UINT32",
  "UINT16",
  "INT4",
  "BFLOAT16",
  "INT2",
  "UINT4",
];

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readTflite(reader: ByteReader): Promise<TfliteModel> {
  const pages = new PageReader(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_PIECE });
  await expectMark(pages);
  const model = await FlatTable.root(pages);
  const problems = new ProblemList();
  const walk: Walk = { model, buffers: await model.vector(4), sizeBytes: reader.sizeBytes, problems, tensors: [] };
  let subgraphs = 0;
  for await (const subgraph of model.tables(2, MAX_SUBGRAPHS)) {
    subgraphs += 1;
    for await (const tensor of subgraph.tables(0, MAX_TENSORS)) await readTensor(walk, tensor);
  }
  const { tensors } = walk;
  return {
    version: await model.u32(0),
    description: await model.text(3, MAX_TEXT),
    tensors,
    parameters: tensors.reduce((sum, { shape }) => sum + elementsOf(shape, 0), 0),
    customOperators: await customOperators(model),
    subgraphs,
    metadata: await metadataNames(model),
    externalFiles: await externalFiles(model),
    problems: problems.list,
  };
}

async function expectMark(pages: PageReader): Promise<void> {
  const mark = pages.sizeBytes < 8 ? "" : new TextDecoder("latin1").decode((await pages.at(4, 4)).bytes);
  if (mark !== "TFL3") throw new AjarError("NOT_THIS_FORMAT", "TFL3 is missing", { offset: 4 });
}

interface Walk {
  readonly model: FlatTable;
  readonly buffers: FlatVector;
  readonly sizeBytes: number;
  readonly problems: ProblemList;
  readonly tensors: TfliteTensor[];
}

/** Tensor: 0 shape, 1 type, 2 buffer, 3 name, 4 quantization, 10 external_buffer. Buffer 0 is empty by definition. */
async function readTensor(walk: Walk, table: FlatTable): Promise<void> {
  const buffer = await table.u32(2);
  const isExternal = (await table.u32(10)) !== 0;
  const place = buffer === 0 ? null : await dataOf(walk, buffer);
  if (place === null && !isExternal) return;
  if (walk.tensors.length >= MAX_TENSORS)
    throw new AjarError("OVER_LIMIT", `model of more than ${MAX_TENSORS} tensors`, { offset: table.offset });
  const type = await table.u8(1);
  const name = await table.text(3, MAX_TEXT);
  const shape = await table.i32s(0, MAX_DIMENSIONS);
  if (shape.some((side) => side < 0)) throw new AjarError("INCONSISTENT", "constant of unknown shape", { offset: table.offset });
  elementsOf(shape, table.offset);
  const isInside = place !== null && place.end <= walk.sizeBytes;
  if (place !== null && !isInside) walk.problems.add("tflite.past-end", table.offset, { tensor: name.slice(0, 100) });
  const dtype = TYPES[type] ?? `type-${type}`;
  if (TYPES[type] === undefined) walk.problems.add("tflite.unknown-type", table.offset, { tensor: name.slice(0, 100), type });
  // QuantizationParameters: 2 scale.
  const scales = await (await table.table(4))?.vector(2);
  walk.tensors.push({ name, dtype, shape, place: isInside ? place : null, isQuantised: (scales?.length ?? 0) > 0 });
}

/** Buffer: 0 data; 1 offset and 2 size where it lies behind the FlatBuffer, in models above 2 GiB. Null when it is empty. */
async function dataOf({ model, buffers }: Walk, index: number): Promise<{ readonly start: number; readonly end: number } | null> {
  const buffer = await model.element(buffers, index);
  const { start, length } = await buffer.vector(0);
  if (length > 0) return { start, end: start + length };
  const offset = await buffer.u64(1);
  const size = await buffer.u64(2);
  // 0 and 1 both say: not used.
  return offset > 1 && size > 0 ? { start: offset, end: offset + size } : null;
}

/** OperatorCode: 0 deprecated_builtin_code, 1 custom_code, 3 builtin_code; the larger of the two codes counts. */
async function customOperators(model: FlatTable): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const code of model.tables(1, MAX_OPERATORS)) {
    if (Math.max(await code.i8(0), await code.i32(3)) !== CUSTOM) continue;
    const name = await code.text(1, MAX_TEXT);
    if (!found.has(name)) found.set(name, code.offset);
  }
  return found;
}

/** Metadata: 0 name. */
async function metadataNames(model: FlatTable): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of model.tables(6, MAX_ENTRIES)) names.push(await entry.text(0, MAX_TEXT));
  return names;
}

/** ExternalBufferGroup: 0 name. */
async function externalFiles(model: FlatTable): Promise<TfliteModel["externalFiles"]> {
  const files: { readonly file: string; readonly offset: number }[] = [];
  for await (const group of model.tables(8, MAX_ENTRIES)) files.push({ file: await group.text(0, MAX_TEXT), offset: group.offset });
  return files;
}
