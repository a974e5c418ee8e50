import { writeZip } from "../../formats/zip-writer.ts";
import { dict, pickle, storage, tensor, text, tuple } from "../../safety/pickle-writer.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const data = pickle(dict([text("w"), tensor(storage("FloatStorage", "0", 2), 0, [2], [1])]));
const member = (path: string, content: Uint8Array, method: 0 | 8 = 0) => ({ path, content, method });

export const target: FuzzTarget = {
  name: "zip",
  seeds: [
    writeZip([member("a/data.pkl", data), member("a/data/0", new Uint8Array(8)), member("a/version", Buffer.from("3\n"))]),
    writeZip([member("a.txt", Buffer.from("hello hello hello"), 8), member("b.txt", Buffer.from("x"), 8)], {
      zip64: true,
      comment: "note",
    }),
    writeZip([
      member("m/data.pkl", pickle(tuple()), 8),
      member("m/constants.pkl", pickle(tuple())),
      member("m/code/x.py", Buffer.from("x = 1\n")),
    ]),
    writeZip([member("in.zip", writeZip([member("deep.txt", Buffer.from("x"))]))]),
  ],
  read: scannedAs("fuzz.zip"),
  words: ["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "data.pkl", "../", "\x01\0\x18\0"],
};
