import { describe, expect, test } from "vitest";
import { writeGguf } from "../../test/formats/gguf-writer.ts";
import { writeOnnx } from "../../test/formats/onnx-writer.ts";
import { writeSafetensors } from "../../test/formats/safetensors-writer.ts";
import { scanOf } from "../../test/safety/scan.ts";
import { crossFileHits, type ListedFile, rawWeights } from "./cross-file.ts";
import { resolvePath } from "./paths.ts";

async function listed(path: string, bytes: Uint8Array): Promise<ListedFile> {
  return { path, sizeBytes: bytes.length, content: "readable", scan: await scanOf(path, bytes) };
}

const bare = (path: string, sizeBytes: number, content: ListedFile["content"] = "readable"): ListedFile => ({
  path,
  sizeBytes,
  content,
  scan: null,
});

function names(found: ReturnType<typeof crossFileHits>): readonly string[] {
  return [...found].flatMap(([path, hits]) => hits.map(({ message, severity }) => `${path} ${message.id} ${severity}`));
}

describe("weights of a model in another file", () => {
  const model = writeOnnx({ initializers: [{ name: "w", dims: [4], externalFile: "w/data.bin", externalOffset: 8 }] });

  test.each<[string, readonly ListedFile[], readonly string[]]>([
    ["are there", [bare("m/w/data.bin", 24)], []],
    ["are too short", [bare("m/w/data.bin", 23)], ["m/a.onnx safety.ON01.short medium"]],
    ["are a link", [bare("m/w/data.bin", 24, "symlink")], ["m/a.onnx safety.ON01.symlink high"]],
    ["are missing", [bare("w/data.bin", 24)], ["m/a.onnx safety.ON01.missing low"]],
  ])("%s", async (_, others, hits) => {
    const files = [await listed("m/a.onnx", model), ...others];
    expect(names(crossFileHits(files, true))).toEqual(hits);
  });

  test("are not called missing when the listing is not whole", async () => {
    expect(crossFileHits([await listed("m/a.onnx", model)], false).size).toBe(0);
  });
});

test("a file of bare weights is accounted for by the model that names it, one that is something else is not", async () => {
  const model = await listed("m/a.onnx", writeOnnx({ initializers: [{ name: "w", dims: [4], externalFile: "w.bin" }] }));
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => 200 - index);
  const raw = rawWeights([model, await listed("m/w.bin", bytes)]);
  expect([...raw.keys()]).toEqual(["m/w.bin"]);
  expect(raw.get("m/w.bin")).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, readings: [{ format: "raw-weights" }] });
  expect(rawWeights([model, await listed("w.bin", bytes)]).size).toBe(0);
  expect(rawWeights([model, await listed("m/w.bin", writeGguf({}))]).size).toBe(0);
});

describe("an index of shards", () => {
  const shard = writeSafetensors([{ name: "a", dtype: "U8", shape: [1], bytes: 1 }]);
  const index = (map: Readonly<Record<string, string>>) =>
    listed("model.safetensors.index.json", Buffer.from(JSON.stringify({ weight_map: map })));

  test("that is true", async () => {
    const files = [await index({ a: "s.safetensors" }), await listed("s.safetensors", shard)];
    expect(crossFileHits(files, true).size).toBe(0);
  });

  test("that names tensors a shard does not hold, and files that are not there", async () => {
    const files = [await index({ a: "s.safetensors", b: "s.safetensors", c: "t.safetensors" }), await listed("s.safetensors", shard)];
    expect(names(crossFileHits(files, true))).toEqual([
      "model.safetensors.index.json safety.IX01.lacks medium",
      "model.safetensors.index.json safety.IX01.missing low",
    ]);
  });

  test("that leaves its folder", async () => {
    const { scan } = await index({ a: "../../s.safetensors", b: "/s" });
    expect(scan?.hits.map(({ message, severity }) => [message.id, severity])).toEqual([
      ["safety.IX01.absolute", "high"],
      ["safety.IX01.traversal", "high"],
    ]);
  });
});

test("a part of a split model that is missing is named", async () => {
  const file = await listed("m-00001-of-00002.gguf", writeGguf({ metadata: [["split.count", { type: "u32", value: 2 }]] }));
  expect(names(crossFileHits([file], true))).toEqual(["m-00001-of-00002.gguf safety.GG01.missing low"]);
});

test.each([
  ["a/b.onnx", "c.bin", "a/c.bin"],
  ["a/b.onnx", "./x/../c.bin", "a/c.bin"],
  ["a/b.onnx", "../c.bin", "c.bin"],
  ["b.onnx", "../c.bin", null],
])("from %s, %s is %s", (from, path, resolved) => {
  expect(resolvePath(from, path)).toBe(resolved);
});
