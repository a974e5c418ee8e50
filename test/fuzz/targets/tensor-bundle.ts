import { readTensorBundle } from "../../../src/formats/tensorflow/bundle.ts";
import { fixture } from "../fixture.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "tensor-bundle",
  seeds: [fixture("tensorflow/made-up.ckpt.index"), fixture("tensorflow/saved/variables/variables.index")],
  read: readTensorBundle,
  words: ["\x57\xfb\x80\x8b\x24\x75\x47\xdb", "\xff\xff\xff\xff\x0f"],
};
