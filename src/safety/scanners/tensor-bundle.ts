// The index of a TensorFlow checkpoint, or of a SavedModel's variables; the numbers lie in the shards beside it.
import type { FileReference, FormatReading, ScannedTensor } from "../../core/scan.ts";
import { readTensorBundle, type TensorBundle } from "../../formats/tensorflow/bundle.ts";
import { FULL } from "../combine.ts";
import type { FileView, Scanner } from "../scanner.ts";
import { traitsOfTensors } from "../traits.ts";

const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

export const scanner: Scanner = {
  id: "tf-checkpoint",
  risk: "cannot-execute",
  claims: isTable,
  async scan(reader, { path }): Promise<FormatReading> {
    const bundle = await readTensorBundle(reader);
    const stem = path.slice(path.lastIndexOf("/") + 1).replace(/\.index$/u, "");
    const shardOf = (shard: number): string => `${stem}.data-${five(shard)}-of-${five(bundle.shards)}`;
    const tensors = bundle.tensors.map(({ name, dtype, shape, place }): ScannedTensor => {
      if (place === null) return { name, dtype, shape, place: null };
      return { name, dtype, shape, member: shardOf(place.shard), place: { start: place.start, end: place.end } };
    });
    return {
      format: "tf-checkpoint",
      risk: "cannot-execute",
      coverage: FULL,
      hits: [],
      tensors,
      parameters: bundle.parameters,
      metadata: new Map([
        ["shards", String(bundle.shards)],
        ...(bundle.littleEndian ? [] : [["byte-order", "big"] as const]),
        ...traitsOfTensors(tensors),
      ]),
      references: referencesOf(bundle, shardOf, reader.sizeBytes),
    };
  },
};

function isTable({ tail }: FileView): boolean {
  return MAGIC.every((byte, index) => tail[tail.length - MAGIC.length + index] === byte);
}

/** As tensor_bundle/naming.cc has it. */
function five(number: number): string {
  return String(number).padStart(5, "0");
}

function referencesOf({ tensors }: TensorBundle, shardOf: (shard: number) => string, sizeBytes: number): readonly FileReference[] {
  const reach = new Map<number, number>();
  for (const { place } of tensors) if (place !== null) reach.set(place.shard, Math.max(place.end, reach.get(place.shard) ?? 0));
  return [...reach].map(([shard, minBytes]) => ({ path: shardOf(shard), minBytes, start: 0, end: sizeBytes }));
}
