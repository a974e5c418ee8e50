import { call, dict, global, int, join, list, pickle, storage, tensor, text, u64 } from "../../safety/pickle-writer.ts";
import { restructurePickle } from "../pickle-ops.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const MAGIC = Buffer.from("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "latin1");
const object = dict([text("w"), tensor(storage("FloatStorage", "0", 2), 0, [2], [1])]);
const keys = pickle(list(text("0")));

export const target: FuzzTarget = {
  name: "pytorch-legacy",
  seeds: [
    join(MAGIC, pickle(int(1001)), pickle(dict()), pickle(object), keys, u64(2), new Uint8Array(8)),
    join(MAGIC, pickle(int(1001)), pickle(call(global("collections", "OrderedDict"))), pickle(object), keys, u64(2), new Uint8Array(8)),
  ],
  read: scannedAs("fuzz.pth"),
  words: ["storage", "FloatStorage", "_rebuild_tensor_v2"],
  restructure: restructurePickle,
};
