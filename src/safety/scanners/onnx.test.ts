import { describe, expect, test } from "vitest";
import { field, numberField, onnxNode, onnxTensor, writeOnnx } from "../../../test/formats/onnx-writer.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

const scan = (model: Parameters<typeof writeOnnx>[0]) => scanOf("model.onnx", writeOnnx(model));

test("an honest model gives its tensors, wherever they are, and what made it", async () => {
  const constant = onnxNode({
    operator: "Constant",
    output: "c",
    attributes: [field(5, onnxTensor({ name: "", dims: [2], data: Buffer.alloc(8) }))],
  });
  const branch = field(6, Buffer.concat([field(1, constant), field(5, onnxTensor({ name: "inner", dims: [1], data: Buffer.alloc(4) }))]));
  const sparse = Buffer.concat([
    field(1, onnxTensor({ name: "s", dims: [3], data: Buffer.alloc(12) })),
    field(2, onnxTensor({ name: "i", dims: [3], type: 7, data: Buffer.alloc(24) })),
  ]);
  const training = field(20, field(2, field(5, onnxTensor({ name: "step", dims: [], data: Buffer.alloc(4) }))));
  const scanned = await scan({
    initializers: [{ name: "w", dims: [2, 3], data: Buffer.alloc(24) }],
    graphNodes: [onnxNode({ operator: "If", attributes: [branch] }), onnxNode({ operator: "DequantizeLinear" })],
    more: [field(7, field(15, sparse)), training],
    metadata: [["license", "mit"]],
  });
  expect(scanned).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
  const [reading] = scanned.readings;
  expect(reading?.tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ["c", "FLOAT", [2]],
    ["inner", "FLOAT", [1]],
    ["w", "FLOAT", [2, 3]],
    ["s", "FLOAT", [3]],
    ["i", "INT64", [3]],
    ["step", "FLOAT", []],
  ]);
  expect(reading?.parameters).toBe(16);
  expect(Object.fromEntries(reading?.metadata ?? [])).toMatchObject({
    license: "mit",
    producer: "pytorch 2.4.0",
    quantization: "DequantizeLinear",
  });
});

describe("weights in other files", () => {
  const external = (externalFile: string) => scan({ initializers: [{ name: "w", dims: [2], externalFile, externalOffset: 16 }] });

  test("beside the model are its tensors' place, and a reference for whoever knows the folder", async () => {
    const [reading] = (await external("weights.bin")).readings;
    expect(reading?.tensors).toEqual([{ name: "w", dtype: "FLOAT", shape: [2], member: "weights.bin", place: { start: 16, end: 24 } }]);
    expect(reading?.references).toMatchObject([{ path: "weights.bin", minBytes: 24 }]);
  });

  test.each([
    ["/etc/passwd", "ON01.absolute high"],
    ["C:\\secret", "ON01.absolute high"],
    ["file:///etc/passwd", "ON01.absolute high"],
    ["../other.bin", "ON01.traversal high"],
    ["a/..\\..\\other.bin", "ON01.traversal high"],
    ["....//other.bin", "ON01.disguised high"],
    ["%2e%2e/other.bin", "ON01.disguised high"],
    ["a\0.bin", "ON01.control high"],
  ])("%s is reported", async (location, hit) => {
    expect(hitNames(await external(location))).toEqual([hit]);
  });

  test("of constants in subgraphs and functions are looked at too", async () => {
    const hidden = onnxTensor({ name: "w", dims: [1], externalFile: "../x" });
    const inFunction = field(
      25,
      Buffer.concat([field(1, "f"), field(7, onnxNode({ operator: "Constant", attributes: [field(5, hidden)] }))]),
    );
    const inBranch = onnxNode({ operator: "If", attributes: [field(6, field(5, hidden))] });
    expect(hitNames(await scan({ more: [inFunction] }))).toEqual(["ON01.traversal high"]);
    expect(hitNames(await scan({ graphNodes: [inBranch] }))).toEqual(["ON01.traversal high"]);
  });
});

describe("operators", () => {
  test.each([
    ["custom", "my.ops", "Fancy", ["ON02 info"]],
    ["Python", "ai.onnx.contrib", "PyOp", ["ON02.code high"]],
    ["extensions", "com.microsoft.extensions", "Anything", ["ON02.code high"]],
    ["compiled", "com.microsoft", "EPContext", ["ON02.opaque info"]],
    ["onnxruntime's own", "com.microsoft", "FusedMatMul", []],
  ])("%s ones", async (_, domain, operator, hits) => {
    expect(hitNames(await scan({ graphNodes: [onnxNode({ operator, domain })] }))).toEqual(hits);
  });

  test("that the model defines itself need no library", async () => {
    const defined = field(25, Buffer.concat([field(1, "gelu"), field(10, "pkg.torch"), field(7, onnxNode({ operator: "Erf" }))]));
    const scanned = await scan({ graphNodes: [onnxNode({ operator: "gelu", domain: "pkg.torch" })], more: [defined] });
    expect(hitNames(scanned)).toEqual([]);
  });
});

test("contradictions are reported", async () => {
  const twice = await scan({
    initializers: [{ name: "w", dims: [2], data: Buffer.alloc(9) }],
    metadata: [
      ["a", "1"],
      ["a", "2"],
    ],
  });
  expect(hitNames(twice)).toEqual(["ON03.size-differs low", "ON03.duplicate-key low"]);
});

test("a graph that comes first is still a model; other protobufs are not", async () => {
  const model = Buffer.concat([field(7, field(1, field(4, "Add"))), numberField(1, 8)]);
  expect((await scanOf("x.bin", model)).readings).toMatchObject([{ format: "onnx" }]);
  const other = Buffer.concat([numberField(1, 1), field(2, "x")]);
  expect((await scanOf("x.bin", other)).readings).toEqual([]);
});
