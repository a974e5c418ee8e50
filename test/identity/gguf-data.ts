import { writeGguf } from "../formats/gguf-writer.ts";

export const GGUF_TYPE_F32 = 0;

interface GgufData {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** A GGUF with the bytes of its tensors. */
export function ggufOf(tensors: readonly GgufData[], bigEndian = false): Buffer {
  let offset = 0;
  const placed = tensors.map((tensor) => {
    const at = offset;
    offset += Math.ceil(tensor.bytes.length / 32) * 32;
    return { ...tensor, offset: at };
  });
  const header = writeGguf({ tensors: placed.map(({ bytes: _, ...info }) => info), bigEndian });
  const data = placed.map(({ bytes }) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]));
  return Buffer.concat([header, ...data]);
}
