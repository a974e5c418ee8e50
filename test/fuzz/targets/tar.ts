import { pax, writeTar } from "../../formats/tar-writer.ts";
import { int, pickle } from "../../safety/pickle-writer.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const config = Buffer.from("model:\n  _target_: nemo.collections.asr.Model\n");

export const target: FuzzTarget = {
  name: "tar",
  seeds: [
    writeTar([
      { path: "a.pkl", content: pickle(int(1)) },
      { path: "b", type: "2", linkTarget: "a.pkl" },
    ]),
    writeTar([pax({ path: "long/name.txt" }), { path: "short", content: Buffer.from("x") }]),
    writeTar([
      { path: "./model_config.yaml", content: config },
      { path: "dir/", type: "5" },
    ]),
  ],
  read: scannedAs("fuzz.tar"),
  words: ["ustar\0", "20 path=", "size=", "GNU.sparse.", "../", "model_config.yaml"],
};
