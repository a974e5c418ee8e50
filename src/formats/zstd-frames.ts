// A zstd file may hold several frames (RFC 8878, section 3); node:zlib stops in silence after the first one.
import { AjarError } from "../core/errors.ts";
import type { ChunkInput } from "./chunk-input.ts";

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const RAW_BLOCK = 0;
const RLE_BLOCK = 1;
const PACKED_BLOCK = 2;
/** Parallel packers write a frame per megabyte or more; every frame costs a decoder. */
export const MAX_FRAMES = 100_000;

/** Goes past skippable frames and takes the magic number of the next real one; null at the end of the data. @throws AjarError INCONSISTENT | TRUNCATED */
export async function skipToFrame(input: ChunkInput): Promise<Uint8Array | null> {
  while (!(await input.isAtEnd())) {
    const at = input.position;
    const magic = await input.need(4);
    const value = new DataView(magic.buffer, magic.byteOffset, 4).getUint32(0, true);
    if (value === FRAME_MAGIC) return magic;
    if ((value & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC) throw new AjarError("INCONSISTENT", `no zstd frame at ${at}`, { offset: at });
    const size = await input.need(4);
    await input.skip(new DataView(size.buffer, size.byteOffset, 4).getUint32(0, true));
  }
  return null;
}

/** The bytes of one frame, whose magic number was already taken. @throws AjarError INCONSISTENT | TRUNCATED */
export async function* framePieces(input: ChunkInput, magic: Uint8Array): AsyncIterable<Uint8Array> {
  yield magic;
  const descriptor = await input.need(1);
  yield descriptor;
  const flags = descriptor[0] ?? 0;
  yield await input.need(headerBytes(flags));
  for (;;) {
    const at = input.position;
    const head = await input.need(3);
    yield head;
    const word = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
    yield await input.need(blockBytes((word >> 1) & 3, word >> 3, at));
    if ((word & 1) === 1) break;
  }
  if ((flags & 4) !== 0) yield await input.need(4);
}

/** Window descriptor, dictionary id and content size: present as the descriptor says. */
function headerBytes(flags: number): number {
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}

function blockBytes(type: number, size: number, at: number): number {
  if (type === RAW_BLOCK || type === PACKED_BLOCK) return size;
  if (type === RLE_BLOCK) return 1;
  throw new AjarError("INCONSISTENT", `zstd block at ${at} is of a reserved type`, { offset: at });
}
