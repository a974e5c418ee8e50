import { expect, test } from "vitest";
import { loadStates } from "./loaded.ts";

function states(paths: readonly string[], broken: readonly string[] = []): readonly string[] {
  return loadStates(paths.map((path) => ({ path, isUnderstood: !broken.includes(path) }))).map(({ loaded }) => loaded);
}

test("loaders take safetensors and leave the pickle beside it alone", () => {
  expect(states(["model.safetensors", "pytorch_model.bin", "tf_model.h5"])).toEqual(["first", "no", "no"]);
  expect(states(["model-00001-of-00002.safetensors", "pytorch_model-00001-of-00002.bin"])).toEqual(["first", "no"]);
});

test("a pickle is the first choice where no safetensors lie in its folder", () => {
  expect(states(["pytorch_model.bin", "flax_model.msgpack"])).toEqual(["first", "no"]);
  expect(states(["safe/model.safetensors", "pytorch_model.bin"])).toEqual(["first", "first"]);
});

test("a safetensors file that cannot be read excuses nothing", () => {
  expect(states(["model.safetensors", "pytorch_model.bin"], ["model.safetensors"])).toEqual(["unknown", "first"]);
});

test("training's own files are opened by training alone", () => {
  expect(states(["optimizer.pt", "checkpoint-5/rng_state_0.pth", "training_args.bin"])).toEqual(["no", "no", "no"]);
});

test("anything else may be opened", () => {
  expect(states(["weights.pt", "pytorch_model.bin.bak"])).toEqual(["unknown", "unknown"]);
});
