// A language model small enough to be made in a test: llama architecture, two layers, random weights from a seed. It says nothing
// of sense, but every engine that reads GGUF runs it, and another seed makes other digests.
import { type GgufInput, writeGguf } from "../formats/gguf-writer.ts";

const VOCABULARY = 320;
const WIDTH = 64;
const FEED_FORWARD = 128;
const LAYERS = 2;
const HEADS = 4;
const KV_HEADS = 2;
const CONTEXT = 512;
/** Kinds of tokens as llama.cpp numbers them. */
const [NORMAL, UNKNOWN, CONTROL, BYTE] = [1, 2, 3, 6];

interface TinyModel {
  readonly seed: number;
  /** Factor on the weights of one tensor: a child of the same parent. */
  readonly scaled?: number;
  readonly metadata?: readonly (readonly [string, { readonly type: "string"; readonly value: string }])[];
}

/** Numbers from -1 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x8000_0000 - 1;
  };
}

function shapes(): readonly (readonly [name: string, ...dimensions: number[]])[] {
  const keys = (WIDTH / HEADS) * KV_HEADS;
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    [`blk.${layer}.attn_norm.weight`, WIDTH],
    [`blk.${layer}.attn_q.weight`, WIDTH, WIDTH],
    [`blk.${layer}.attn_k.weight`, WIDTH, keys],
    [`blk.${layer}.attn_v.weight`, WIDTH, keys],
    [`blk.${layer}.attn_output.weight`, WIDTH, WIDTH],
    [`blk.${layer}.ffn_norm.weight`, WIDTH],
    [`blk.${layer}.ffn_gate.weight`, WIDTH, FEED_FORWARD],
    [`blk.${layer}.ffn_up.weight`, WIDTH, FEED_FORWARD],
    [`blk.${layer}.ffn_down.weight`, FEED_FORWARD, WIDTH],
  ]).flat() as [string, ...number[]][];
  return [["token_embd.weight", WIDTH, VOCABULARY], ...layers, ["output_norm.weight", WIDTH], ["output.weight", WIDTH, VOCABULARY]];
}

function vocabulary(): { readonly tokens: string[]; readonly kinds: number[] } {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  const words = "▁ a b c d e f g h i j k l m n o p q r s t u v w x y z ▁the ▁of ▁and ▁to ▁in ▁is ▁it . , ! ?".split(" ");
  const tokens = ["<unk>", "<s>", "</s>", ...bytes, ...words];
  while (tokens.length < VOCABULARY) tokens.push(`▁w${tokens.length}`);
  const kinds = tokens.map((_, at) => (at === 0 ? UNKNOWN : at < 3 ? CONTROL : at < 259 ? BYTE : NORMAL));
  return { tokens, kinds };
}

interface Placed {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly bytes: Buffer;
}

function weightsOf({ seed, scaled = 1 }: TinyModel): readonly Placed[] {
  const draw = random(seed);
  return shapes().map(([name, ...dimensions]) => {
    const count = dimensions.reduce((product, size) => product * size, 1);
    const bytes = Buffer.alloc(count * 4);
    const isNorm = dimensions.length === 1;
    const factor = name === "output.weight" ? scaled : 1;
    for (let at = 0; at < count; at += 1) bytes.writeFloatLE(isNorm ? 1 : draw() * 0.5 * factor, at * 4);
    return { name, dimensions, bytes };
  });
}

type Metadata = readonly (readonly [string, GgufInput])[];

function metadataOf({ seed, metadata = [] }: TinyModel): Metadata {
  const { tokens, kinds } = vocabulary();
  const u32 = (value: number) => ({ type: "u32", value }) as const;
  return [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.name", { type: "string", value: `tiny-${seed}` }],
    ...metadata,
    ["llama.context_length", u32(CONTEXT)],
    ["llama.embedding_length", u32(WIDTH)],
    ["llama.block_count", u32(LAYERS)],
    ["llama.feed_forward_length", u32(FEED_FORWARD)],
    ["llama.attention.head_count", u32(HEADS)],
    ["llama.attention.head_count_kv", u32(KV_HEADS)],
    ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: 1e-5 }],
    ["llama.rope.dimension_count", u32(WIDTH / HEADS)],
    ["llama.rope.freq_base", { type: "f32", value: 10_000 }],
    ["llama.vocab_size", u32(VOCABULARY)],
    ["tokenizer.ggml.model", { type: "string", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "strings", value: tokens }],
    ["tokenizer.ggml.scores", { type: "f32s", value: tokens.map((_, at) => -at) }],
    ["tokenizer.ggml.token_type", { type: "i32s", value: kinds }],
    ["tokenizer.ggml.bos_token_id", u32(1)],
    ["tokenizer.ggml.eos_token_id", u32(2)],
    ["tokenizer.ggml.unknown_token_id", u32(0)],
  ];
}

function fileOf(metadata: Metadata, tensors: readonly Placed[]): Buffer {
  let offset = 0;
  const placed = tensors.map(({ name, dimensions, bytes }) => {
    const tensor = { name, dimensions, type: 0, offset };
    offset += Math.ceil(bytes.length / 32) * 32;
    return tensor;
  });
  const data = tensors.map(({ bytes }) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]));
  return Buffer.concat([writeGguf({ tensors: placed, metadata }), ...data]);
}

export function tinyGguf(model: TinyModel): Buffer {
  return fileOf(metadataOf(model), weightsOf(model));
}

/** The same model in parts, as llama.cpp's gguf-split writes them; the first may have no tensors (`--no-tensor-first-split`). */
export function tinyParts(model: TinyModel, parts: number, isFirstEmpty = false): readonly Buffer[] {
  const tensors = weightsOf(model);
  const holding = isFirstEmpty ? parts - 1 : parts;
  const each = Math.ceil(tensors.length / holding);
  return Array.from({ length: parts }, (_, part) => {
    const at = isFirstEmpty ? part - 1 : part;
    const own = at < 0 ? [] : tensors.slice(at * each, (at + 1) * each);
    const split: Metadata = [
      ["split.no", { type: "u16", value: part }],
      ["split.count", { type: "u16", value: parts }],
      ["split.tensors.count", { type: "i32", value: tensors.length }],
    ];
    return fileOf(part === 0 ? [...metadataOf(model), ...split] : split, own);
  });
}

/** The same model, of zero blocks by its header: llama.cpp has no such architecture and aborts, which no caller can catch. */
export function abortingGguf(): Buffer {
  const bytes = tinyGguf({ seed: 7 });
  const key = "llama.block_count";
  // The key is followed by its type, four bytes.
  bytes.writeUInt32LE(0, bytes.indexOf(key) + key.length + 4);
  return bytes;
}
