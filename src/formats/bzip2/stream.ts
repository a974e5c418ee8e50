// bzip2 files: one stream or several, each blocks of up to 900,000 bytes before their runs are undone.
import { AjarError } from "../../core/errors.ts";
import type { ChunkInput } from "../chunk-input.ts";
import { BitReader } from "./bits.ts";
import { bytesOf, readBlock } from "./block.ts";

const BLOCK_MARK = [0x314159, 0x265359] as const;
const END_MARK = [0x177245, 0x385090] as const;
const LEVEL_BYTES = 100_000;
/** Parallel packers write a stream per block. */
const MAX_STREAMS = 1_000_000;

/** Unpacks stream after stream up to the end of the input. @throws AjarError TRUNCATED | INCONSISTENT | UNSUPPORTED | OVER_LIMIT with the packed offset */
export async function* unpackBzip2(input: ChunkInput): AsyncGenerator<Uint8Array> {
  const bits = new BitWindow(input);
  let chain = new Uint32Array(0);
  for (let streams = 0; streams === 0 || !(await bits.isAtEnd()); streams += 1) {
    if (streams >= MAX_STREAMS)
      throw new AjarError("OVER_LIMIT", `bzip2 data of more than ${MAX_STREAMS} streams`, { offset: bits.position });
    const size = await bits.within(readHead);
    if (chain.length !== size) chain = new Uint32Array(size);
    let sum = 0;
    for (;;) {
      const block = await bits.within((reader) => (isBlock(reader) ? readBlock(reader, chain) : null));
      if (block === null) break;
      yield* bits.located(bytesOf(block));
      sum = ((sum << 1) | (sum >>> 31)) ^ block.sum;
    }
    await bits.within((reader) => {
      if (reader.read32() !== sum >>> 0) throw new AjarError("INCONSISTENT", "compressed data are damaged");
    });
    bits.alignToByte();
  }
}

/** Bytes of a block, which the head of a stream states. */
function readHead(reader: BitReader): number {
  const mark = reader.read(24);
  const level = reader.read(8) - 0x30;
  if (mark !== 0x425a68 || level < 1 || level > 9) throw new AjarError("INCONSISTENT", "no bzip2 stream begins there");
  return level * LEVEL_BYTES;
}

/** Whether a block begins; else the stream ends. */
function isBlock(reader: BitReader): boolean {
  const [high, low] = [reader.read(24), reader.read(24)];
  if (high === BLOCK_MARK[0] && low === BLOCK_MARK[1]) return true;
  if (high === END_MARK[0] && low === END_MARK[1]) return false;
  throw new AjarError("INCONSISTENT", "compressed data are damaged");
}

/** What is read at a time; most blocks are shorter. */
const STEP_BYTES = 512 * 1024;

/** Bytes of the input around a block, which may begin and end with any bit. */
class BitWindow {
  readonly #input: ChunkInput;
  #bytes: Uint8Array = new Uint8Array(0);
  #reader = new BitReader(this.#bytes);
  /** Place of the window in the input. */
  #base = 0;

  constructor(input: ChunkInput) {
    this.#input = input;
  }

  get position(): number {
    return this.#base + this.#reader.bytesTaken;
  }

  /** Reads something, anew with more bytes where they were too few; a block is of bounded length. Errors get their place. */
  async within<T>(read: (reader: BitReader) => T): Promise<T> {
    for (;;) {
      const taken = this.#reader.bytesTaken;
      const begun = this.#reader.bitsBegun;
      try {
        return read(this.#reader);
      } catch (cause) {
        const isShort = cause instanceof AjarError && cause.code === "TRUNCATED";
        if (!isShort || !(await this.#more(taken, begun))) throw this.#placed(cause);
      }
    }
  }

  *located(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
    try {
      yield* pieces;
    } catch (cause) {
      throw this.#placed(cause);
    }
  }

  #placed(cause: unknown): unknown {
    if (!(cause instanceof AjarError) || cause.offset !== undefined) return cause;
    const hint = cause.code === "TRUNCATED" ? { hint: "Fetch the file again." } : {};
    return new AjarError(cause.code, cause.message, { offset: this.position, cause, ...hint });
  }

  /** Goes back to a place and adds bytes behind what there is; whether there were any. */
  async #more(taken: number, begun: number): Promise<boolean> {
    const more = await this.#input.take(STEP_BYTES);
    if (more.length === 0) return false;
    // The byte that was begun stays.
    const kept = begun === 0 ? taken : taken - 1;
    this.#bytes = Buffer.concat([this.#bytes.subarray(kept), more]);
    this.#base += kept;
    this.#reader = new BitReader(this.#bytes);
    if (begun > 0) this.#reader.read(begun);
    return true;
  }

  /** The next stream begins with a byte. */
  alignToByte(): void {
    const begun = this.#reader.bitsBegun;
    if (begun > 0) this.#reader.read(8 - begun);
  }

  async isAtEnd(): Promise<boolean> {
    return this.#reader.bytesTaken === this.#bytes.length && (await this.#input.isAtEnd());
  }
}
