import { describe, expect, test } from "vitest";
import { field, numberField } from "../../test/formats/onnx-writer.ts";
import { fixture } from "../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../test/safety/scan.ts";

describe("what TensorFlow itself wrote", () => {
  test.each([
    ["read", "may-execute", ["TF01.read-path high"]],
    ["read-any", "may-execute", ["TF01.read high"]],
    ["write", "may-execute", ["TF01.write-path high"]],
    ["restore", "may-execute", ["TF01.checkpoint-path high"]],
    ["print", "may-execute", ["TF01.write-path high"]],
    ["python", "executes-by-design", ["TF01.python critical"]],
  ])("an operator in a function: %s", async (name, risk, hits) => {
    const scan = await scanOf("saved_model.pb", fixture(`operators/${name}/saved_model.pb`));
    expect([scan.risk, hitNames(scan)]).toEqual([risk, hits]);
    expect(scan.coverage).toEqual({ state: "full" });
  });

  test("saving and restoring under a name that the user gives is no finding", async () => {
    expect(hitNames(await scanOf("saved_model.pb", fixture("tensorflow/saved/saved_model.pb")))).toEqual([]);
  });
});

const node = (name: string, operator: string, inputs: readonly string[] = [], attributes: readonly Buffer[] = []) =>
  Buffer.concat([
    field(1, name),
    field(2, operator),
    ...inputs.map((input) => field(3, input)),
    ...attributes.map((entry) => field(5, entry)),
  ]);
const text = (key: string, value: string) => Buffer.concat([field(1, key), field(2, field(2, value))]);
const constant = (name: string, value: string) =>
  node(name, "Const", [], [Buffer.concat([field(1, "value"), field(2, field(8, Buffer.concat([numberField(1, 7), field(8, value)])))])]);
const graph = (...nodes: readonly Buffer[]) => Buffer.concat(nodes.map((item) => field(1, item)));

describe("a bare graph", () => {
  test("is known by its nodes and judged like any other", async () => {
    const scan = await scanOf("frozen.pb", graph(constant("p", "/made/up"), node("r", "ReadFile", ["p:0"])));
    expect(scan.readings).toMatchObject([{ format: "tensorflow-graph" }]);
    expect(hitNames(scan)).toEqual(["TF01.read-path high"]);
  });

  test.each([
    ["a cache in memory", [constant("p", ""), node("c", "CacheDatasetV2", ["d", "p"])], []],
    ["a cache in a file", [constant("p", "/made/up"), node("c", "CacheDatasetV2", ["d", "p"])], ["TF01.write-path medium"]],
    ["output to a stream", [node("p", "PrintV2", ["x"], [text("output_stream", "stderr")])], []],
    [
      "a dump",
      [node("d", "DebugIdentity", ["x"], [Buffer.concat([field(1, "debug_urls"), field(2, field(1, field(2, "file:///made/up")))])])],
      ["TF01.write-path high"],
    ],
    ["a mapped file", [node("i", "ImmutableConst", [], [text("memory_region_name", "/made/up")])], ["TF01.read-path high"]],
    ["another machine", [constant("a", "grpc://made.up"), node("d", "DataServiceDatasetV4", ["i", "m", "a"])], ["TF01.network-path high"]],
    ["a graph in a text", [node("d", "DatasetFromGraph", ["g"])], ["TF01.hidden medium"]],
    ["restoring by a placeholder", [node("p", "Placeholder"), node("r", "RestoreV2", ["p", "n", "s"])], []],
  ])("with %s", async (_, nodes, hits) => {
    expect(hitNames(await scanOf("g.pb", graph(node("x", "NoOp"), ...nodes)))).toEqual(hits);
  });
});

test("assets outside the folder are reported", async () => {
  const meta = Buffer.concat([field(2, graph(node("x", "NoOp"))), field(6, field(2, "../../made-up"))]);
  const scan = await scanOf("saved_model.pb", Buffer.concat([numberField(1, 1), field(2, meta)]));
  expect(hitNames(scan)).toEqual(["TF02.traversal high"]);
});

test("a lambda that Keras keeps beside an object is found in both places that it can be kept in", async () => {
  const json = '{"class_name":"Lambda","config":{"function":["4wAA",null,null],"function_type":"lambda"}}';
  const beside = field(1, Buffer.concat([field(3, "_tf_keras_layer"), field(4, json)]));
  expect(hitNames(await scanOf("keras_metadata.pb", beside))).toEqual(["KR01.code critical"]);
  const meta = Buffer.concat([field(2, graph(node("x", "NoOp"))), field(7, field(1, field(4, field(3, json))))]);
  expect(hitNames(await scanOf("saved_model.pb", Buffer.concat([numberField(1, 1), field(2, meta)])))).toEqual(["KR01.code critical"]);
});
