interface OnnxType {
  readonly name: string;
  /** Bits per element in raw data; null for texts. */
  readonly bits: number | null;
}

function row(name: string, bits: number | null): OnnxType {
  return { name, bits };
}

/** TensorProto.DataType (onnx/onnx.proto of 1.23); index is the number. */
const TYPES: readonly OnnxType[] = [
  row("UNDEFINED", null),
  row("FLOAT", 32),
  row("UINT8", 8),
  row("INT8", 8),
  row("UINT16", 16),
  row("INT16", 16),
  row("INT32", 32),
  row("INT64", 64),
  row("STRING", null),
  row("BOOL", 8),
  row("FLOAT16", 16),
  row("DOUBLE", 64),
  row("UINT32", 32),
  row("UINT64", 64),
  row("COMPLEX64", 64),
  row("COMPLEX128", 128),
  row("BFLOAT16", 16),
  row("FLOAT8E4M3FN", 8),
  row("FLOAT8E4M3FNUZ", 8),
  row("FLOAT8E5M2", 8),
  row("FLOAT8E5M2FNUZ", 8),
  row("UINT4", 4),
  row("INT4", 4),
  row("FLOAT4E2M1", 4),
  row("FLOAT8E8M0", 8),
  row("UINT2", 2),
  row("INT2", 2),
  row("FLOAT6E2M3", 6),
  row("FLOAT6E3M2", 6),
];

/** A type by its number, null for one that this table does not have. */
export function onnxType(type: number): OnnxType | null {
  return TYPES[type] ?? null;
}
