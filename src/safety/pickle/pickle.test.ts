import { describe, expect, test } from "vitest";
import {
  bytes,
  call,
  dict,
  global,
  int,
  join,
  list,
  no,
  none,
  pickle,
  proto,
  put,
  stackGlobal,
  stop,
  storage,
  tensor,
  text,
  tuple,
} from "../../../test/safety/pickle-writer.ts";
import type { FileScan } from "../../core/scan.ts";
import { OP } from "../../formats/pickle/opcodes.ts";
import { scanBytes } from "../dispatch.ts";

const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

async function scan(content: Uint8Array, path = "a.pkl", strict = false): Promise<FileScan> {
  return await scanBytes(path, content, { ...OPTIONS, strict });
}

async function rules(content: Uint8Array, strict = false): Promise<readonly string[]> {
  const { hits } = await scan(content, "a.pkl", strict);
  return hits.map(({ rule, severity }) => `${rule} ${severity}`);
}

const EVIL = call(global("os", "system"), text("echo pwned"));

describe("imports", () => {
  test("of the allow list are silent, of no list a question, of the deny list grave", async () => {
    expect(await rules(pickle(call(global("collections", "OrderedDict"))))).toEqual([]);
    expect(await rules(pickle(global("mylib", "Model")))).toEqual(["PK02 medium"]);
    expect(await rules(pickle(global("mylib", "Model")), true)).toEqual(["PK02 high"]);
    expect(await rules(pickle(EVIL))).toEqual(["PK01 critical", "PK03 high"]);
  });

  test.each([
    ["a module below a dangerous one", "os.path", "join"],
    ["a Python 2 name", "commands", "getoutput"],
    ["a Python 2 builtin", "__builtin__", "eval"],
    ["a private module", "_posixsubprocess", "fork_exec"],
    ["a walk through attributes", "torch", "serialization.os.system"],
    ["a name that Python keeps", "numpy", "__builtins__"],
    ["a module under another's name", "some.library", "subprocess"],
    ["a scanner", "picklescan.scanner", "_unsafe_globals"],
  ])("of %s are dangerous", async (_, module, name) => {
    expect(await rules(pickle(global(module, name)))).toEqual(["PK01 critical"]);
  });

  test("of a noted library's classes are noted, but not what it holds of others", async () => {
    expect(await rules(pickle(global("sklearn.tree._classes", "DecisionTreeClassifier")))).toEqual(["PK02 info"]);
    expect(await rules(pickle(global("transformers.utils", "Popen")))).toEqual(["PK02 medium"]);
    expect(await rules(pickle(global("transformers.utils", "run")))).toEqual(["PK02 medium"]);
  });

  test("of code carriers say so", async () => {
    expect(await rules(pickle(global("dill._dill", "_create_code")))).toEqual(["PK15 critical"]);
    expect(await rules(pickle(global("types", "CodeType")))).toEqual(["PK15 critical"]);
  });

  test("of Python 2 are read by their own names under protocol 4", async () => {
    expect(await rules(join(proto(4), stackGlobal("__builtin__", "set"), stop))).toEqual(["PK02 medium"]);
    expect(await rules(pickle(call(global("__builtin__", "set"), list(int(1)))))).toEqual([]);
  });
});

describe("calls", () => {
  test("of checked imports depend on what they are given", async () => {
    const partial = (callee: Uint8Array) => pickle(call(global("functools", "partial"), callee));
    expect(await rules(partial(global("torch.nn.functional", "relu")))).toEqual([]);
    expect(await rules(partial(global("mylib", "f")))).toEqual(["PK02 medium", "PK03 high"]);
    const encode = (name: string) => pickle(call(global("_codecs", "encode"), text("x"), text(name)));
    expect(await rules(encode("latin1"))).toEqual([]);
    expect(await rules(encode("rot13"))).toEqual(["PK03 high"]);
    expect(await rules(pickle(call(global("builtins", "type"), text("X"), tuple(), dict())))).toEqual(["PK03 high"]);
  });

  test("of results and of values are odd", async () => {
    expect(await rules(pickle(call(call(global("collections", "OrderedDict")))))).toEqual(["PK03 high"]);
    expect(await rules(pickle(call(int(1))))).toEqual(["PK11 high"]);
  });
});

