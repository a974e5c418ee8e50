import { describe, expect, test } from "vitest";
import { parseJson } from "../formats/json-reader.ts";
import { kerasFacts, kerasHits } from "./keras.ts";

function names(config: unknown, isH5 = false): readonly string[] {
  const hits = kerasHits(parseJson(JSON.stringify(config)), { start: 0, end: 1, isH5 });
  return hits.map(({ message, severity }) => `${message.id.slice("safety.".length)} ${severity}`);
}

const layer = (fields: object) => ({ module: "keras", class_name: "Sequential", config: { layers: [fields] }, registered_name: null });
const named = (module: string | null, config: string, registered_name = config) =>
  layer({ module, class_name: "function", config, registered_name });

describe("what a configuration may name", () => {
  test.each<[string, unknown]>([
    [
      "layers of Keras 3",
      layer({ module: "keras.layers", class_name: "Dense", config: { units: 1, activation: "gelu" }, registered_name: null }),
    ],
    ["operations of Keras 3", layer({ module: "keras.src.ops.numpy", class_name: "Matmul", config: {}, registered_name: "Matmul" })],
    ["layers of Keras 2", { class_name: "Sequential", config: [{ class_name: "Conv2D", config: { activation: "linear" } }] }],
    ["functions of Keras", named("builtins", "relu")],
    [
      "compilation",
      { loss: "mse", metrics: [["accuracy"], { out: "mae" }], optimizer: { module: "keras.optimizers", class_name: "Adam", config: {} } },
    ],
    ["tensors", layer({ class_name: "__keras_tensor__", config: { shape: [1] } })],
    ["a vocabulary in place", layer({ module: "keras.layers", class_name: "StringLookup", config: { vocabulary: ["a"] } })],
  ])("%s", (_, config) => {
    expect(names(config)).toEqual([]);
  });
});

describe("what a configuration should not name", () => {
  test.each<[string, unknown, readonly string[]]>([
    [
      "a lambda of Keras 3",
      layer({ module: "keras.layers", class_name: "Lambda", config: { function: { class_name: "__lambda__", config: { code: "4wAA" } } } }),
      ["KR01.code critical"],
    ],
    [
      "a lambda of Keras 2",
      { class_name: "Lambda", config: { function: ["4wAA", null, null], function_type: "lambda" } },
      ["KR01.code critical"],
    ],
    ["a lambda outside a layer", { loss: { class_name: "__lambda__", config: { value: "4wAA" } } }, ["KR01.code critical"]],
    ["a layer that calls by name", layer({ module: "keras.layers", class_name: "Lambda", config: { function: "f" } }), ["KR01.layer high"]],
    ["a module of Python", named("os", "system"), ["KR02.python critical"]],
    ["a class of Python", layer({ module: "subprocess", class_name: "Popen", config: { args: ["x"] } }), ["KR02.python critical"]],
    ["a walk into Python", layer({ module: "numpy.__builtins__", class_name: "x", config: {} }), ["KR02.python critical"]],
    ["a builtin function of Python", named("builtins", "eval"), ["KR02.python critical"]],
    ["a builtin class of Python", layer({ module: "builtins", class_name: "object", config: {} }), ["KR02.python critical"]],
    [
      "a type specification elsewhere",
      layer({ class_name: "__typespec__", module: "os", spec_name: "system", config: [] }),
      ["KR02.python critical"],
    ],
    ["a download", named("keras.utils", "get_file"), ["KR02.gadget critical"]],
    ["the end of safe mode", named("keras.config", "enable_unsafe_deserialization"), ["KR02.gadget critical"]],
    [
      "a pickle in a layer",
      layer({ module: "keras.layers", class_name: "TorchModuleWrapper", config: { module: "gASV" } }),
      ["KR02.unsafe-class high"],
    ],
    ["a function of any module", named("my.package", "run"), ["KR02.function high"]],
    [
      "a vocabulary elsewhere",
      layer({ module: "keras.layers", class_name: "StringLookup", config: { vocabulary: "/etc/passwd" } }),
      ["KR02.vocabulary high"],
    ],
    [
      "a vocabulary beside it",
      layer({ module: "keras.layers", class_name: "StringLookup", config: { vocabulary: "words.txt" } }),
      ["KR02.vocabulary medium"],
    ],
    [
      "a class of one's own",
      layer({ module: "my.package", class_name: "Mine", config: {}, registered_name: "my>Mine" }),
      ["KR03.custom medium"],
    ],
    ["a class of a script", layer({ module: "__main__", class_name: "Mine", config: {} }), ["KR03.custom medium"]],
    ["a class of one's own in Keras 2", { class_name: "Mine", config: {} }, ["KR03.custom medium"]],
    ["a loss of one's own", { loss: "my_loss" }, ["KR03.function medium"]],
    ["a library", layer({ module: "keras_hub.src.models", class_name: "Backbone", config: {} }), ["KR03.library low"]],
  ])("%s", (_, config, hits) => {
    expect(names(config)).toEqual(hits);
  });

  test("in H5, whose loader has no safe mode, a lambda is said to be worse", () => {
    expect(names({ class_name: "Lambda", config: { function: ["4wAA"], function_type: "lambda" } }, true)).toEqual(["KR01.h5 critical"]);
  });

  test("is said once, however often it is named", () => {
    expect(names({ a: Array.from({ length: 50 }, () => ({ class_name: "Mine", config: {} })) })).toEqual(["KR03.custom medium"]);
  });
});

test("a configuration tells class, name and packing", () => {
  const facts = kerasFacts(
    parseJson(
      '{"class_name":"Functional","config":{"name":"m","layers":[{"class_name":"Dense","config":{"dtype":{"class_name":"QuantizedDTypePolicy","config":{"mode":"int8"}}}}]}}',
    ),
  );
  expect(Object.fromEntries(facts)).toEqual({ architecture: "Functional", name: "m", layers: "1", quantization: "int8" });
});
