import { parseJson } from "../../../src/formats/json-reader.ts";
import { kerasFacts, kerasHits } from "../../../src/safety/keras.ts";
import { restructureJson } from "../json.ts";
import type { FuzzTarget } from "../target.ts";

const CONFIGS = [
  {
    class_name: "Sequential",
    config: { name: "m", layers: [{ module: "keras.layers", class_name: "Dense", config: { units: 2, activation: "relu" } }] },
  },
  { class_name: "Lambda", config: { function: ["4wAA", null, null], function_type: "lambda", module: "__main__" } },
  { module: "os", class_name: "function", config: "system", registered_name: "system" },
  { class_name: "__lambda__", config: { value: "4wAA" } },
  { class_name: "StringLookup", config: { vocabulary: "/etc/passwd" } },
  { loss: { a: "mse", b: ["x"] }, metrics: ["mae", ["acc"]] },
];

const text = new TextDecoder();

export const target: FuzzTarget = {
  name: "keras-config",
  seeds: CONFIGS.map((config) => new TextEncoder().encode(JSON.stringify(config))),
  async read(reader) {
    const value = parseJson(text.decode(await reader.read(0, reader.sizeBytes)), { nonFinite: true });
    const place = { start: 0, end: reader.sizeBytes, isH5: true };
    return [kerasHits(value, place), kerasFacts(value)];
  },
  words: ['"class_name":', '"config":', '"module":', "NaN", "-Infinity", '"__typespec__"', '"spec_name":'],
  restructure: (bytes, random) => new TextEncoder().encode(restructureJson(text.decode(bytes), random)),
};
