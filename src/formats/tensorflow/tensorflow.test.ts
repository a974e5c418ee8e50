import { describe, expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../../test/formats/hostile.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { MemoryReader } from "../byte-reader.ts";
import { readTensorBundle } from "./bundle.ts";
import { readSavedModel } from "./saved-model.ts";

const index = fixture("tensorflow/made-up.ckpt.index");
const saved = fixture("operators/read/saved_model.pb");
const wanted = new Set(["ReadFile"]);

describe("an index of a checkpoint", () => {
  test("says where each tensor lies", async () => {
    const bundle = await readTensorBundle(new MemoryReader(index));
    expect(bundle).toMatchObject({ shards: 1, littleEndian: true, parameters: 17 });
    const weight = bundle.tensors.find(({ name }) => name.startsWith("model/weight"));
    const data = Buffer.from(fixture("tensorflow/made-up.ckpt.data-00000-of-00001"));
    expect(weight).toMatchObject({ dtype: "DT_FLOAT", shape: [4, 3], place: { shard: 0 } });
    const { start, end } = weight?.place ?? { start: 0, end: 0 };
    expect([end - start, data.readFloatLE(start), data.readFloatLE(end - 4)]).toEqual([48, 1, 1]);
  });

  test.each([
    ["nothing", new Uint8Array(0), "NOT_THIS_FORMAT"],
    ["another end", index.map((byte, at) => (at === index.length - 1 ? 0 : byte)), "NOT_THIS_FORMAT"],
    ["a packed block", index.map((byte, at) => (at === (indexOfEnd(index) ?? 0) ? 1 : byte)), "UNSUPPORTED"],
  ])("is refused: %s", async (_, bytes, code) => {
    const result = await outcome(readTensorBundle, bytes);
    expect(result === "read" ? result : result.code).toBe(code);
  });

  test("cut anywhere it is refused, changed anywhere it never crashes", async () => {
    expect(await readLengths(readTensorBundle, index)).toEqual([]);
    expect(await surviveMutations(readTensorBundle, index, 3000, 8)).toBeGreaterThan(0);
  });
});

/** The type of the block of the index, which stands right before the footer together with its checksum. */
function indexOfEnd(bytes: Uint8Array): number {
  return bytes.length - 48 - 5;
}

describe("a SavedModel", () => {
  test("gives operators of its graph and of its functions, and what they are given", async () => {
    const model = await readSavedModel(new MemoryReader(saved), wanted);
    expect(model).toMatchObject({ schemaVersion: 1, tags: ["serve"], tensorflowVersion: "2.21.0", functions: 4 });
    expect(model.operators.get("ReadFile")).toBe(1);
    const [node] = model.nodes;
    expect(node?.within).toMatch(/lambda/u);
    const path = node?.inputs[0]?.split(":")[0];
    expect(model.constants.find(({ name, within }) => name === path && within === node?.within)?.texts).toEqual(["/made/up"]);
  });

  test("cut anywhere it is refused or gives less, changed anywhere it never crashes", async () => {
    const read = (reader: MemoryReader) => readSavedModel(reader, wanted);
    for (let length = 1; length < saved.length; length += 37) {
      const result = await outcome((reader) => readSavedModel(reader, wanted), saved.subarray(0, length));
      // Whole before the graph, which is one field to the end of the file.
      expect(result === "read" ? "read" : result.code).toMatch(/TRUNCATED|NOT_THIS_FORMAT/u);
    }
    expect(await surviveMutations((reader) => read(reader as MemoryReader), saved, 800, 9)).toBeGreaterThan(0);
  });
});
