// The bytes of a data file as a stream: in pieces, unpacked where they are packed, as UTF-8 whatever they were written in.
import { isUtf8 } from "node:buffer";
import type { ByteReader } from "../../core/source.ts";

const CHUNK_BYTES = 1024 * 1024;

/** Bytes from `start` to the end, in pieces. @throws AjarError as the reader */
export async function* chunksOf(reader: ByteReader, start = 0, step = CHUNK_BYTES): AsyncGenerator<Uint8Array> {
  const end = reader.sizeBytes;
  for (let at = start; at < end; at += step) yield await reader.read(at, Math.min(step, end - at));
}

/** Bytes that are read at once into the same memory: what a reader of this machine does without waiting for another thread. */
const STEP_BYTES = 256 * 1024;

/** As `chunksOf`, but each piece is only valid until the next is asked for: new memory a piece would have V8 look through all of its own. */
export async function* passingChunks(reader: ByteReader, start: number, step: number): AsyncGenerator<Uint8Array> {
  if (reader.readInto === undefined) {
    yield* chunksOf(reader, start, step);
    return;
  }
  const end = reader.sizeBytes;
  const memory = Buffer.allocUnsafeSlow(Math.min(step, STEP_BYTES, Math.max(0, end - start)));
  for (let at = start; at < end; at += memory.length) {
    const bytes = memory.subarray(0, Math.min(memory.length, end - at));
    await reader.readInto(at, bytes);
    yield bytes;
  }
}

/** The first `limit` bytes of a stream; says whether there were more. */
export async function* headOf(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  onCut: () => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      onCut();
      yield chunk.subarray(0, left);
      return;
    }
    left -= chunk.length;
    yield chunk;
  }
}

/** Writes a stream of another encoding anew as UTF-8; what cannot be decoded becomes U+FFFD. */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** A stream without the mark that some programs put in front of UTF-8. */
export async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 0) {
      isFirst = false;
      yield chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
    } else yield chunk;
  }
}

/** Text of UTF-8 bytes, and whether they were. */
export function textOf(bytes: Uint8Array): { readonly text: string; readonly valid: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { text: buffer.toString("utf8"), valid: isUtf8(bytes) };
}
