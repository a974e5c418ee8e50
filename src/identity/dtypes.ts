// One name for each element type, whatever the format calls it: two tensors are the same only when their types are.
// Names are those of safetensors (safetensors/src/tensor.rs), of torch where it has none, of ggml for its packed blocks.

export interface ElementType {
  /** Canonical name, part of the tensor digest. */
  readonly name: string;
  /** Bits of one element; null for packed blocks, whose bytes are taken as they are. */
  readonly bits: number | null;
  /** Bytes that swap places between byte orders; 1 where there is nothing to swap. */
  readonly swapBytes: 1 | 2 | 4 | 8;
  /** The bytes are the other way round from canonical. */
  readonly isBigEndian: boolean;
}

type Row = readonly [bits: number, swapBytes: 1 | 2 | 4 | 8];

const PLAIN: ReadonlyMap<string, Row> = new Map([
  ["BOOL", [8, 1]],
  ["U8", [8, 1]],
  ["I8", [8, 1]],
  ["F8_E4M3", [8, 1]],
  ["F8_E5M2", [8, 1]],
  ["F8_E8M0", [8, 1]],
  ["F8_E4M3FNUZ", [8, 1]],
  ["F8_E5M2FNUZ", [8, 1]],
  ["U16", [16, 2]],
  ["I16", [16, 2]],
  ["F16", [16, 2]],
  ["BF16", [16, 2]],
  ["U32", [32, 4]],
  ["I32", [32, 4]],
  ["F32", [32, 4]],
  ["U64", [64, 8]],
  ["I64", [64, 8]],
  ["F64", [64, 8]],
  // Two numbers each: their halves swap, not the whole.
  ["C64", [64, 4]],
  ["C128", [128, 8]],
  ["F4", [4, 1]],
  ["F6_E2M3", [6, 1]],
  ["F6_E3M2", [6, 1]],
  ["U4", [4, 1]],
  ["I4", [4, 1]],
  ["U2", [2, 1]],
  ["I2", [2, 1]],
  ["QI8", [8, 1]],
  ["QU8", [8, 1]],
  ["QI32", [32, 4]],
  ["QU4", [4, 1]],
  ["QU2", [2, 1]],
]);

/** ONNX names (onnx/onnx.proto, TensorProto.DataType). */
const ONNX: ReadonlyMap<string, string> = new Map(
  Object.entries({
    FLOAT: "F32",
    UINT8: "U8",
    INT8: "I8",
    UINT16: "U16",
    INT16: "I16",
    INT32: "I32",
    INT64: "I64",
    FLOAT16: "F16",
    DOUBLE: "F64",
    UINT32: "U32",
    UINT64: "U64",
    COMPLEX64: "C64",
    COMPLEX128: "C128",
    BFLOAT16: "BF16",
    FLOAT8E4M3FN: "F8_E4M3",
    FLOAT8E4M3FNUZ: "F8_E4M3FNUZ",
    FLOAT8E5M2: "F8_E5M2",
    FLOAT8E5M2FNUZ: "F8_E5M2FNUZ",
    FLOAT8E8M0: "F8_E8M0",
    FLOAT4E2M1: "F4",
    FLOAT6E2M3: "F6_E2M3",
    FLOAT6E3M2: "F6_E3M2",
    UINT4: "U4",
    INT4: "I4",
    UINT2: "U2",
    INT2: "I2",
  }),
);

/** Kinds of numpy's array interface (numpy/doc: "The array interface protocol"), by kind and bytes. */
const NUMPY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    b1: "BOOL",
    u1: "U8",
    u2: "U16",
    u4: "U32",
    u8: "U64",
    i1: "I8",
    i2: "I16",
    i4: "I32",
    i8: "I64",
    f2: "F16",
    f4: "F32",
    f8: "F64",
    c8: "C64",
    c16: "C128",
  }),
);

/** numpy's long names, which HDF5 readers use. */
const NUMPY_LONG: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bool: "BOOL",
    uint8: "U8",
    uint16: "U16",
    uint32: "U32",
    uint64: "U64",
    int8: "I8",
    int16: "I16",
    int32: "I32",
    int64: "I64",
    float16: "F16",
    bfloat16: "BF16",
    float32: "F32",
    float64: "F64",
    complex64: "C64",
    complex128: "C128",
  }),
);

/** ggml's packed blocks: `Q4_K`, `IQ2_XXS`, `TQ1_0`, `MXFP4` … */
const PACKED = /^(?:I?Q\d|TQ\d|MXFP\d|NVFP\d)[A-Z0-9_]*$/u;
const NUMPY_TYPE = /^([<>|=]?)([a-z]\d{1,2})$/u;

/** The canonical type of a format's own name; null for texts, objects and whatever else has no plain bytes. */
export function elementType(dtype: string): ElementType | null {
  const numpy = NUMPY_TYPE.exec(dtype);
  if (numpy !== null) return plain(NUMPY.get(numpy[2] ?? ""), numpy[1] === ">");
  const known = plain(ONNX.get(dtype) ?? NUMPY_LONG.get(dtype) ?? dtype, false);
  if (known !== null || !PACKED.test(dtype)) return known;
  return { name: dtype, bits: null, swapBytes: 1, isBigEndian: false };
}

function plain(name: string | undefined, isBigEndian: boolean): ElementType | null {
  const row = name === undefined ? undefined : PLAIN.get(name);
  if (name === undefined || row === undefined) return null;
  const [bits, swapBytes] = row;
  return { name, bits, swapBytes, isBigEndian: isBigEndian && swapBytes > 1 };
}
