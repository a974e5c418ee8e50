import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  call,
  dict,
  frame,
  global,
  int,
  list,
  none,
  join as ops,
  pickle,
  proto,
  stackGlobal,
  stop,
  storage,
  tensor,
  text,
} from "../../safety/pickle-writer.ts";
import { EVIL_PICKLE } from "../../safety/samples/sample.ts";
import { restructurePickle } from "../pickle-ops.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const benign = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, "../../safety/benign", name));
const weights = pickle(dict([text("w"), tensor(storage("FloatStorage", "0", 6), 0, [2, 3], [3, 1])]));

export const target: FuzzTarget = {
  name: "pickle",
  seeds: [
    weights,
    ops(proto(4), frame(40), stackGlobal("mylib", "f"), list(int(1), none), stop),
    pickle(call(global("_codecs", "encode"), text("x"), text("latin1"))),
    ops("(dp0\nS'a'\np1\nI1\nsS'b'\n(lp2\nF1.5\naL5L\nas."),
    ops(pickle(none), EVIL_PICKLE),
    benign("sklearn-ridge.joblib"),
    benign("numpy-protocol-2.pkl"),
  ],
  read: scannedAs("fuzz.pkl"),
  words: ["\x80\x04", "cos\nsystem\n", "numpy_array_alignment_bytes", "O8", "f8", "U10", "storage", "c__builtin__\neval\n", "gASV", "78da"],
  restructure: restructurePickle,
};
