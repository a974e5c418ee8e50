// Tensor types and shapes as every TensorFlow format writes them (tensorflow/core/framework/types.proto, tensor_shape.proto).
import { AjarError } from "../../core/errors.ts";
import type { ProtoWalker } from "../proto-walker.ts";

const NAMES: readonly string[] = [
  "DT_INVALID",
  "DT_FLOAT",
  "DT_DOUBLE",
  "DT_INT32",
  "DT_UINT8",
  "DT_INT16",
  "DT_INT8",
  "DT_STRING",
  "DT_COMPLEX64",
  "DT_INT64",
  "DT_BOOL",
  "DT_QINT8",
  "DT_QUINT8",
  "DT_QINT32",
  "DT_BFLOAT16",
  "DT_QINT16",
  "DT_QUINT16",
  "DT_UINT16",
  "DT_COMPLEX128",
  "DT_HALF",
  "DT_RESOURCE",
  "DT_VARIANT",
  "DT_UINT32",
  "DT_UINT64",
  "DT_FLOAT8_E5M2",
  "DT_FLOAT8_E4M3FN",
  "DT_FLOAT8_E4M3FNUZ",
  "DT_FLOAT8_E4M3B11FNUZ",
  "DT_FLOAT8_E5M2FNUZ",
  "DT_INT4",
  "DT_UINT4",
  "DT_INT2",
  "DT_UINT2",
];

/** Types of references to variables are the type itself plus 100. */
const REFERENCE = 100;

export function tensorflowType(type: number): string {
  if (type > REFERENCE) return `${NAMES[type - REFERENCE] ?? `type-${type - REFERENCE}`}_REF`;
  return NAMES[type] ?? `type-${type}`;
}

const MAX_DIMENSIONS = 254;

/** TensorShapeProto: 2 dim, each with 1 size (-1: unknown); 3 unknown_rank. Null where a side or all sides are unknown. */
export async function readTensorShape(walker: ProtoWalker): Promise<readonly number[] | null> {
  const sides: bigint[] = [];
  let isKnown = true;
  await walker.inner(async (field, wire) => {
    if (field === 3 && wire === 0) {
      isKnown = (await walker.count()) === 0;
      return true;
    }
    if (field !== 2 || wire !== 2) return false;
    if (sides.length >= MAX_DIMENSIONS) {
      throw new AjarError("OVER_LIMIT", `tensor of more than ${MAX_DIMENSIONS} dimensions`, { offset: walker.offset });
    }
    sides.push(await readSide(walker));
    return true;
  });
  const isCounted = sides.every((side) => side >= 0n && side <= BigInt(Number.MAX_SAFE_INTEGER));
  return isKnown && isCounted ? sides.map(Number) : null;
}

async function readSide(walker: ProtoWalker): Promise<bigint> {
  let size = 0n;
  await walker.inner(async (field, wire) => {
    if (field !== 1 || wire !== 0) return false;
    size = await walker.signed();
    return true;
  });
  return size;
}
