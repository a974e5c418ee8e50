import { expect, test } from "vitest";
import type { ScannedTensor } from "../core/scan.ts";
import { loadRules } from "../rules/load.ts";
import { traitsOfTensors } from "./traits.ts";

function tensors(...names: readonly string[]): readonly ScannedTensor[] {
  return names.map((name) => ({ name, dtype: "F32", shape: [1], place: null }));
}

test("a family is known by its names, whatever the number of the layer", () => {
  for (const layer of [0, 1, 2, 9, 10, 79]) {
    const of = (name: string): string => `model.layers.${layer}.${name}.weight`;
    const llama = tensors(of("self_attn.q_proj"), of("mlp.gate_proj"), of("input_layernorm"));
    expect(traitsOfTensors(llama).get("architecture")).toBe("llama-like");
  }
  expect(traitsOfTensors(tensors("layer1.0.conv1.weight", "bn1.running_mean")).get("architecture")).toBe("resnet");
  expect(traitsOfTensors(tensors("layer1.7.conv1.weight", "bn1.running_mean")).has("architecture")).toBe(false);
});

test("one file's names are not taken for another's", () => {
  expect(traitsOfTensors(tensors("a.lora_A.weight", "a.lora_B.weight")).get("architecture")).toBe("lora");
  expect(traitsOfTensors(tensors("b.weight")).has("architecture")).toBe(false);
});

test("no pattern names a layer beyond the second, as numbers above are not told apart", () => {
  const data = JSON.stringify(loadRules("safety").get("architectures"));
  expect(data).toContain("self_attn");
  expect(data).not.toMatch(/["./](?:[3-9]|[1-9]\d+)["./]/u);
});
