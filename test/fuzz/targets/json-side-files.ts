import { parseTokenizer } from "../../../src/formats/tokenizer.ts";
import { parseWeightsIndex } from "../../../src/formats/weights-index.ts";
import { restructureJson } from "../json.ts";
import type { FuzzTarget } from "../target.ts";

const text = new TextDecoder();
const tokenizer = {
  version: "1.0",
  added_tokens: [{ id: 0, content: "<s>" }],
  model: { type: "BPE", vocab: { a: 0, b: 1 }, merges: ["a b", ["a", "b"]] },
};
const index = { metadata: { total_size: 12 }, weight_map: { a: "m-1.safetensors", b: "../x" } };

/** The side files in JSON: vocabularies and indexes of shards. */
export const target: FuzzTarget = {
  name: "json-side-files",
  seeds: [tokenizer, index].map((value) => new TextEncoder().encode(JSON.stringify(value))),
  async read(reader) {
    const content = text.decode(await reader.read(0, reader.sizeBytes));
    return content.includes("weight_map") ? parseWeightsIndex(content) : parseTokenizer(content);
  },
  words: ['"weight_map":{', '"model":{', '"vocab":[', '"merges":', "[[["],
  restructure: (bytes, random) => new TextEncoder().encode(restructureJson(text.decode(bytes), random)),
};
