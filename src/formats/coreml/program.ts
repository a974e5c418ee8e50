// Programs of Core ML (coremltools mlmodel/format/MIL.proto): operations, constants whose numbers lie in weight files.
import { AjarError } from "../../core/errors.ts";
import { type CoremlDraft, countOperation, keepTensor, readText } from "./draft.ts";

/** DataType by number. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "BOOL"],
  [2, "STRING"],
  [10, "FLOAT16"],
  [11, "FLOAT32"],
  [12, "FLOAT64"],
  [13, "BFLOAT16"],
  [21, "INT8"],
  [22, "INT16"],
  [23, "INT32"],
  [24, "INT64"],
  [25, "INT4"],
  [31, "UINT8"],
  [32, "UINT16"],
  [33, "UINT32"],
  [34, "UINT64"],
  [35, "UINT4"],
  [36, "UINT2"],
  [37, "UINT1"],
  [38, "UINT6"],
  [39, "UINT3"],
  [40, "FLOAT8E4M3FN"],
  [41, "FLOAT8E5M2"],
]);
const MAX_DIMENSIONS = 64;

/** Program: 2 functions, a map. Function: 3 block_specializations, a map of blocks. */
export async function readProgram(draft: CoremlDraft): Promise<true> {
  const { walker } = draft;
  return await walker.inner((field, wire) => field === 2 && wire === 2 && mapValue(draft, () => readFunction(draft)));
}

async function readFunction(draft: CoremlDraft): Promise<true> {
  return await draft.walker.inner((field, wire) => field === 3 && wire === 2 && mapValue(draft, () => readBlock(draft)));
}

/** A map entry: 1 key, 2 value. */
async function mapValue({ walker }: CoremlDraft, value: (key: string) => Promise<true>): Promise<true> {
  let key = "";
  return await walker.inner((field, wire) => {
    if (wire !== 2) return false;
    if (field === 1) return readText(walker, (text) => (key = text));
    return field === 2 && value(key);
  });
}

/** Block: 3 operations. */
async function readBlock(draft: CoremlDraft): Promise<true> {
  return await draft.walker.inner((field, wire) => field === 3 && wire === 2 && readOperation(draft));
}

interface Constant {
  readonly key: string;
  readonly value: BlobValue;
}

/** Operation: 1 type, 2 inputs, 3 outputs, 4 blocks, 5 attributes. */
async function readOperation(draft: CoremlDraft): Promise<true> {
  const { walker } = draft;
  const offset = walker.offset;
  let type = "";
  let output = "";
  const constants: Constant[] = [];
  const keep = (key: string, value: BlobValue | null): true => {
    if (value !== null) constants.push({ key, value });
    return true;
  };
  await walker.inner(async (field, wire) => {
    if (wire !== 2) return false;
    switch (field) {
      case 1:
        return await readText(walker, (text) => (type = text));
      case 2:
        return await mapValue(draft, (key) => readArgument(draft, (value) => keep(key, value)));
      case 3:
        return output === "" && (await readOutput(draft, (text) => (output = text)));
      case 4:
        return await readBlock(draft);
      case 5:
        return await mapValue(draft, async (key) => keep(key, await readValue(draft)));
      default:
        return false;
    }
  });
  countOperation(draft, type, offset);
  for (const { key, value } of constants) {
    // `val` is the one attribute of a plain constant.
    keepTensor(draft, { ...value, name: key === "val" ? output : `${output}.${key}`, place: null });
  }
  return true;
}

/** NamedValueType: 1 name. */
async function readOutput({ walker }: CoremlDraft, take: (name: string) => void): Promise<true> {
  return await walker.inner((field, wire) => field === 1 && wire === 2 && readText(walker, take));
}

/** Argument: 1 arguments. Binding: 1 name, 2 value. */
async function readArgument(draft: CoremlDraft, take: (value: BlobValue | null) => void): Promise<true> {
  return await draft.walker.inner((field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    return draft.walker.inner(async (inner, type) => {
      if (inner !== 2 || type !== 2) return false;
      take(await readValue(draft));
      return true;
    });
  });
}

interface BlobValue {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly blob: { readonly file: string; readonly offset: number };
  readonly offset: number;
}

/** Value: 2 type, 5 blobFileValue (1 fileName, 2 offset). Null for values that are written in place. */
async function readValue(draft: CoremlDraft): Promise<BlobValue | null> {
  const { walker } = draft;
  const offset = walker.offset;
  let tensor: TensorType = { dtype: "", shape: [] };
  let blob: BlobValue["blob"] | null = null;
  await walker.inner(async (field, wire) => {
    if (wire !== 2) return false;
    if (field === 2) {
      // ValueType: 1 tensorType.
      return await walker.inner(async (inner, type) => {
        if (inner !== 1 || type !== 2) return false;
        tensor = await readTensorType(draft);
        return true;
      });
    }
    if (field !== 5) return false;
    const found = { file: "", offset: 0 };
    await walker.inner(async (inner, type) => {
      if (inner === 1 && type === 2) return await readText(walker, (text) => (found.file = text));
      if (inner !== 2 || type !== 0) return false;
      found.offset = await walker.count();
      return true;
    });
    blob = found;
    return true;
  });
  return blob === null ? null : { ...tensor, blob, offset };
}

interface TensorType {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** TensorType: 1 dataType, 3 dimensions. Dimension: 1 constant (1 size). */
async function readTensorType({ walker }: CoremlDraft): Promise<TensorType> {
  let dtype = "";
  const shape: number[] = [];
  await walker.inner(async (field, wire) => {
    if (field === 1 && wire === 0) {
      const type = await walker.count();
      dtype = TYPES.get(type) ?? `type-${type}`;
      return true;
    }
    if (field !== 3 || wire !== 2) return false;
    if (shape.length >= MAX_DIMENSIONS)
      throw new AjarError("OVER_LIMIT", "Core ML tensor of too many dimensions", { offset: walker.offset });
    let size = 0;
    await walker.inner((inner, type) => {
      if (inner !== 1 || type !== 2) return false;
      return walker.inner(async (part, kind) => {
        if (part !== 1 || kind !== 0) return false;
        size = await walker.count();
        return true;
      });
    });
    shape.push(size);
    return true;
  });
  return { dtype, shape };
}
