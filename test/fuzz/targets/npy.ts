import { list, none, pickle } from "../../safety/pickle-writer.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

function npy(descr: string, data: Uint8Array): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (2,), }\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\0", "latin1"), Buffer.from([header.length, 0]), Buffer.from(header), data]);
}

export const target: FuzzTarget = {
  name: "npy",
  seeds: [npy("'<f4'", new Uint8Array(8)), npy("[('x', '<f4'), ('y', '|O')]", pickle(none)), npy("'|O'", pickle(list(none)))],
  read: scannedAs("fuzz.npy"),
  words: ["'descr': ", "'shape': (", "|O", "\x93NUMPY", "True", ", }"],
};
