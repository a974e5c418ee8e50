import { describe, expect, test } from "vitest";
import { type GgufFile, writeGguf } from "../../../test/formats/gguf-writer.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

const tensor = { name: "a", dimensions: [32], type: 0, offset: 0 };
const HONEST: GgufFile = {
  metadata: [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.license", { type: "string", value: "mit" }],
  ],
  tensors: [tensor, { ...tensor, name: "b", type: 2, dimensions: [32, 4], offset: 128 }],
  dataBytes: 128 + 96,
};

test("an honest file gives tensors, architecture and quantisation", async () => {
  const scan = await scanOf("model.gguf", writeGguf(HONEST));
  expect(scan).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
  expect(scan.readings).toMatchObject([
    {
      format: "gguf",
      parameters: 160,
      tensors: [
        { name: "a", dtype: "F32" },
        { dtype: "Q4_0", shape: [4, 32] },
      ],
    },
  ]);
  expect([...(scan.readings[0]?.metadata ?? [])]).toEqual([
    ["version", "3"],
    ["architecture", "llama"],
    ["license", "mit"],
    ["quantization", "Q4_0"],
  ]);
});

describe("a broken structure is a hit", () => {
  test.each<[string, readonly string[], GgufFile]>([
    [
      "shared bytes",
      ["GG01.misplaced low", "GG01.overlap medium"],
      { tensors: [tensor, { ...tensor, name: "b", offset: 64 }], dataBytes: 192 },
    ],
    ["a place off the grid", ["GG01.misplaced low", "GG01.unaligned medium"], { tensors: [{ ...tensor, offset: 4 }], dataBytes: 160 }],
    ["a name twice", ["GG01.duplicate-tensor medium"], { tensors: [tensor, { ...tensor, offset: 128 }], dataBytes: 256 }],
    ["rows that fill no block", ["GG01.odd-row medium"], { tensors: [{ ...tensor, type: 2, dimensions: [31] }], dataBytes: 32 }],
    ["bytes behind the end", ["GG01.trailing medium"], { tensors: [tensor], dataBytes: 129 }],
    ["the other byte order", ["GG01.big-endian info"], { bigEndian: true, tensors: [tensor], dataBytes: 128 }],
    ["a name too long", ["GG01.long-name low"], { tensors: [{ ...tensor, name: "n".repeat(64) }], dataBytes: 128 }],
    [
      "a key twice",
      ["GG01.duplicate-key medium"],
      {
        metadata: [
          ["k", { type: "u32", value: 1 }],
          ["k", { type: "u32", value: 2 }],
        ],
      },
    ],
  ])("%s", async (_, hits, file) => {
    expect(hitNames(await scanOf("model.gguf", writeGguf(file)))).toEqual(hits);
  });

  test("tensors beyond the end, and the coverage says so", async () => {
    const scan = await scanOf("model.gguf", writeGguf({ tensors: [tensor], dataBytes: 100 }));
    expect(hitNames(scan)).toEqual(["GG01.past-end medium"]);
    expect(scan.coverage).toMatchObject({ state: "partial", code: "truncated" });
  });
});

test("an unknown tensor type is no guess but a gap", async () => {
  const scan = await scanOf("model.gguf", writeGguf({ tensors: [{ ...tensor, type: 4 }], dataBytes: 128 }));
  expect(scan.coverage).toMatchObject({ state: "partial", code: "unsupported", detail: "tensor type 4" });
});

test("a split model names its other parts", async () => {
  const bytes = writeGguf({ metadata: [["split.count", { type: "u32", value: 3 }]] });
  const scan = await scanOf("q/m-00002-of-00003.gguf", bytes);
  expect(scan.readings[0]?.references?.map(({ path }) => path)).toEqual(["m-00001-of-00003.gguf", "m-00003-of-00003.gguf"]);
});
