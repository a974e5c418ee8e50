// A made-up release of the size of a large language model: headers are real, weights are holes in the files.
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Sizes of Llama 3 70B: bfloat16, 80 layers. */
const HIDDEN = 8192;
const INNER = 28_672;
const VOCABULARY = 128_256;
const LAYERS = 80;
const KEY_VALUE = 1024;
const BYTES_PER_NUMBER = 2;

interface SparseTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface SparseFile {
  readonly path: string;
  /** What is really there; holes follow. */
  readonly head: Uint8Array;
  readonly sizeBytes: number;
}

function layer(index: number): readonly SparseTensor[] {
  const of = (name: string, ...shape: number[]): SparseTensor => ({ name: `model.layers.${index}.${name}.weight`, shape });
  return [
    of("input_layernorm", HIDDEN),
    of("mlp.down_proj", HIDDEN, INNER),
    of("mlp.gate_proj", INNER, HIDDEN),
    of("mlp.up_proj", INNER, HIDDEN),
    of("post_attention_layernorm", HIDDEN),
    of("self_attn.k_proj", KEY_VALUE, HIDDEN),
    of("self_attn.o_proj", HIDDEN, HIDDEN),
    of("self_attn.q_proj", HIDDEN, HIDDEN),
    of("self_attn.v_proj", KEY_VALUE, HIDDEN),
  ];
}

/** 141 GB in `shards` files (or a tenth of that with `layers` 8) with index and configuration. */
export function sparseRelease(shards = 30, layers = LAYERS): readonly SparseFile[] {
  const tensors: readonly SparseTensor[] = [
    { name: "model.embed_tokens.weight", shape: [VOCABULARY, HIDDEN] },
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    { name: "model.norm.weight", shape: [HIDDEN] },
    { name: "lm_head.weight", shape: [VOCABULARY, HIDDEN] },
  ];
  const each = Math.ceil(tensors.length / shards);
  const weightMap: Record<string, string> = {};
  const files: SparseFile[] = [];
  for (let shard = 0; shard < shards; shard += 1) {
    const number = (value: number): string => String(value).padStart(5, "0");
    const path = `model-${number(shard + 1)}-of-${number(shards)}.safetensors`;
    const part = tensors.slice(shard * each, (shard + 1) * each);
    for (const { name } of part) weightMap[name] = path;
    files.push(safetensors(path, part));
  }
  const totalSize = files.reduce((sum, { sizeBytes, head }) => sum + sizeBytes - head.length, 0);
  return [
    whole("config.json", { architectures: ["LlamaForCausalLM"], model_type: "llama", num_hidden_layers: layers }),
    ...files,
    whole("model.safetensors.index.json", { metadata: { total_size: totalSize }, weight_map: weightMap }),
  ];
}

function safetensors(path: string, tensors: readonly SparseTensor[]): SparseFile {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const { name, shape } of tensors) {
    const end = at + shape.reduce((product, size) => product * size, BYTES_PER_NUMBER);
    header[name] = { dtype: "BF16", shape, data_offsets: [at, end] };
    at = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc(-json.length & 7, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const head = Buffer.concat([length, padded]);
  return { path, head, sizeBytes: head.length + at };
}

function whole(path: string, value: unknown): SparseFile {
  const head = Buffer.from(JSON.stringify(value, null, 2));
  return { path, head, sizeBytes: head.length };
}

export function writeSparse(folder: string, files: readonly SparseFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, head, sizeBytes } of files) {
    if (head.length === sizeBytes) writeFileSync(join(folder, path), head);
    else writeHoles(join(folder, path), sizeBytes, head);
  }
}

/** A file of some size that takes up no more of the disk than its first bytes. */
export function writeHoles(file: string, sizeBytes: number, head: Uint8Array = new Uint8Array(0)): void {
  const out = openSync(file, "w");
  writeSync(out, head);
  ftruncateSync(out, sizeBytes);
  closeSync(out);
}
