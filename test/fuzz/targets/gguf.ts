import { readGgufHeader } from "../../../src/formats/gguf.ts";
import { type GgufFile, writeGguf } from "../../formats/gguf-writer.ts";
import type { FuzzTarget } from "../target.ts";

const file: GgufFile = {
  metadata: [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.alignment", { type: "u32", value: 32 }],
    ["general.languages", { type: "strings", value: ["en", "zh"] }],
    ["tokenizer.ggml.scores", { type: "f32s", value: [0.5, 1] }],
    ["llama.context_length", { type: "u64", value: 4096n }],
    ["llama.flag", { type: "bool", value: true }],
  ],
  tensors: [
    { name: "token_embd.weight", dimensions: [64, 10], type: 3, offset: 0 },
    { name: "norm", dimensions: [64], type: 0, offset: 416 },
  ],
  dataBytes: 416 + 256,
};

export const target: FuzzTarget = {
  name: "gguf",
  seeds: [writeGguf(file), writeGguf({ ...file, version: 1 }), writeGguf({ ...file, bigEndian: true }), writeGguf({})],
  read: readGgufHeader,
  words: ["general.alignment", "\x09\0\0\0\x09\0\0\0", "\x08\0\0\0", "GGUF", "split.count"],
};
