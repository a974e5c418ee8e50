import { readHdf5 } from "../../../src/formats/hdf5/read.ts";
import { fixture } from "../fixture.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "hdf5",
  seeds: [fixture("hdf5/tiny.h5"), fixture("hdf5/tiny-dense.h5"), fixture("hdf5/user-block.hdf5")],
  read: readHdf5,
  words: ["OHDR", "OCHK", "TREE", "SNOD", "HEAP", "GCOL", "FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN", "\x10\0\x10\0"],
};
