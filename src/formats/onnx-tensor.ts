// ONNX tensors (onnx/onnx.proto: TensorProto, SparseTensorProto), their data stepped over.
import { AjarError } from "../core/errors.ts";
import { onnxType } from "./onnx-types.ts";
import type { ProblemList } from "./problem.ts";
import type { ProtoPlace, ProtoWalker } from "./proto-walker.ts";
import { elementsOf } from "./tensor.ts";

/** Data in another file (external_data), as stated: nothing of it has been checked. */
interface OnnxExternal {
  readonly location: string;
  /** Both absent where the model does not state them: from the start, as long as the tensor. */
  readonly offset: number | null;
  readonly length: number | null;
}

export interface OnnxTensor {
  /** Its own name; that of the value it gives where it is a constant of a node. */
  readonly name: string;
  readonly shape: readonly number[];
  /** TensorProto.DataType by name, `type-N` where unknown. */
  readonly dtype: string;
  readonly elements: number;
  /** Bytes that type and shape give; null where they do not tell (texts, unknown types). */
  readonly bytes: number | null;
  readonly external: OnnxExternal | null;
  /** Raw data in this file; null when they lie elsewhere or are spread over typed fields. */
  readonly place: ProtoPlace | null;
  /** Where the tensor's message begins. */
  readonly offset: number;
}

export const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_DIMENSIONS = 64;
/** The keys that onnx.external_data_helper knows are five. */
const MAX_EXTERNAL_ENTRIES = 64;

/** StringStringEntryProto: 1 key, 2 value. */
export async function readPair(walker: ProtoWalker): Promise<[string, string]> {
  const pair: [string, string] = ["", ""];
  await walker.inner(async (field, wire) => {
    if (wire !== 2 || (field !== 1 && field !== 2)) return false;
    pair[field - 1] = await walker.text(MAX_TEXT_BYTES);
    return true;
  });
  return pair;
}

interface Draft {
  name: string;
  type: number;
  place: ProtoPlace | null;
  readonly shape: number[];
  readonly external: Map<string, string>;
}

/** The TensorProto in the field at hand. */
export async function readOnnxTensor(walker: ProtoWalker, problems: ProblemList): Promise<OnnxTensor> {
  const offset = walker.offset;
  const draft: Draft = { name: "", type: 0, place: null, shape: [], external: new Map() };
  await walker.inner((field, wire) => readField(walker, draft, problems, field * 8 + wire));
  const type = onnxType(draft.type);
  const elements = elementsOf(draft.shape, offset);
  const bytes = type?.bits == null ? null : Math.ceil((elements * type.bits) / 8);
  const { name, shape, place } = draft;
  if (place !== null && bytes !== null && place.end - place.start !== bytes) problems.add("onnx.size-differs", offset, { tensor: name });
  if (type === null) problems.add("onnx.unknown-type", offset, { tensor: name, type: draft.type });
  const external = externalOf(draft.external, offset);
  return { name, shape, dtype: type?.name ?? `type-${draft.type}`, elements, bytes, external, place, offset };
}

const VARINT = 0;
const DELIMITED = 2;

async function readField(walker: ProtoWalker, draft: Draft, problems: ProblemList, tag: number): Promise<boolean> {
  switch (tag) {
    case 1 * 8 + VARINT:
      pushDimension(draft.shape, await walker.count(), walker.offset);
      return true;
    case 1 * 8 + DELIMITED:
      return await walker.packed((value) => pushDimension(draft.shape, value, walker.offset));
    case 2 * 8 + VARINT:
      draft.type = await walker.count();
      return true;
    case 8 * 8 + DELIMITED:
      draft.name = await walker.text(MAX_TEXT_BYTES);
      return true;
    case 9 * 8 + DELIMITED:
      draft.place = await walker.place();
      return true;
    case 13 * 8 + DELIMITED:
      await readExternal(walker, draft.external, problems);
      return true;
    default:
      return false;
  }
}

/** One entry of external_data; of two with one key, onnx takes the later. */
async function readExternal(walker: ProtoWalker, entries: Map<string, string>, problems: ProblemList): Promise<void> {
  const at = walker.offset;
  const [key, value] = await readPair(walker);
  if (entries.size >= MAX_EXTERNAL_ENTRIES) throw tooMany("entries about external data", MAX_EXTERNAL_ENTRIES, at);
  if (entries.has(key)) problems.add("onnx.duplicate-key", at, { key });
  entries.set(key, value);
}

function externalOf(entries: ReadonlyMap<string, string>, at: number): OnnxExternal | null {
  const location = entries.get("location");
  if (location === undefined) return null;
  return { location, offset: countOf(entries.get("offset"), at), length: countOf(entries.get("length"), at) };
}

function countOf(text: string | undefined, at: number): number | null {
  if (text === undefined || text === "") return null;
  const value = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new AjarError("INCONSISTENT", `ONNX external data at ${JSON.stringify(text.slice(0, 40))}, which is no count`, { offset: at });
}

function pushDimension(shape: number[], dimension: number, offset: number): void {
  if (shape.length >= MAX_DIMENSIONS) throw tooMany("dimensions", MAX_DIMENSIONS, offset);
  shape.push(dimension);
}

/** SparseTensorProto: 1 values, 2 indices, 3 dims of the dense tensor. Values and indices are tensors of the file. */
export async function readOnnxSparse(walker: ProtoWalker, problems: ProblemList): Promise<readonly OnnxTensor[]> {
  const parts: OnnxTensor[] = [];
  await walker.inner(async (field, wire) => {
    if (wire !== DELIMITED || (field !== 1 && field !== 2)) return false;
    if (parts.length >= 2) throw tooMany("parts of one sparse tensor", 2, walker.offset);
    parts.push(await readOnnxTensor(walker, problems));
    return true;
  });
  return parts;
}

export function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `ONNX model has more than ${limit} ${what}`, { offset });
}
