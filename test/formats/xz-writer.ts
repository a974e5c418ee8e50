// Writes xz, plainly: chunks that hold bytes as they are.
import { crc32 } from "node:zlib";
import { joinBytes } from "../../src/formats/byte-reader.ts";

const CHUNK_BYTES = 64 * 1024;
const FLAGS = Uint8Array.of(0, 1);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array {
  return joinBytes([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}

function variable(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Uint8Array.from([...bytes, left]);
}

/** One stream of one block with a CRC-32; no block where there are no bytes. */
export function writeXz(bytes: Uint8Array): Buffer {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    chunks.push(Uint8Array.of(at === 0 ? 1 : 2, (chunk.length - 1) >> 8, (chunk.length - 1) & 255), chunk);
  }
  const packed = joinBytes([...chunks, Uint8Array.of(0)]);
  // Twelve bytes: size, flags, the filter with one byte of properties (a dictionary of 64 KiB), zeros, sum.
  const head = Uint8Array.of(2, 0, 0x21, 1, 8, 0, 0, 0);
  const block = [head, u32(crc32(head)), padded(packed), u32(crc32(bytes))];
  const isEmpty = bytes.length === 0;
  const records = isEmpty ? [] : [variable(12 + packed.length + 4), variable(bytes.length)];
  const index = padded(joinBytes([Uint8Array.of(0), variable(isEmpty ? 0 : 1), ...records]));
  const footer = joinBytes([u32((index.length + 4) / 4 - 1), FLAGS]);
  return Buffer.concat([
    Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    FLAGS,
    u32(crc32(FLAGS)),
    ...(isEmpty ? [] : block),
    index,
    u32(crc32(index)),
    u32(crc32(footer)),
    footer,
    Buffer.from("YZ"),
  ]);
}
