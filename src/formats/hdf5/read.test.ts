import { describe, expect, test } from "vitest";
import { outcome, surviveMutations } from "../../../test/formats/hostile.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { MemoryReader } from "../byte-reader.ts";
import { readHdf5 } from "./read.ts";

const read = (bytes: Uint8Array) => readHdf5(new MemoryReader(bytes));

describe.each(["earliest", "latest"])("a file of the %s library", (version) => {
  test("gives its datasets, each once, with layout and filters", async () => {
    const { datasets, groups, gaps, outside } = await read(fixture(`hdf5/${version}.h5`));
    expect([gaps, outside]).toEqual([[], []]);
    expect(groups).toBe(4);
    const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
    // The group is linked twice and listed under the name that comes first.
    expect(byName.get("again/dense/packed")).toMatchObject({
      dtype: "int16",
      shape: [20, 20],
      layout: "chunked",
      filters: ["shuffle", "gzip"],
      place: null,
    });
    expect(byName.get("again/dense/kernel:0")).toMatchObject({ dtype: "float32", shape: [3, 4], layout: "contiguous", bytes: 48 });
    expect(byName.get("again/dense/big-endian")?.dtype).toBe(">f4");
    expect(byName.get("many/layer_039")?.dtype).toBe("int8");
    expect(byName.has("weights/dense/packed")).toBe(false);
  });

  test("gives its attributes, texts of varying length among them", async () => {
    const { attributes } = await read(fixture(`hdf5/${version}.h5`));
    const root = new Map((attributes.get("") ?? []).map(({ name, texts }) => [name, texts]));
    expect(root.get("layer_names")).toEqual(["dense", "many"]);
    expect(root.get("count")).toBeNull();
    const many = new Map((attributes.get("many") ?? []).map(({ name, texts }) => [name, texts?.[0]]));
    expect(many.size).toBe(20);
    expect(many.get("attribute_19")).toBe("v".repeat(19));
  });

  test("leaves a gap where it was broken, and goes on", async () => {
    const bytes = fixture(`hdf5/${version}.h5`);
    const whole = await read(bytes);
    const mark = version === "earliest" ? "SNOD" : "BTLF";
    const text = Buffer.from(bytes);
    // In the newer file the first tree lists links, the second attributes.
    const at = version === "earliest" ? text.lastIndexOf(mark) : text.indexOf(mark);
    const { datasets, gaps } = await read(bytes.map((byte, index) => (index === at ? 0 : byte)));
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps[0]).toMatchObject({ code: "INCONSISTENT", offset: at });
    expect(datasets.length).toBeLessThan(whole.datasets.length);
    expect(datasets.length).toBeGreaterThan(0);
  });
});

test("a user block before the file is stepped over", async () => {
  const { datasets } = await read(fixture("hdf5/user-block.hdf5"));
  expect(datasets).toMatchObject([{ name: "x", shape: [3] }]);
  expect(datasets[0]?.place?.start).toBeGreaterThan(1024);
});

test("what leads out of the file is named", async () => {
  const names = async (path: string) => (await read(fixture(path))).outside.map(({ name, kind, file }) => [name, kind, file]);
  const both = [
    ["link", "link", "/made/up.h5"],
    ["data", "data", "/made/up.bin"],
  ];
  expect(await names("outside/old.h5")).toEqual(both);
  // A view of the file itself leads nowhere.
  expect(await names("outside/new.h5")).toEqual([...both, ["view", "virtual", "other.h5"]]);
});

describe("a hostile file", () => {
  const tiny = fixture("hdf5/tiny.h5");
  const dense = fixture("hdf5/tiny-dense.h5");

  test.each([
    ["nothing", new Uint8Array(0), "NOT_THIS_FORMAT"],
    ["another signature", Buffer.from("\x89HDX\r\n\x1a\n", "latin1"), "NOT_THIS_FORMAT"],
    ["a superblock of version 9", tiny.map((byte, at) => (at === 8 ? 9 : byte)), "UNSUPPORTED"],
    ["addresses of three bytes", tiny.map((byte, at) => (at === 13 ? 3 : byte)), "UNSUPPORTED"],
    ["a root beyond the end", dense.map((byte, at) => (at === 38 ? 0xff : byte)), "TRUNCATED"],
  ])("is refused: %s", async (_, bytes, code) => {
    const result = await outcome(readHdf5, bytes);
    expect(result === "read" ? result : result.code).toBe(code);
  });

  test.each([
    ["old", tiny],
    ["dense", dense],
  ])("cut anywhere it is refused or says what is missing (%s)", async (_, bytes) => {
    const whole = await read(bytes);
    for (let length = 0; length < bytes.length; length += 13) {
      const cut = bytes.subarray(0, length);
      if ((await outcome(readHdf5, cut)) !== "read") continue;
      const { gaps, datasets, attributes } = await read(cut);
      const sameList = datasets.length === whole.datasets.length && attributes.get("")?.length === whole.attributes.get("")?.length;
      expect(gaps.length > 0 || sameList).toBe(true);
    }
  });

  test("changed anywhere never crashes the reader", async () => {
    expect(await surviveMutations(readHdf5, tiny, 1500, 6)).toBeGreaterThan(0);
    expect(await surviveMutations(readHdf5, dense, 1500, 7)).toBeGreaterThan(0);
  });
});
