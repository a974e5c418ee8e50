import { readTflite } from "../../../src/formats/tflite.ts";
import { fixture } from "../fixture.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "tflite",
  seeds: [fixture("tflite/small.tflite"), fixture("tflite/custom.tflite")],
  read: readTflite,
  words: ["TFL3", "\x04\0\0\0", "\xfc\xff\xff\xff", "Flex", "\x20\0\0\0"],
};