describe("streams", () => {
  test("that break after they acted are reported, with what they did", async () => {
    const broken = pickle(EVIL, 0xff);
    expect(await rules(broken)).toEqual(["PK01 critical", "PK03 high", "PK06 critical"]);
    expect((await scan(broken)).coverage).toMatchObject({ state: "partial", code: "malformed" });
    const cut = pickle(call(global("collections", "OrderedDict"))).subarray(0, 30);
    expect(await rules(cut)).toEqual(["PK06 medium"]);
  });

  test("that follow another are all read, wherever they begin", async () => {
    const filler = Buffer.alloc(100_000, 0x41);
    expect(await rules(join(pickle(none), pickle(EVIL)))).toEqual(["PK07 low", "PK01 critical", "PK03 high"]);
    expect(await rules(join(pickle(none), filler, pickle(EVIL), filler))).toEqual(["PK07 low", "PK01 critical", "PK03 high"]);
    expect(await rules(join(pickle(none), filler))).toEqual(["PK07 low"]);
    expect(await rules(join(pickle(none, 0xff), filler, EVIL, stop))).toEqual(["PK01 critical", "PK07 low", "PK03 high"]);
  });

  test.each([
    ["as it is", (inner: Buffer) => bytes(inner)],
    ["as base64", (inner: Buffer) => text(inner.toString("base64"))],
    ["as hex", (inner: Buffer) => text(inner.toString("hex"))],
    ["as base64 in quotes", (inner: Buffer) => join(`S'${inner.toString("base64")}'\n`)],
  ])("inside a string, %s, are found", async (_, wrap) => {
    expect(await rules(pickle(wrap(pickle(EVIL))))).toEqual(["PK08 medium", "PK01 critical", "PK03 high"]);
    expect(await rules(pickle(wrap(join(EVIL, stop))))).toEqual(["PK08 medium", "PK01 critical", "PK03 high"]);
    expect(await rules(pickle(wrap(Buffer.from("just some words of a tokenizer\n"))))).toEqual([]);
  });
});

