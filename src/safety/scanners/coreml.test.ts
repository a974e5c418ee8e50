import { describe, expect, test } from "vitest";
import { outcome, surviveMutations } from "../../../test/formats/hostile.ts";
import { field, numberField } from "../../../test/formats/onnx-writer.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";
import type { FileScan } from "../../core/scan.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { readCoreml } from "../../formats/coreml/model.ts";
import { readWeightBlobs } from "../../formats/coreml/weight-blob.ts";
import { crossFileHits, type ListedFile } from "../cross-file.ts";

const folder = "coreml/program.mlpackage/";
const model = fixture(`${folder}Data/com.apple.CoreML/model.mlmodel`);
const weights = fixture(`${folder}Data/com.apple.CoreML/weights/weight.bin`);
const network = fixture("coreml/network.mlmodel");

test("the parts of a package refer to each other and to nothing else", async () => {
  const paths = ["Manifest.json", "Data/com.apple.CoreML/model.mlmodel", "Data/com.apple.CoreML/weights/weight.bin"];
  const listed = await Promise.all(
    paths.map(async (path): Promise<ListedFile> => {
      const bytes = fixture(`${folder}${path}`);
      return { path: `m.mlpackage/${path}`, sizeBytes: bytes.length, content: "readable", scan: await scanOf(path, bytes) };
    }),
  );
  expect([...crossFileHits(listed, true)]).toEqual([]);
  const short = listed.map((file) => (file.path.endsWith("weight.bin") ? { ...file, sizeBytes: 100 } : file));
  expect([...crossFileHits(short, true).values()].flat().map(({ message }) => message.id)).toContain("safety.CM01.short");
});

test("weights lie where the reading says, in both kinds of file", async () => {
  const inside = await readCoreml(new MemoryReader(network));
  const dense = inside.tensors.find(({ name }) => name === "dense.weights");
  expect(Buffer.from(network).readFloatLE((dense?.place?.end ?? 4) - 4)).toBe(11);
  const { blobs } = await readWeightBlobs(new MemoryReader(weights));
  expect(blobs).toMatchObject([{ dtype: "FLOAT32", elements: 128, offset: 64, start: 128, end: 640 }]);
  expect(Buffer.from(weights).readFloatLE(636)).toBe(127);
  const outside = await readCoreml(new MemoryReader(model));
  expect(outside.tensors).toMatchObject([{ shape: [8, 16], blob: { file: "@model_path/weights/weight.bin", offset: 64 } }]);
});

const text = (value: string) => field(1, value);
const wrap = (kind: number, content: Uint8Array) => Buffer.concat([numberField(1, 6), field(2, ""), field(kind, content)]);
const scan = (kind: number, content: Uint8Array): Promise<FileScan> => scanOf("m.mlmodel", wrap(kind, content));

/** A program with one constant in a weight file. */
function program(file: string): Buffer {
  const value = Buffer.concat([field(2, field(1, numberField(1, 11))), field(5, Buffer.concat([text(file), numberField(2, 64)]))]);
  const operation = Buffer.concat([text("const"), field(3, text("w")), field(5, Buffer.concat([text("val"), field(2, value)]))]);
  const block = field(3, operation);
  const made = field(3, Buffer.concat([text("CoreML6"), field(2, block)]));
  return field(2, Buffer.concat([text("main"), field(2, made)]));
}

describe("what a model should not name", () => {
  test.each([
    ["@model_path/weights/weight.bin", []],
    ["/made/up", ["CM01.absolute high"]],
    ["@model_path/../../up", ["CM01.traversal high"]],
    ["@model_path/....//up", ["CM01.disguised high"]],
  ])("weights in %s", async (file, hits) => {
    const scanned = await scan(502, program(file));
    expect(scanned.readings).toMatchObject([{ format: "coreml", tensors: [{ name: "w", dtype: "FLOAT32", place: null }] }]);
    expect(hitNames(scanned)).toEqual(hits);
  });

  test("another model elsewhere", async () => {
    expect(hitNames(await scan(556, field(1, field(1, text("../other")))))).toEqual(["CM01.traversal high"]);
  });

  test("an item outside the package", async () => {
    const manifest = { itemInfoEntries: { a: { path: "../../made-up" } }, rootModelIdentifier: "a" };
    expect(hitNames(await scanOf("Manifest.json", Buffer.from(JSON.stringify(manifest))))).toEqual(["CM01.traversal high"]);
  });
});

describe("code of the application", () => {
  test("is named: a custom layer, a custom model, also inside a pipeline", async () => {
    const layer = field(1, Buffer.concat([text("l"), field(500, field(10, "Mine"))]));
    expect(hitNames(await scan(500, layer))).toEqual(["CM02.layer info"]);
    expect(hitNames(await scan(555, field(10, "Mine")))).toEqual(["CM02.model info"]);
    const inner = Buffer.concat([numberField(1, 6), field(555, field(10, "Mine"))]);
    expect(hitNames(await scan(202, field(1, inner)))).toEqual(["CM02.model info"]);
  });

  test("that is packed out of sight leaves a gap", async () => {
    expect((await scan(3000, Buffer.from([1]))).coverage).toMatchObject({ state: "partial", code: "unsupported" });
  });
});

describe("a hostile file", () => {
  test("of weights that lie over their description or beyond the end is reported", async () => {
    const over = Buffer.from(weights);
    over.writeBigUInt64LE(64n, 64 + 16);
    expect(hitNames(await scanOf("weight.bin", over))).toEqual(["CM03.overlap medium"]);
    const beyond = await scanOf("weight.bin", weights.subarray(0, 600));
    expect([hitNames(beyond), beyond.coverage.state]).toEqual([["CM03.past-end medium"], "partial"]);
  });

  test("is refused when cut, and never crashes the reader when changed", async () => {
    for (let length = 0; length < model.length; length += 3) {
      const result = await outcome(readCoreml, model.subarray(0, length));
      expect(result === "read" ? result : result.code).toMatch(/TRUNCATED|NOT_THIS_FORMAT/u);
    }
    expect(await surviveMutations(readCoreml, model, 2000, 11)).toBeGreaterThan(0);
    expect(await surviveMutations(readWeightBlobs, weights, 2000, 12)).toBeGreaterThan(0);
  });
});
