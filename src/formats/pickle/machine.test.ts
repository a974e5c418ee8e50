import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  call,
  dict,
  frame,
  get,
  global,
  int,
  join,
  list,
  none,
  pickle,
  proto,
  put,
  stackGlobal,
  stop,
  text,
  tuple,
  u64,
} from "../../../test/safety/pickle-writer.ts";
import { AjarError } from "../../core/errors.ts";
import { MemoryReader } from "../byte-reader.ts";
import { PickleMachine } from "./machine.ts";
import { OP } from "./opcodes.ts";
import { type PickleEnd, runPickle } from "./run.ts";
import { KIND } from "./values.ts";
import type { PickleCall, PickleOddity, PickleWatcher } from "./watcher.ts";
import { ByteWindow } from "./window.ts";

const LIMITS = { maxStack: 10_000, maxMemo: 10_000, ring: 1024, maxLine: 100_000 };
const HOOKS = { turn: () => undefined, raw: async (offset: number) => offset };

interface Seen {
  readonly end: PickleEnd;
  readonly imports: readonly string[];
  readonly calls: readonly PickleCall["op"][];
  readonly odd: readonly PickleOddity[];
  readonly data: number;
  readonly machine: PickleMachine;
}

/** Runs a pickle through a reader that hands out at most `piece` bytes at a time, to cut opcodes everywhere. */
async function run(content: Uint8Array, limits = LIMITS): Promise<Seen> {
  const imports: string[] = [];
  const calls: PickleCall["op"][] = [];
  const odd: PickleOddity[] = [];
  let data = 0;
  const watcher: PickleWatcher = {
    imported(machine, index) {
      const found = machine.globals.list[index];
      imports.push(`${found?.module} ${found?.name}`);
    },
    called(_machine, { op }) {
      calls.push(op);
      return false;
    },
    persistent: () => undefined,
    filled: () => undefined,
    data: () => {
      data += 1;
    },
    odd: (_machine, what) => {
      odd.push(what);
    },
  };
  const machine = new PickleMachine(watcher, limits, 0);
  const end = await runPickle(machine, new ByteWindow(new MemoryReader(content)), HOOKS);
  return { end, imports, calls, odd, data, machine };
}

describe("imports", () => {
  test("come from lines, from the stack, through the memo and through duplicates", async () => {
    const hidden = join(text("os"), put(1), OP.POP, text("system"), put(70_000), OP.POP, get(1), get(70_000), OP.STACK_GLOBAL);
    const doubled = join(text("x"), OP.DUP, OP.STACK_GLOBAL);
    const content = join(proto(4), global("a.b", "C"), stackGlobal("d", "e"), hidden, doubled, stop);
    const { imports, end } = await run(content, { ...LIMITS, maxMemo: 100 });
    expect(imports).toEqual(["a.b C", "d e", "os system", "x x"]);
    expect(end).toEqual({ kind: "stopped", end: content.length });
  });

  test("are decoded as each opcode writes text", async () => {
    const quoted = join("S'\\x6fs'\n", 'S"syst\\145m"\n', OP.STACK_GLOBAL);
    const escaped = join("V\\u006fs\n", "Vsystem\n", OP.STACK_GLOBAL);
    expect((await run(join(quoted, escaped, stop))).imports).toEqual(["os system", "os system"]);
  });

  test("whose name lies megabytes back are still seen", async () => {
    const filler = Array.from({ length: 40 }, () => join(bytes(new Uint8Array(60_000)), OP.POP));
    const content = join(proto(4), text("os"), put(0), text("system"), put(1), ...filler, get(0), get(1), OP.STACK_GLOBAL, stop);
    expect((await run(content)).imports).toEqual(["os system"]);
  });

  test("with a name that is no text are odd", async () => {
    expect((await run(join(proto(4), int(1), text("b"), OP.STACK_GLOBAL, stop))).odd).toEqual(["computed-name"]);
  });
});

describe("calls", () => {
  test("are told for every opcode that makes one", async () => {
    const body = [
      call(global("m", "f"), int(1)),
      join(global("m", "C"), tuple(), OP.NEWOBJ),
      join(global("m", "C"), tuple(), join(OP.EMPTY_DICT), OP.NEWOBJ_EX),
      join(OP.MARK, global("m", "C"), int(1), OP.OBJ),
      join(OP.MARK, int(1), "im\nC\n"),
      join(call(global("m", "C")), dict([text("k"), int(1)]), OP.BUILD),
    ];
    const { calls, machine } = await run(join(proto(2), ...body, stop));
    expect(calls).toEqual(["reduce", "new", "new", "inst", "inst", "reduce", "build"]);
    expect(machine.stack.kinds.subarray(0, 6)).toEqual(new Uint8Array(6).fill(KIND.object));
  });
});

