// Writes LZ4 frames: literals, and copies where a byte repeats.
import { joinBytes } from "../../src/formats/byte-reader.ts";
import { xxHash32 } from "../../src/formats/xxhash32.ts";

/** So many bytes fit into a block of 64 KiB even where nothing repeats. */
const BLOCK_BYTES = 60 * 1024;
const LEAST_RUN = 32;

/** Literals, then a copy of what lies `distance` bytes back. */
export interface Lz4Sequence {
  readonly literals: Uint8Array;
  readonly distance: number;
  readonly length: number;
}

function more(length: number): readonly number[] {
  if (length < 15) return [];
  const bytes = new Array<number>(Math.floor((length - 15) / 255)).fill(255);
  return [...bytes, (length - 15) % 255];
}

export function lz4Block(sequences: readonly Lz4Sequence[], end: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { literals, distance, length } of sequences) {
    const token = (Math.min(15, literals.length) << 4) | Math.min(15, length - 4);
    parts.push(Uint8Array.of(token, ...more(literals.length)), literals);
    parts.push(Uint8Array.of(distance & 255, distance >> 8, ...more(length - 4)));
  }
  return joinBytes([...parts, Uint8Array.of(Math.min(15, end.length) << 4, ...more(end.length)), end]);
}

export interface Lz4FrameOptions {
  readonly linked: boolean;
  readonly blockSums: boolean;
  readonly contentSum: boolean;
  readonly size: boolean;
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A frame of blocks; `content` is what they say. */
export function lz4Frame(blocks: readonly Uint8Array[], content: Uint8Array, options: Lz4FrameOptions): Buffer {
  const size = Buffer.alloc(options.size ? 8 : 0);
  if (options.size) size.writeBigUInt64LE(BigInt(content.length));
  const { linked, blockSums, contentSum } = options;
  const flags = 0x40 | (linked ? 0 : 0x20) | (blockSums ? 0x10 : 0) | (options.size ? 8 : 0) | (contentSum ? 4 : 0);
  const head = joinBytes([Uint8Array.of(flags, 0x40), size]);
  return Buffer.concat([
    u32(0x184d2204),
    head,
    Uint8Array.of((xxHash32(head) >> 8) & 255),
    ...blocks.flatMap((packed) => [u32(packed.length), packed, ...(blockSums ? [u32(xxHash32(packed))] : [])]),
    u32(0),
    ...(contentSum ? [u32(xxHash32(content))] : []),
  ]);
}

function packedBlock(bytes: Uint8Array): Uint8Array {
  const sequences: Lz4Sequence[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end += 1;
    if (end - at >= LEAST_RUN) {
      sequences.push({ literals: bytes.subarray(start, at + 1), distance: 1, length: end - at - 1 });
      start = end;
    }
    at = end;
  }
  return lz4Block(sequences, bytes.subarray(start));
}

/** One frame with a check sum of its content. */
export function writeLz4(bytes: Uint8Array): Buffer {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) blocks.push(packedBlock(bytes.subarray(at, at + BLOCK_BYTES)));
  return lz4Frame(blocks, bytes, { linked: false, blockSums: false, contentSum: true, size: true });
}
