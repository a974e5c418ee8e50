// The .xz file format 1.2 (tukaani.org/xz/xz-file-format.txt): streams of blocks, an index that says what they were, padding between.
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AjarError } from "../../core/errors.ts";
import { ByteCursor, joinBytes } from "../byte-reader.ts";
import type { ChunkInput } from "../chunk-input.ts";
import { checkLength, checkOf } from "./checks.ts";
import { unpackLzma2 } from "./lzma2.ts";

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const END_MAGIC = Buffer.from("YZ");
const LZMA2 = 0x21;
/** A file may ask for 4 GiB. The largest preset of xz asks for half of this; zstd is given as much. */
const MAX_DICTIONARY_BYTES = 128 * 1024 * 1024;
const MAX_STREAMS = 100_000;

/** Unpacks stream after stream up to the end of the input. @throws AjarError TRUNCATED | INCONSISTENT | UNSUPPORTED | OVER_LIMIT with the packed offset */
export async function* unpackXz(input: ChunkInput): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackStreams(input);
  } catch (cause) {
    if (!(cause instanceof AjarError) || cause.offset !== undefined) throw cause;
    throw new AjarError(cause.code, cause.message, { offset: input.position, cause });
  }
}

async function* unpackStreams(input: ChunkInput): AsyncGenerator<Uint8Array> {
  for (let streams = 0; streams === 0 || !(await input.isAtEnd()); streams += 1) {
    if (streams >= MAX_STREAMS) throw new AjarError("OVER_LIMIT", `xz data of more than ${MAX_STREAMS} streams`);
    const start = streams === 0 ? await input.need(4) : await afterPadding(input);
    if (start === null) return;
    yield* unpackStream(input, joinBytes([start, await input.need(8)]));
  }
}

/** The first four bytes of the next stream: zeros stand between streams by fours. */
async function afterPadding(input: ChunkInput): Promise<Uint8Array | null> {
  while (!(await input.isAtEnd())) {
    const bytes = await input.need(4);
    if (!bytes.every((byte) => byte === 0)) return bytes;
  }
  return null;
}

function damaged(): AjarError {
  return new AjarError("INCONSISTENT", "compressed data are damaged");
}

function sameSum(bytes: Uint8Array, sum: number): void {
  if (crc32(bytes) !== sum) throw damaged();
}

async function* unpackStream(input: ChunkInput, head: Uint8Array): AsyncGenerator<Uint8Array> {
  if (!MAGIC.equals(head.subarray(0, 6))) throw new AjarError("INCONSISTENT", "no xz stream begins there");
  const flags = head.subarray(6, 8);
  sameSum(flags, new ByteCursor(head.subarray(8)).u32());
  const check = flagsOf(flags);
  const index = new BlockList();
  for (;;) {
    const start = input.position;
    const [size = 0] = await input.need(1);
    if (size === 0) break;
    const block = await readBlockHead(input, size);
    let unpacked = 0;
    const sum = checkOf(check);
    for await (const piece of unpackLzma2(input, block.dictionaryBytes)) {
      unpacked += piece.length;
      sum.update(piece);
      yield piece;
    }
    const packed = input.position - start - (size + 1) * 4;
    if ((block.packed ?? packed) !== packed || (block.unpacked ?? unpacked) !== unpacked) throw damaged();
    const unpadded = (size + 1) * 4 + packed + checkLength(check);
    await padding(input, packed);
    const stated = await input.need(checkLength(check));
    if (!(sum.digest() ?? stated).every((byte, at) => byte === stated[at])) throw damaged();
    index.add(unpadded, unpacked);
  }
  await readIndex(input, index, flags);
}

/** Number of the check; the rest is reserved. */
function flagsOf([first = 0, second = 0]: Uint8Array): number {
  if (first !== 0 || second > 15) throw new AjarError("UNSUPPORTED", "xz data of a later version");
  return second;
}

interface BlockHead {
  readonly packed: number | null;
  readonly unpacked: number | null;
  readonly dictionaryBytes: number;
}

