import { describe, expect, test } from "vitest";
import { writeZip } from "../../../test/formats/zip-writer.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

const scan = (schema: unknown) => scanOf("m.skops", writeZip([{ path: "schema.json", content: Buffer.from(JSON.stringify(schema)) }]));
const node = (module: string, name: string, loader = "ObjectNode", more: object = {}) => ({
  __module__: module,
  __class__: name,
  __loader__: loader,
  ...more,
});

test("an honest pipeline is known by its class and raises no alarm", async () => {
  const scanned = await scanOf("m.skops", fixture("skops/pipeline.skops"));
  expect(scanned.readings[0]).toMatchObject({ format: "skops", risk: "may-execute" });
  expect(scanned.readings[0]?.metadata.get("architecture")).toBe("sklearn.pipeline.Pipeline");
  expect(hitNames(scanned)).toEqual([]);
});

describe("nodes", () => {
  const pipeline = node("sklearn.pipeline", "Pipeline");
  test.each<[string, object, readonly string[]]>([
    ["a class of Python", node("subprocess", "Popen"), ["SK01.dangerous critical"]],
    ["a class that calls", node("os", "system", "FunctionNode"), ["SK01.dangerous critical"]],
    ["a class of one's own", node("my.package", "Mine"), ["SK01.custom medium"]],
    ["an item getter", node("operator", "itemgetter", "OperatorFuncNode"), ["SK01.operator low"]],
    ["a method caller", node("operator", "methodcaller", "OperatorFuncNode"), ["SK01.operator high"]],
    ["an operator that shows another module", node("sklearn", "call", "OperatorFuncNode"), ["SK01.operator-hidden critical"]],
    [
      "a method",
      node("sklearn.pipeline", "Pipeline", "MethodNode", { content: { func: "predict", obj: pipeline } }),
      ["SK01.method medium"],
    ],
    [
      "a private attribute",
      node("sklearn.pipeline", "Pipeline", "MethodNode", { content: { func: "__builtins__", obj: pipeline } }),
      ["SK01.method-hidden critical"],
    ],
    [
      "a method of another object",
      node("builtins", "int", "MethodNode", { content: { func: "predict", obj: pipeline } }),
      ["SK01.method-hidden critical"],
    ],
    ["a function of NumPy", node("numpy", "log1p", "FunctionNode"), []],
  ])("%s", async (_, schema, hits) => {
    expect(hitNames(await scan(node("builtins", "dict", "DictNode", { content: { a: schema } })))).toEqual(hits);
  });
});

test("a broken schema is no clean one", async () => {
  const broken = await scanOf("m.skops", writeZip([{ path: "schema.json", content: Buffer.from('{"__loader__":') }]));
  expect(broken.readings.find(({ format }) => format === "skops")?.coverage).toMatchObject({ state: "none", code: "truncated" });
});
