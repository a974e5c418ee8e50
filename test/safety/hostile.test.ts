// Files of a hostile maker against the scan itself: ones that would take it hours, and names that every JavaScript object has.
import { expect, test } from "vitest";
import { OP } from "../../src/formats/pickle/opcodes.ts";
import { scanBytes } from "../../src/safety/dispatch.ts";
import { tfliteCircles } from "../formats/circles.ts";
import { writeZip } from "../formats/zip-writer.ts";
import { call, dict, get, global, int, join, list, no, none, pickle, put, storage, text, tuple } from "./pickle-writer.ts";

const options = { effort: "ranges", strict: false, signal: new AbortController().signal } as const;

/** Each would be looked at once for every one of its parts, were it read carelessly; the limit of the test is the limit. */
const LONG: readonly (readonly [why: string, path: string, content: () => string, rule: string | null])[] = [
  ["imports without an import", "setup.py", () => "from a ".repeat(100_000), null],
  ["calls inside calls", "setup.py", () => "exec(".repeat(200_000), null],
  ["branches of a template", "chat_template.jinja", () => "{% if a %}".repeat(100_000), "JJ03"],
  ["rounds inside rounds", "chat_template.jinja", () => `{{ ${"range(".repeat(100_000)}${")".repeat(100_000)} }}`, "JJ03"],
  ["installs that name no address", "a.ipynb", () => notebook(`!${"pip install ".repeat(20_000)}`), "RP04"],
  ["downloads into no shell", "a.ipynb", () => notebook(`!${"curl x ".repeat(100_000)}`), "RP04"],
  ["downloads into shells", "a.ipynb", () => notebook("!curl x|sh\n".repeat(100_000)), "RP04"],
  [
    "classes of one's own",
    "config.json",
    () => JSON.stringify({ pad: "x".repeat(4e6), auto_map: { a: Array.from({ length: 50_000 }, (_, at) => `m.C${at}`) } }),
    "RP01",
  ],
  ["pickles behind each other", "a.pkl", () => "cbuiltins\nset\n(tR.".repeat(5_000), "PK07"],
  ["pickles that break", "a.pkl", () => "cbuiltins\nset\n(tR.".concat("cbuiltins\nset\n(tRR\xff".repeat(3_000)), "PK07"],
];

function notebook(source: string): string {
  return JSON.stringify({ cells: [{ cell_type: "code", source }] });
}

test.each(LONG)("%s are looked at once", async (_, path, content, rule) => {
  const { hits } = await scanBytes(path, Buffer.from(content(), "latin1"), options);
  if (rule !== null) expect(hits.map((hit) => hit.rule)).toContain(rule);
  expect(hits.length).toBeLessThan(2000);
});

test("a model whose parts are all the same part is given up", async () => {
  const scan = await scanBytes("a.tflite", tfliteCircles(10_000, 100_000), options);
  expect(scan.coverage).toMatchObject({ code: "over-limit" });
  expect((await scanBytes("a.tflite", tfliteCircles(3, 4), options)).coverage).toEqual({ state: "full" });
});

test("more tensors than a call takes arguments are listed, and long names are cut", async () => {
  const stored = join(storage("FloatStorage", "0", 2), put(1));
  const one = call(global("torch._utils", "_rebuild_tensor_v2"), get(1), int(0), tuple(int(2)), tuple(int(1)), no, none);
  const many = join(OP.EMPTY_DICT, OP.MARK, ...Array.from({ length: 65_000 }, (_, at) => join(int(at), one)), OP.SETITEMS);
  let tree = list(many, many);
  for (let depth = 0; depth < 10; depth += 1) tree = dict([text("k".repeat(900)), tree]);
  const { readings, coverage } = await scanBytes("a.pkl", pickle(stored, tree), options);
  expect(coverage).toEqual({ state: "full" });
  expect(readings[0]?.tensors).toHaveLength(130_000);
  expect(readings[0]?.tensors[0]?.name).toHaveLength(1000);
  expect(readings[0]?.tensors.at(-1)?.name).toHaveLength(40);
});

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty"];

test.each(NAMES)("a type named %s is none", async (name) => {
  const args = [storage("FloatStorage", "0", 2), int(0), tuple(int(2)), tuple(int(1)), no, none, global("torch", name)];
  const scan = await scanBytes("a.pkl", pickle(dict([text("w"), call(global("torch._utils", "_rebuild_tensor_v3"), ...args)])), options);
  expect(scan.readings[0]?.tensors).toMatchObject([{ name: "w", dtype: "F32", shape: [2] }]);
  // What a thread cannot be told ends the scan of all other files.
  expect(structuredClone(scan)).toEqual(scan);
});

test.each(NAMES)("an operator named %s is hidden", async (name) => {
  const node = { __class__: name, __module__: "operator", __loader__: "OperatorFuncNode", attrs: {}, __id__: 1 };
  const schema = JSON.stringify({ ...node, protocol: 2, _skops_version: "0.12" });
  const scan = await scanBytes("a.skops", writeZip([{ path: "schema.json", content: Buffer.from(schema), method: 0 }]), options);
  expect(scan.hits.map(({ severity }) => severity)).toContain("critical");
  expect(structuredClone(scan)).toEqual(scan);
});
