// Packed bytes handed to an unpacker in pieces, as a source hands them.
import { AjarError } from "../../src/core/errors.ts";
import { ChunkInput } from "../../src/formats/chunk-input.ts";

type Unpack = (input: ChunkInput) => AsyncIterable<Uint8Array>;

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All that comes out of it, packed bytes coming in pieces of `size`. */
export async function unpackAll(unpack: Unpack, packed: Uint8Array, size = 1000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of unpack(new ChunkInput(inChunks(packed, size)))) parts.push(part);
  return Buffer.concat(parts);
}

/** `read`, or the code of the error that says where the bytes are wrong; whatever else is thrown goes on. */
export async function codeOf(unpack: Unpack, packed: Uint8Array): Promise<string> {
  try {
    await unpackAll(unpack, packed);
    return "read";
  } catch (error) {
    if (error instanceof AjarError && error.offset !== undefined) return error.code;
    throw error;
  }
}
