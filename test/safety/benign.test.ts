import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scanBytes } from "../../src/safety/dispatch.ts";

const folder = join(import.meta.dirname, "benign");
const names = readdirSync(folder).filter((name) => name !== "README.md");
const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

describe("files that people write every day", () => {
  test.each(names)("%s: nothing grave, all of it understood", async (name) => {
    const { hits, coverage } = await scanBytes(name, readFileSync(join(folder, name)), OPTIONS);
    expect(hits.filter(({ severity }) => severity === "high" || severity === "critical")).toEqual([]);
    if (name !== "external.bin") expect(coverage).toEqual({ state: "full" });
  });

  test("are many and of many kinds", () => {
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names.map((name) => name.slice(name.lastIndexOf("."))))).toEqual(
      new Set([".bin", ".joblib", ".npy", ".npz", ".onnx", ".pkl", ".pt", ".safetensors"]),
    );
  });
});