async function readBlockHead(input: ChunkInput, size: number): Promise<BlockHead> {
  const rest = await input.need((size + 1) * 4 - 1);
  const body = rest.subarray(0, -4);
  sameSum(joinBytes([Uint8Array.of(size), body]), new ByteCursor(rest.subarray(-4)).u32());
  const cursor = new ByteCursor(body);
  const flags = read(() => cursor.u8());
  const packed = (flags & 0x40) === 0 ? null : variable(cursor);
  const unpacked = (flags & 0x80) === 0 ? null : variable(cursor);
  if ((flags & 0x3c) !== 0) throw new AjarError("UNSUPPORTED", "xz data of a later version");
  const filter = variable(cursor);
  if ((flags & 3) !== 0 || filter !== LZMA2) throw new AjarError("UNSUPPORTED", "xz data with a filter for programs or tables");
  const length = variable(cursor);
  const power = read(() => cursor.u8());
  if (length !== 1 || power > 40) throw damaged();
  const dictionaryBytes = power === 40 ? 2 ** 32 - 1 : (2 | (power & 1)) * 2 ** (Math.floor(power / 2) + 11);
  if (dictionaryBytes > MAX_DICTIONARY_BYTES)
    throw new AjarError("OVER_LIMIT", `xz data that need a dictionary of ${dictionaryBytes} bytes`);
  return { packed, unpacked, dictionaryBytes };
}

/** A head that ends inside a value is no cut file. */
function read<T>(take: () => T): T {
  try {
    return take();
  } catch (cause) {
    throw cause instanceof AjarError ? damaged() : cause;
  }
}

/** Seven bits a byte, lowest first (section 1.2). */
function variable(cursor: ByteCursor): number {
  let value = 0;
  for (let shift = 0; shift < 63; shift += 7) {
    const byte = read(() => cursor.u8());
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw damaged();
}

async function variableFrom(input: ChunkInput, taken: Uint8Array[]): Promise<number> {
  const bytes: Uint8Array[] = [];
  for (;;) {
    const byte = await input.need(1);
    bytes.push(byte);
    taken.push(byte);
    if ((byte[0] ?? 0) < 0x80 || bytes.length === 9) return variable(new ByteCursor(joinBytes(bytes)));
  }
}

async function padding(input: ChunkInput, length: number): Promise<void> {
  const zeros = await input.need((4 - (length % 4)) % 4);
  if (!zeros.every((byte) => byte === 0)) throw damaged();
}

/** What blocks were, as one digest: there may be millions. */
class BlockList {
  readonly #hash: Hash = createHash("sha256");
  count = 0;

  add(unpadded: number, unpacked: number): void {
    this.#hash.update(`${unpadded},${unpacked};`);
    this.count += 1;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

async function readIndex(input: ChunkInput, blocks: BlockList, flags: Uint8Array): Promise<void> {
  const start = input.position - 1;
  let sum = crc32(Uint8Array.of(0));
  const number = async (): Promise<number> => {
    const taken: Uint8Array[] = [];
    const value = await variableFrom(input, taken);
    sum = crc32(joinBytes(taken), sum);
    return value;
  };
  if ((await number()) !== blocks.count) throw damaged();
  const stated = new BlockList();
  for (let at = 0; at < blocks.count; at += 1) stated.add(await number(), await number());
  if (stated.digest() !== blocks.digest()) throw damaged();
  const zeros = await input.need((4 - ((input.position - start) % 4)) % 4);
  sum = crc32(zeros, sum);
  if (zeros.some((byte) => byte !== 0) || new ByteCursor(await input.need(4)).u32() !== sum) throw damaged();
  const length = input.position - start;
  const footer = await input.need(12);
  const cursor = new ByteCursor(footer);
  sameSum(footer.subarray(4, 10), cursor.u32());
  const isSame = (cursor.u32() + 1) * 4 === length && footer.subarray(8, 10).every((byte, at) => byte === flags[at]);
  if (!isSame || !END_MAGIC.equals(footer.subarray(10))) throw damaged();
}
