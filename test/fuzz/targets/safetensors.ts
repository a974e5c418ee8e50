import { readSafetensorsHeader } from "../../../src/formats/safetensors.ts";
import { headerOnly, writeSafetensors } from "../../formats/safetensors-writer.ts";
import { restructureJson } from "../json.ts";
import type { FuzzTarget } from "../target.ts";

const seeds = [
  writeSafetensors(
    [
      { name: "model.embed.weight", dtype: "BF16", shape: [4, 3], bytes: 24 },
      { name: "model.norm", dtype: "F32", shape: [], bytes: 4 },
      { name: "packed", dtype: "F4", shape: [2, 0], bytes: 0 },
    ],
    { format: "pt", note: 'a "quote"' },
    5,
  ),
  writeSafetensors([{ name: "w", dtype: "I64", shape: [1], bytes: 8 }]),
  writeSafetensors([]),
];

export const target: FuzzTarget = {
  name: "safetensors",
  seeds,
  read: readSafetensorsHeader,
  words: ['"__metadata__":{', '"dtype":"F32"', '"shape":[', '"data_offsets":[0,4]', '{"a":', "}", "[[[["],
  restructure(bytes, random) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const json = restructureJson(new TextDecoder("latin1").decode(bytes.subarray(8, 8 + length)), random);
    return Buffer.concat([headerOnly(json), bytes.subarray(8 + length)]);
  },
};
