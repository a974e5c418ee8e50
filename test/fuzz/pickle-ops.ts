// Changes to pickles that keep opcodes whole, so that the machine goes on into the depths.
import { FIXED_BYTES, LINES, OP } from "../../src/formats/pickle/opcodes.ts";
import { bytes, call, get, global, int, join, list, put, stackGlobal, text, tuple } from "../safety/pickle-writer.ts";
import { below, pickOf } from "./draw.ts";
import type { Random } from "./target.ts";

/** Opcodes whose argument is followed by as many bytes as it says; how wide the length is. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [OP.SHORT_BINBYTES, 1],
  [OP.SHORT_BINSTRING, 1],
  [OP.SHORT_BINUNICODE, 1],
  [OP.LONG1, 1],
  [OP.BINBYTES, 4],
  [OP.BINSTRING, 4],
  [OP.BINUNICODE, 4],
  [OP.LONG4, 4],
]);

const PALETTE: readonly Uint8Array[] = [
  ...[OP.MARK, OP.POP, OP.POP_MARK, OP.DUP, OP.NONE, OP.REDUCE, OP.TUPLE, OP.TUPLE1, OP.TUPLE2, OP.APPEND, OP.APPENDS, OP.SETITEM].map(
    (op) => join(op),
  ),
  ...[
    OP.SETITEMS,
    OP.BUILD,
    OP.OBJ,
    OP.NEWOBJ,
    OP.NEWOBJ_EX,
    OP.STACK_GLOBAL,
    OP.MEMOIZE,
    OP.BINPERSID,
    OP.FROZENSET,
    OP.ADDITEMS,
    OP.STOP,
  ].map((op) => join(op)),
  ...[OP.EMPTY_DICT, OP.EMPTY_LIST, OP.EMPTY_SET, OP.EMPTY_TUPLE, OP.DICT, OP.LIST, OP.NEXT_BUFFER].map((op) => join(op)),
  global("os", "system"),
  global("joblib.numpy_pickle", "NumpyArrayWrapper"),
  global("torch._utils", "_rebuild_tensor_v2"),
  stackGlobal("a", "b"),
  call(global("collections", "OrderedDict")),
  tuple(int(1), int(-1), int(1 << 30)),
  list(int(1)),
  put(1),
  get(1),
  put(5_000_000),
  text("numpy_array_alignment_bytes"),
  bytes(Buffer.from("\x80\x02cos\nsystem\nN.", "latin1")),
  bytes(new Uint8Array(2000)),
];

/** Place behind the opcode at `at`, as far as its own length tells. */
function nextOp(source: Uint8Array, at: number): number {
  const op = source[at] ?? 0;
  let end = at + 1 + (FIXED_BYTES[op] ?? 0);
  const width = LENGTHS.get(op);
  if (width !== undefined) {
    let length = 0;
    for (let index = 0; index < width; index += 1) length += (source[at + 1 + index] ?? 0) * 256 ** index;
    end += Math.min(length, source.length);
  }
  for (let line = 0; line < (LINES[op] ?? 0); line += 1) {
    const newline = source.indexOf(0x0a, end);
    end = newline === -1 ? source.length : newline + 1;
  }
  return Math.min(end, source.length);
}

/** Opcodes dropped, doubled, moved or put in. */
export function restructurePickle(source: Uint8Array, random: Random): Uint8Array {
  const ops: Uint8Array[] = [];
  for (let at = 0; at < source.length && ops.length < 5_000; ) {
    const end = nextOp(source, at);
    ops.push(source.subarray(at, end));
    at = end;
  }
  const at = below(random, ops.length + 1);
  const kind = below(random, 4);
  const inserted = pickOf(random, kind === 0 ? ops : PALETTE) ?? join(OP.NONE);
  if (kind === 1) ops.splice(at, 1 + below(random, 3));
  else if (kind === 2) ops.splice(at, 1, inserted);
  else ops.splice(at, 0, ...Array.from({ length: 1 + below(random, 4) }, () => inserted));
  return Buffer.concat(ops);
}
