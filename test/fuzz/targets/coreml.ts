import { readCoreml } from "../../../src/formats/coreml/model.ts";
import { fixture } from "../fixture.ts";
import { restructureProto } from "../proto.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "coreml",
  seeds: [fixture("coreml/network.mlmodel"), fixture("coreml/program.mlpackage/Data/com.apple.CoreML/model.mlmodel")],
  read: readCoreml,
  words: ["@model_path/", "\xb2\x1f", "\xa2\x06"],
  restructure: restructureProto,
};