describe("torch tensors", () => {
  const stored = storage("FloatStorage", "0", 12);

  test("are named by the keys that lead to them", async () => {
    const weight = tensor(stored, 0, [3, 4], [4, 1]);
    const bias = tensor(storage("HalfStorage", "1", 4), 1, [2], [1]);
    const inner = dict([text("weight"), weight], [text("list"), list(bias, bias)]);
    const [reading] = (await scan(pickle(dict([text("model"), inner], [text("epoch"), int(3)])))).readings;
    expect(reading?.tensors).toEqual([
      { name: "model.weight", dtype: "F32", shape: [3, 4], member: "0", place: { start: 0, end: 48 } },
      { name: "model.list.0", dtype: "F16", shape: [2], member: "1", place: { start: 2, end: 6 } },
      { name: "model.list.1", dtype: "F16", shape: [2], member: "1", place: { start: 2, end: 6 } },
    ]);
    expect(reading?.parameters).toBe(16);
  });

  test("that do not fit into their storage are reported", async () => {
    expect(await rules(pickle(tensor(stored, 0, [3, 5], [5, 1])))).toEqual(["PT01 high"]);
    expect(await rules(pickle(tensor(stored, 1, [3, 4], [4, 1])))).toEqual(["PT01 high"]);
  });

  test("of sizes or steps below zero are reported", async () => {
    expect(await rules(pickle(tensor(stored, 0, [-3, -4], [4, 1])))).toEqual(["PT01 high"]);
    expect(await rules(pickle(tensor(stored, 11, [12], [-1])))).toEqual(["PT01 high"]);
  });

  const size = (...sides: readonly number[]): Buffer => call(global("torch", "Size"), tuple(...sides.map(int)));
  const layout = call(global("torch.serialization", "_get_layout"), text("torch.sparse_coo"));
  const places = (key: string, count: number): Buffer => tensor(storage("LongStorage", key, count), 0, [count], [1]);
  const listed = async (name: string, ...args: readonly Buffer[]) => {
    const made = call(global("torch._utils", name), ...args);
    return (await scan(pickle(dict([text("w"), made], [text("last"), places("9", 1)])))).readings[0]?.tensors ?? [];
  };

  test("that are sparse are one each, as torch has them, with their parts", async () => {
    const coo = await listed("_rebuild_sparse_tensor", layout, tuple(places("1", 2), tensor(stored, 0, [2], [1]), size(5, 6), no));
    expect(coo).toMatchObject([
      { name: "w", dtype: "F32", shape: [5, 6], place: null, parts: [{ dtype: "I64" }, { dtype: "F32", shape: [2] }] },
      { name: "last" },
    ]);
    const csr = await listed(
      "_rebuild_sparse_tensor",
      layout,
      tuple(places("1", 4), places("2", 2), tensor(stored, 0, [2], [1]), size(3, 6)),
    );
    expect(csr).toMatchObject([{ name: "w", dtype: "F32", shape: [3, 6], parts: [{}, {}, { dtype: "F32" }] }, { name: "last" }]);
    expect((await scan(pickle(call(global("torch._utils", "_rebuild_sparse_tensor"), layout, text("odd"))))).readings).toHaveLength(1);
  });

  test("that are quantized by channel keep their scales as parts; those without numbers have no place", async () => {
    const axis = global("torch", "per_channel_affine");
    const scales = tuple(axis, places("1", 2), places("2", 2), int(0));
    const codes = storage("QInt8Storage", "0", 6);
    const quantized = await listed("_rebuild_qtensor", codes, int(0), tuple(int(2), int(3)), tuple(int(3), int(1)), scales, no, none);
    expect(quantized).toMatchObject([{ name: "w", dtype: "QI8", shape: [2, 3], parts: [{}, {}] }, { name: "last" }]);
    const meta = await listed(
      "_rebuild_meta_tensor_no_storage",
      global("torch", "float16"),
      tuple(int(3), int(4)),
      tuple(int(4), int(1)),
      no,
    );
    expect(meta).toMatchObject([{ name: "w", dtype: "F16", shape: [3, 4], place: null }, { name: "last" }]);
  });

  test("that are parts must fit into their storage too", async () => {
    const short = tensor(storage("LongStorage", "1", 1), 0, [2], [1]);
    const made = call(global("torch._utils", "_rebuild_sparse_tensor"), layout, tuple(short, tensor(stored, 0, [2], [1]), size(5, 6), no));
    expect(await rules(pickle(dict([text("w"), made])))).toEqual(["PT01 high"]);
  });

  test("take no items", async () => {
    const filled = join(tensor(stored, 0, [12], [1]), OP.MARK, text("k"), int(1), OP.SETITEMS);
    expect(await rules(pickle(filled))).toEqual(["PK12 high"]);
  });

  test("keep their names when they are parameters", async () => {
    const parameter = call(global("torch._utils", "_rebuild_parameter"), tensor(stored, 0, [12], [1]), no, none);
    const [reading] = (await scan(pickle(dict([text("w"), join(parameter, put(5))])))).readings;
    expect(reading?.tensors).toMatchObject([{ name: "w", dtype: "F32", shape: [12] }]);
  });

  test("ask for no other object by a persistent id", async () => {
    expect(await rules(pickle(text("thing"), OP.BINPERSID))).toEqual(["PK13 medium"]);
  });
});
