import { readWeightBlobs } from "../../../src/formats/coreml/weight-blob.ts";
import { fixture } from "../fixture.ts";
import type { FuzzTarget } from "../target.ts";

const file = fixture("coreml/program.mlpackage/Data/com.apple.CoreML/weights/weight.bin");
const [header, blob] = [file.subarray(0, 64), file.subarray(64, 160)];
/** Two small blobs. */
const two = Buffer.concat([header, blob, Buffer.alloc(32), blob, Buffer.alloc(32)]);
two[0] = 2;
for (const at of [64, 192]) two.writeBigUInt64LE(32n, at + 8);
for (const at of [64, 192]) two.writeBigUInt64LE(BigInt(at + 64), at + 16);

export const target: FuzzTarget = {
  name: "coreml-weights",
  seeds: [file, two],
  read: readWeightBlobs,
  words: ["\xef\xbe\xad\xde"],
};
