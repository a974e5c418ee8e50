// LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md, 1.6): blocks that may copy from the 64 KiB before them, with check sums.
import { AjarError } from "../core/errors.ts";
import { ByteCursor, joinBytes } from "./byte-reader.ts";
import type { ChunkInput } from "./chunk-input.ts";
import { unpackLz4Block } from "./lz4-block.ts";
import { XxHash32, xxHash32 } from "./xxhash32.ts";

const FRAME_MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
const HISTORY_BYTES = 64 * 1024;
/** A frame costs a window; parallel packers write one per megabytes. */
const MAX_FRAMES = 100_000;

/** Unpacks frame after frame up to the end of the input. @throws AjarError TRUNCATED | INCONSISTENT | UNSUPPORTED | OVER_LIMIT with the packed offset */
export async function* unpackLz4Frames(input: ChunkInput): AsyncGenerator<Uint8Array> {
  for (let frames = 0; ; ) {
    if (await input.isAtEnd()) {
      if (frames > 0) return;
      throw new AjarError("TRUNCATED", "compressed data end too early", { offset: input.position });
    }
    const at = input.position;
    const magic = cursorOf(await input.need(4)).u32();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) await input.skip(cursorOf(await input.need(4)).u32());
    else if (magic !== FRAME_MAGIC) throw new AjarError("INCONSISTENT", `no LZ4 frame at ${at}`, { offset: at });
    else {
      frames += 1;
      if (frames > MAX_FRAMES) throw new AjarError("OVER_LIMIT", `LZ4 data of more than ${MAX_FRAMES} frames`, { offset: at });
      yield* unpackFrame(input);
    }
  }
}

interface FrameHead {
  readonly isLinked: boolean;
  readonly blockSums: boolean;
  readonly contentSum: boolean;
  readonly contentBytes: number | null;
  readonly blockBytes: number;
}

async function* unpackFrame(input: ChunkInput): AsyncGenerator<Uint8Array> {
  const head = await readHead(input);
  const window = new Window(head);
  const sum = new XxHash32();
  let bytes = 0;
  for (;;) {
    const at = input.position;
    const word = cursorOf(await input.need(4)).u32();
    if (word === 0) break;
    const length = word & 0x7fffffff;
    if (length > head.blockBytes) throw new AjarError("INCONSISTENT", `an LZ4 block of ${length} bytes at ${at}`, { offset: at });
    const packed = await input.need(length);
    if (head.blockSums && cursorOf(await input.need(4)).u32() !== xxHash32(packed)) throw damaged(at);
    const block = window.take(packed, word >>> 31 === 0, at);
    bytes += block.length;
    if (head.contentSum) sum.update(block);
    yield block;
  }
  const at = input.position;
  if (head.contentSum && cursorOf(await input.need(4)).u32() !== sum.digest()) throw damaged(at);
  if (head.contentBytes !== null && head.contentBytes !== bytes) throw damaged(at);
}

function damaged(offset: number): AjarError {
  return new AjarError("INCONSISTENT", "compressed data are damaged", { offset });
}

function cursorOf(bytes: Uint8Array): ByteCursor {
  return new ByteCursor(bytes);
}

async function readHead(input: ChunkInput): Promise<FrameHead> {
  const offset = input.position;
  const start = await input.need(2);
  const [flags = 0, sizes = 0] = start;
  if (flags >> 6 !== 1) throw new AjarError("UNSUPPORTED", `an LZ4 frame of version ${flags >> 6}`, { offset });
  const hasSize = (flags & 8) !== 0;
  const size = await input.need(hasSize ? 8 : 0);
  const hasDictionary = (flags & 1) !== 0;
  const dictionary = await input.need(hasDictionary ? 4 : 0);
  const [check = 0] = await input.need(1);
  if (((xxHash32(joinBytes([start, size, dictionary])) >> 8) & 0xff) !== check) throw damaged(offset);
  if (hasDictionary) throw new AjarError("UNSUPPORTED", "an LZ4 frame that needs a dictionary", { offset });
  const power = (sizes >> 4) & 7;
  if (power < 4) throw new AjarError("INCONSISTENT", `an LZ4 frame with blocks of size ${power}`, { offset });
  return {
    isLinked: (flags & 0x20) === 0,
    blockSums: (flags & 0x10) !== 0,
    contentSum: (flags & 4) !== 0,
    contentBytes: hasSize ? cursorOf(size).u64() : null,
    blockBytes: 2 ** (8 + 2 * power),
  };
}

/** One block, behind what it may copy from. */
class Window {
  readonly #out: Uint8Array;
  readonly #isLinked: boolean;
  #history = 0;

  constructor({ blockBytes, isLinked }: FrameHead) {
    this.#out = new Uint8Array(HISTORY_BYTES + blockBytes);
    this.#isLinked = isLinked;
  }

  take(packed: Uint8Array, isPacked: boolean, offset: number): Uint8Array {
    const start = this.#history;
    let end = start + packed.length;
    if (!isPacked) this.#out.set(packed, start);
    else {
      try {
        end = unpackLz4Block(packed, this.#out.subarray(0, this.#out.length - HISTORY_BYTES + start), start);
      } catch (cause) {
        throw cause instanceof AjarError ? damaged(offset) : cause;
      }
    }
    const block = this.#out.slice(start, end);
    if (this.#isLinked) {
      const kept = Math.min(HISTORY_BYTES, end);
      this.#out.copyWithin(0, end - kept, end);
      this.#history = kept;
    }
    return block;
  }
}
