import { describe, expect, test } from "vitest";
import { writeZip } from "../../../test/formats/zip-writer.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const config = json({ module: "keras", class_name: "Sequential", config: { name: "m", layers: [] } });
const bad = json({ module: "os", class_name: "function", config: "system" });
const weights = Buffer.from(fixture("hdf5/tiny.h5"));

test("lambdas are found in what Keras itself wrote, in both containers", async () => {
  const archive = await scanOf("m.keras", fixture("lambdas/lambda.keras"));
  expect([archive.risk, hitNames(archive), archive.hits[0]?.member]).toEqual(["may-execute", ["KR01.code critical"], "config.json"]);
  const file = await scanOf("m.h5", fixture("lambdas/lambda.h5"));
  expect([file.risk, hitNames(file)]).toEqual(["may-execute", ["KR01.h5 critical"]]);
});

test("links and data in other files, and shapes beyond the file, are found in HDF5 alone and inside an archive", async () => {
  const outside = Buffer.from(fixture("outside/old.h5"));
  const hits = ["HF02 medium", "HF01.link high", "HF01.data high"];
  expect(hitNames(await scanOf("m.h5", outside))).toEqual(hits);
  const archive = writeZip([
    { path: "config.json", content: config },
    { path: "model.weights.h5", content: outside },
  ]);
  const scan = await scanOf("m.keras", archive);
  expect(hitNames(scan)).toEqual(hits);
  expect(scan.hits.every(({ member }) => member === "model.weights.h5")).toBe(true);
});

describe("an archive", () => {
  test("is a Keras model by its members, whatever its name", async () => {
    const scan = await scanOf(
      "m.bin",
      writeZip([
        { path: "config.json", content: config },
        { path: "model.weights.h5", content: weights },
      ]),
    );
    expect(scan.readings[0]).toMatchObject({ format: "keras-v3", tensors: [{ name: "w0", member: "model.weights.h5" }, { name: "w1" }] });
    const other = await scanOf("m.zip", writeZip([{ path: "readme.txt", content: config }]));
    expect(other.readings.filter(({ format }) => format === "keras-v3")).toEqual([]);
  });

  test("with two configurations is judged by the one that loaders take", async () => {
    const files = [
      { path: "config.json", content: config },
      { path: "config.json", content: bad },
      { path: "model.weights.h5", content: weights },
    ];
    expect(hitNames(await scanOf("m.keras", writeZip(files)))).toContain("KR02.python critical");
  });

  test("whose weights are broken is not called clean", async () => {
    const files = [
      { path: "config.json", content: config },
      { path: "model.weights.h5", content: weights.subarray(0, 900) },
    ];
    const { coverage } = await scanOf("m.keras", writeZip(files));
    expect(coverage).toMatchObject({ state: "partial", detail: expect.stringContaining("model.weights.h5") });
  });

  test("whose configuration is broken may still do harm", async () => {
    const files = [
      { path: "config.json", content: Buffer.from("{") },
      { path: "model.weights.h5", content: weights },
    ];
    expect(await scanOf("m.keras", writeZip(files))).toMatchObject({
      risk: "may-execute",
      coverage: { state: "partial", code: "truncated" },
    });
  });
});
