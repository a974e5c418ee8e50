// The same tensors in every format that Ajar reads, with their bytes.

import { headerOnly } from "../formats/safetensors-writer.ts";
import { writeZip } from "../formats/zip-writer.ts";
import * as P from "../safety/pickle-writer.ts";
import { GGUF_TYPE_F32, ggufOf } from "./gguf-data.ts";

export interface RawTensor {
  readonly name: string;
  /** As safetensors names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row by row, little-endian. */
  readonly bytes: Uint8Array;
}

export function safetensors(tensors: readonly RawTensor[], metadata: Readonly<Record<string, string>> = {}): Buffer {
  let at = 0;
  const fields = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = at;
    at += bytes.length;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, at] })}`;
  });
  if (Object.keys(metadata).length > 0) fields.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  return Buffer.concat([headerOnly(`{${fields.join(",")}}`), ...tensors.map(({ bytes }) => bytes)]);
}

/** Shards with their index, each tensor in the shard that `shardOf` says. */
export function sharded(tensors: readonly RawTensor[], count: number, shardOf: (index: number) => number): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const map: Record<string, string> = {};
  for (let shard = 0; shard < count; shard += 1) {
    const name = `model-${String(shard + 1).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.safetensors`;
    const own = tensors.filter((_, index) => shardOf(index) % count === shard);
    for (const tensor of own) map[tensor.name] = name;
    files[name] = safetensors(own);
  }
  files["model.safetensors.index.json"] = Buffer.from(JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
  return files;
}

const STORAGES: Readonly<Record<string, readonly [string, number]>> = {
  F32: ["FloatStorage", 4],
  F64: ["DoubleStorage", 8],
  F16: ["HalfStorage", 2],
  BF16: ["BFloat16Storage", 2],
  I64: ["LongStorage", 8],
  U8: ["ByteStorage", 1],
};

function rowSteps(shape: readonly number[]): number[] {
  const steps: number[] = [];
  let step = 1;
  for (const size of shape.toReversed()) {
    steps.unshift(step);
    step *= size;
  }
  return steps;
}

/** How a tensor lies in its storage. */
export interface Laid {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly strides: readonly number[];
  readonly offset: number;
}

export function plainly({ bytes, shape }: RawTensor, key: string): Laid {
  return { key, bytes, strides: rowSteps(shape), offset: 0 };
}

/** A two-dimensional tensor stored column by column, as `x.t()` of a saved matrix is. */
export function transposed(tensor: RawTensor, key: string, elementBytes: number): Laid {
  const [rows = 1, columns = 1] = tensor.shape;
  const bytes = Buffer.alloc(tensor.bytes.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const from = (row * columns + column) * elementBytes;
      bytes.set(tensor.bytes.subarray(from, from + elementBytes), (column * rows + row) * elementBytes);
    }
  }
  return { key, bytes, strides: [1, rows], offset: 0 };
}

export interface TorchShape {
  readonly method?: 0 | 8;
  readonly byteOrder?: "little" | "big";
  /** More names for tensors that are there: name -> index. */
  readonly tied?: readonly (readonly [string, number])[];
  readonly lay?: (tensor: RawTensor, key: string) => Laid;
}

/** What `torch.save` writes for a dict of tensors. */
export function torchZip(tensors: readonly RawTensor[], shape: TorchShape = {}): Buffer {
  const lay = shape.lay ?? plainly;
  const laid = tensors.map((tensor, index) => lay(tensor, String(index)));
  const rebuilt = tensors.map((tensor, index) => {
    const { key, strides, offset, bytes } = laid[index] ?? plainly(tensor, String(index));
    const [type, size] = STORAGES[tensor.dtype] ?? ["UntypedStorage", 1];
    return P.tensor(P.storage(type, key, bytes.length / size), offset, tensor.shape, strides);
  });
  const names = [...tensors.map(({ name }, index) => [name, index] as const), ...(shape.tied ?? [])];
  const pairs = names.map(([name, index]) => [P.text(name), rebuilt[index] ?? P.none] as const);
  const method = shape.method ?? 0;
  const storages = new Map(laid.map(({ key, bytes }) => [key, bytes]));
  return writeZip([
    { path: "archive/data.pkl", content: P.pickle(P.dict(...pairs)), method },
    { path: "archive/byteorder", content: Buffer.from(shape.byteOrder ?? "little"), method },
    ...[...storages].map(([key, content]) => ({ path: `archive/data/${key}`, content, method })),
    { path: "archive/version", content: Buffer.from("3\n"), method },
  ]);
}

/** GGUF knows F32 alone of the types used here. */
export function gguf(tensors: readonly RawTensor[]): Buffer {
  return ggufOf(tensors.map(({ name, shape, bytes }) => ({ name, dimensions: shape.toReversed(), type: GGUF_TYPE_F32, bytes })));
}

const NUMPY: Readonly<Record<string, string>> = { F32: "<f4", F64: "<f8", F16: "<f2", I64: "<i8", U8: "|u1" };

export function npy({ dtype, shape, bytes }: RawTensor, descr = NUMPY[dtype] ?? "|u1", fortran = false): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(padded, "latin1"), bytes]);
}

export function npz(tensors: readonly RawTensor[], method: 0 | 8 = 0): Buffer {
  return writeZip(tensors.map((tensor) => ({ path: `${tensor.name}.npy`, content: npy(tensor), method })));
}
