import { describe, expect, test } from "vitest";
import { headerOnly, writeSafetensors } from "../../../test/formats/safetensors-writer.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

const one = (name: string, begin: number, end: number, shape = (end - begin) / 4) =>
  `${JSON.stringify(name)}:{"dtype":"F32","shape":[${shape}],"data_offsets":[${begin},${end}]}`;
const file = (members: readonly string[], dataBytes: number) =>
  Buffer.concat([headerOnly(`{${members.join(",")}}`), Buffer.alloc(dataBytes)]);

test("an honest file gives its tensors, where they lie and what they are", async () => {
  const bytes = writeSafetensors(
    [
      { name: "bert.embeddings.word_embeddings.weight", dtype: "F8_E4M3", shape: [4, 2], bytes: 8 },
      { name: "bert.encoder.layer.0.attention.self.query.weight", dtype: "F32", shape: [1], bytes: 4 },
    ],
    { format: "pt" },
  );
  const scan = await scanOf("model.safetensors", bytes);
  expect(scan).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
  const [reading] = scan.readings;
  expect(reading).toMatchObject({ format: "safetensors", parameters: 9 });
  expect([...(reading?.metadata ?? [])]).toEqual([
    ["format", "pt"],
    ["architecture", "bert"],
    ["quantization", "f8_e4m3"],
  ]);
  const place = reading?.tensors[1]?.place;
  expect(place).toEqual({ start: bytes.length - 4, end: bytes.length });
});

describe("what is wrong with a header is a hit", () => {
  test.each<[string, readonly string[], Buffer]>([
    ["a hole", ["ST01.hole medium"], file([one("a", 0, 4), one("b", 8, 12)], 12)],
    ["shared bytes", ["ST01.overlap medium"], file([one("a", 0, 8), one("b", 4, 8)], 8)],
    ["a size that lies", ["ST01.size-differs medium"], file([one("a", 0, 8, 3)], 8)],
    ["one name twice", ["ST03.duplicate-key medium", "ST01.overlap medium"], file([one("a", 0, 4), one("a", 0, 4)], 4)],
    ["bytes behind the end", ["ST04.trailing-bytes medium"], file([one("a", 0, 4)], 9)],
    ["metadata that are no text", ["ST05.metadata-not-text low"], file(['"__metadata__":{"a":1}', one("a", 0, 4)], 4)],
    ["markup", ["ST05.markup low"], writeSafetensors([], { note: "<script src=x></script>" })],
    ["code", ["ST05.code low"], writeSafetensors([], { note: "__import__('os')" })],
    ["a long header", ["ST02 low"], writeSafetensors([], {}, 10_000_001)],
  ])("%s", async (_, hits, bytes) => {
    expect(hitNames(await scanOf("model.safetensors", bytes))).toEqual(hits);
  });

  test("a header longer than the format allows is refused and said", async () => {
    const scan = await scanOf("model.safetensors", headerOnly("{}", 100_000_001n));
    expect(hitNames(scan)).toEqual(["ST02.refused high"]);
    expect(scan.coverage).toMatchObject({ state: "none", code: "over-limit" });
  });
});

describe("what was not understood is not clean", () => {
  test("a file that was cut", async () => {
    const scan = await scanOf("model.safetensors", file([one("a", 0, 40)], 12));
    expect(scan.coverage).toMatchObject({ state: "partial", code: "truncated" });
    expect(scan.readings[0]?.tensors[0]?.place).toBeNull();
  });

  test("a type that is not known", async () => {
    const scan = await scanOf("x", file(['"a":{"dtype":"F2","shape":[4],"data_offsets":[0,1]}'], 1));
    expect(scan.coverage).toMatchObject({ state: "partial", code: "unsupported" });
  });

  test("a header cut short", async () => {
    expect((await scanOf("m.safetensors", headerOnly('{"a"', 400n))).coverage).toMatchObject({ state: "none", code: "truncated" });
  });

  test("text with a brace in the ninth place is no such file", async () => {
    expect((await scanOf("code.c", Buffer.from("int a() {return 1;}\n"))).readings).toEqual([]);
  });
});
