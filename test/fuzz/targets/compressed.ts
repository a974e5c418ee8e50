import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { list, none, pickle } from "../../safety/pickle-writer.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const inner = pickle(list(none, none));

export const target: FuzzTarget = {
  name: "compressed",
  seeds: [deflateSync(inner), gzipSync(inner), zstdCompressSync(inner), gzipSync(deflateSync(Buffer.from("text text text")))],
  read: scannedAs("fuzz.joblib"),
  words: ["\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\x78\x9c", "\x50\x2a\x4d\x18"],
};