describe("a stream that CPython refuses", () => {
  test.each([
    ["an empty stack", join(proto(2), OP.STOP)],
    ["a call on nothing", join(proto(2), OP.REDUCE, stop)],
    ["a value below a mark", join(proto(2), int(1), OP.MARK, OP.REDUCE, stop)],
    ["no mark", join(proto(2), int(1), OP.TUPLE, stop)],
    ["a byte that is no opcode", join(proto(2), 0xff, stop)],
    ["an unknown protocol", join(proto(6), OP.NONE, stop)],
    ["a key without a value", join(proto(2), OP.EMPTY_DICT, OP.MARK, int(1), OP.SETITEMS, stop)],
    ["an unquoted text", join("Sos\n", stop)],
    ["a number that is none", join("Imany\n", stop)],
    ["a length beyond any file", join(proto(4), OP.BINUNICODE8, u64(2n ** 60n), stop)],
  ])("because of %s breaks there", async (_, content) => {
    expect((await run(content)).end.kind).toBe("broken");
  });

  test("because it is cut off is truncated at every length", async () => {
    const content = join(proto(4), frame(30), stackGlobal("os", "system"), tuple(text("x")), OP.REDUCE, stop);
    for (let length = 1; length < content.length; length += 1) {
      const { end } = await run(content.subarray(0, length));
      expect([length, end.kind]).toEqual([length, "truncated"]);
    }
  });
});

test("what no pickler writes is odd", async () => {
  const odd = async (...body: readonly (Uint8Array | number)[]) => (await run(join(...body, stop))).odd;
  expect(await odd(proto(2), none, proto(2))).toEqual(["second-proto"]);
  expect(await odd(none, proto(2))).toEqual(["late-proto"]);
  expect(await odd(proto(4), frame(3), int(1))).toEqual(["frame-cuts-opcode"]);
  expect(await odd(proto(4), frame(50), frame(5), none)).toContain("frame-in-frame");
  expect(await odd(proto(2), get(9))).toEqual(["unset-memo"]);
  expect(await odd(proto(2), global("a", "b"), put(1), none, put(1))).toEqual(["memo-over-import"]);
  expect(await odd(proto(2), int(1), int(2), int(3), OP.SETITEM)).toEqual(["wrong-target"]);
  expect(await odd(proto(2), OP.EXT1, 7)).toEqual(["extension"]);
  expect(await odd(proto(2), none, ...Array.from({ length: 200 }, () => OP.DUP))).toEqual(["many-dup"]);
});

test("a bomb of shared lists shows its size without being built", async () => {
  let body = list(int(1));
  for (let level = 0; level < 12; level += 1)
    body = join(OP.EMPTY_LIST, OP.MARK, body, put(level), ...Array.from({ length: 9 }, () => get(level)), OP.APPENDS);
  const { machine } = await run(pickle(body));
  expect(machine.containers.heaviest).toBeGreaterThan(1e12);
  expect(machine.ops).toBeLessThan(1000);
});

test("limits stop it with the offset", async () => {
  const deep = join(proto(2), ...Array.from({ length: 20_000 }, () => OP.NONE), stop);
  await expect(run(deep)).rejects.toThrow(expect.objectContaining({ code: "OVER_LIMIT", offset: 10_002 }));
  await expect(run(join("S'", "x".repeat(1_200_000), "'\n", stop))).rejects.toThrow(expect.objectContaining({ code: "OVER_LIMIT" }));
});

test("a long string is passed over, whatever it holds", async () => {
  const content = join(proto(2), bytes(new Uint8Array(3_000_000).fill(OP.REDUCE)), global("a", "b"), stop);
  expect(await run(content)).toMatchObject({ end: { kind: "stopped" }, imports: ["a b"] });
});

test("any bytes at all end in an answer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (content) => {
      const result = await run(content).catch((error: unknown) => error);
      expect(result instanceof AjarError ? result.code : "end").toMatch(/^(?:end|OVER_LIMIT)$/u);
    }),
    { numRuns: 2_000 },
  );
});
