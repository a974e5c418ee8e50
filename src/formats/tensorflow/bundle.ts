// The index of a TensorFlow checkpoint or of a SavedModel's variables: a sorted table of LevelDB's format, its values protobufs
// (tensorflow/core/util/tensor_bundle, tensorflow/core/protobuf/tensor_bundle.proto, tsl/lib/io/format.cc).
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { ByteCursor, MemoryReader } from "../byte-reader.ts";
import { ProtoWalker } from "../proto-walker.ts";
import { elementsOf } from "../tensor.ts";
import { readTensorShape, tensorflowType } from "./types.ts";

interface BundleTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly elements: number;
  /** Shard that holds the data, and where in it. Null: stored in slices, which have entries of their own. */
  readonly place: { readonly shard: number; readonly start: number; readonly end: number } | null;
}

export interface TensorBundle {
  readonly shards: number;
  readonly littleEndian: boolean;
  readonly tensors: readonly BundleTensor[];
  readonly parameters: number;
}

/** Two block handles, padding, and the magic number. */
const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Type of compression and checksum behind each block. */
const TRAILER_BYTES = 5;
/** Indexes of the largest checkpoints take some megabytes. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_TENSORS = 500_000;
const MAX_KEY_BYTES = 64 * 1024;
const MAX_SHARDS = 100_000;
/** Entries, their keys written out, and blocks, over the whole table: entries may share keys, and name one block any number of times. */
const MAX_ENTRIES = 2 * MAX_TENSORS;
const MAX_KEYS_BYTES = 64 * 1024 * 1024;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT | UNSUPPORTED with the offset */
export async function readTensorBundle(reader: ByteReader): Promise<TensorBundle> {
  const footer = await readFooter(reader);
  const tensors: BundleTensor[] = [];
  let header: BundleHeader | null = null;
  const spent = new Spent(reader.sizeBytes);
  for (const [, value] of entriesOf(await readBlock(reader, footer))) {
    const block = await readBlock(reader, handleOf(value));
    spent.block(block);
    for (const [key, entry] of entriesOf(block)) {
      spent.entry(key, entry.offset);
      if (key.length === 0) header = await readHeader(entry);
      else if (key[0] !== 0) tensors.push(await readEntry(key, entry));
      // A key that begins with NUL is a slice of a tensor listed under its own name (checkpoint::EncodeTensorNameSlice).
      if (tensors.length > MAX_TENSORS)
        throw new AjarError("OVER_LIMIT", `checkpoint of more than ${MAX_TENSORS} tensors`, { offset: entry.offset });
    }
  }
  if (header === null) throw new AjarError("NOT_THIS_FORMAT", "table has no header of a checkpoint", { offset: 0 });
  return { ...header, tensors, parameters: tensors.reduce((sum, { elements }) => sum + elements, 0) };
}

/** What was read so far, in all. */
class Spent {
  readonly #sizeBytes: number;
  #entries = 0;
  #keyBytes = 0;
  #blockBytes = 0;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  /** @throws AjarError OVER_LIMIT */
  block({ bytes, base }: ByteCursor): void {
    this.#blockBytes += bytes.length;
    if (this.#blockBytes > this.#sizeBytes) throw repeats(base);
  }

  /** @throws AjarError OVER_LIMIT */
  entry(key: Uint8Array, offset: number): void {
    this.#entries += 1;
    this.#keyBytes += key.length;
    if (this.#entries > MAX_ENTRIES || this.#keyBytes > MAX_KEYS_BYTES) throw repeats(offset);
  }
}

function repeats(offset: number): AjarError {
  return new AjarError("OVER_LIMIT", "a table that repeats itself beyond the limits", { offset });
}

async function readFooter(reader: ByteReader): Promise<Handle> {
  const { sizeBytes } = reader;
  if (sizeBytes < FOOTER_BYTES) throw new AjarError("NOT_THIS_FORMAT", `${sizeBytes} bytes are too short for a table`, { offset: 0 });
  const start = sizeBytes - FOOTER_BYTES;
  const footer = new ByteCursor(await reader.read(start, FOOTER_BYTES), start);
  footer.position = FOOTER_BYTES - 8;
  if (footer.bigU64() !== MAGIC) throw new AjarError("NOT_THIS_FORMAT", "table has no magic number", { offset: sizeBytes - 8 });
  if (sizeBytes > MAX_FILE_BYTES) throw new AjarError("OVER_LIMIT", `index of ${sizeBytes} bytes`, { offset: 0 });
  footer.position = 0;
  handleOf(footer);
  return handleOf(footer);
}

function varint(cursor: ByteCursor): number {
  const at = cursor.offset;
  let value = 0;
  let factor = 1;
  for (let bytes = 0; bytes < 10; bytes += 1) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte >= 0x80) continue;
    if (Number.isSafeInteger(value)) return value;
    break;
  }
  throw new AjarError("OVER_LIMIT", `number at ${at} is over 2^53-1`, { offset: at });
}

function handleOf(cursor: ByteCursor): Handle {
  return { offset: varint(cursor), size: varint(cursor) };
}

async function readBlock(reader: ByteReader, { offset, size }: Handle): Promise<ByteCursor> {
  if (size > MAX_BLOCK_BYTES) throw new AjarError("OVER_LIMIT", `table block of ${size} bytes`, { offset: 0 });
  const bytes = await reader.read(offset, size + TRAILER_BYTES);
  const compression = bytes[size];
  if (compression !== 0) throw new AjarError("UNSUPPORTED", `table block packed by method ${compression}`, { offset: offset + size });
  return new ByteCursor(bytes.subarray(0, size), offset);
}

/** Entries share the start of their key with the one before; behind them stand the places where none does. */
function* entriesOf(block: ByteCursor): Generator<readonly [key: Uint8Array, value: ByteCursor]> {
  const { bytes, base } = block;
  if (bytes.length < 4) throw new AjarError("TRUNCATED", "table block without an end", { offset: base });
  const restarts = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  const end = bytes.length - 4 - restarts * 4;
  if (end < 0) throw new AjarError("INCONSISTENT", `table block with ${restarts} restarts`, { offset: base });
  const cursor = new ByteCursor(bytes.subarray(0, end), base);
  let key: Uint8Array = new Uint8Array(0);
  while (cursor.remaining > 0) {
    const shared = varint(cursor);
    const own = varint(cursor);
    const length = varint(cursor);
    if (shared > key.length || shared + own > MAX_KEY_BYTES) {
      throw new AjarError("INCONSISTENT", `table key at ${cursor.offset} is broken`, { offset: cursor.offset });
    }
    key = Buffer.concat([key.subarray(0, shared), cursor.take(own)]);
    const offset = cursor.offset;
    yield [key, new ByteCursor(cursor.take(length), offset)];
  }
}

type BundleHeader = Pick<TensorBundle, "shards" | "littleEndian">;

/** Offsets in errors count from the start of the file. */
async function walk<T>(entry: ByteCursor, read: (walker: ProtoWalker, sizeBytes: number) => Promise<T>): Promise<T> {
  const reader = new MemoryReader(entry.bytes);
  try {
    return await read(new ProtoWalker(reader, { maxBytes: MAX_BLOCK_BYTES, maxPiece: MAX_BLOCK_BYTES }), reader.sizeBytes);
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    throw new AjarError(error.code, error.message, { offset: entry.base + (error.offset ?? 0), cause: error });
  }
}

/** BundleHeaderProto: 1 num_shards, 2 endianness (1: big). */
async function readHeader(entry: ByteCursor): Promise<BundleHeader> {
  return await walk(entry, async (walker, sizeBytes) => {
    const header = { shards: 0, littleEndian: true };
    await walker.message(sizeBytes, async (field, wire) => {
      if (wire !== 0 || field > 2) return false;
      const value = await walker.count();
      if (field === 1) header.shards = value;
      else header.littleEndian = value === 0;
      return true;
    });
    if (header.shards > MAX_SHARDS) throw new AjarError("OVER_LIMIT", `checkpoint of ${header.shards} shards`, { offset: 0 });
    return header;
  });
}

/** BundleEntryProto: 1 dtype, 2 shape, 3 shard_id, 4 offset, 5 size, 7 slices. */
async function readEntry(key: Uint8Array, entry: ByteCursor): Promise<BundleTensor> {
  return await walk(entry, async (walker, sizeBytes) => {
    const numbers = [0, 0, 0, 0, 0, 0];
    let shape: readonly number[] = [];
    let isSliced = false;
    await walker.message(sizeBytes, async (field, wire) => {
      if (field === 7) isSliced = true;
      if (field === 2 && wire === 2) {
        shape = (await readTensorShape(walker)) ?? [];
        return true;
      }
      if (wire !== 0 || field > 5) return false;
      numbers[field] = await walker.count();
      return true;
    });
    const [, type = 0, , shard = 0, start = 0, size = 0] = numbers;
    const place = isSliced ? null : { shard, start, end: start + size };
    return { name: new TextDecoder().decode(key), dtype: tensorflowType(type), shape, elements: elementsOf(shape, 0), place };
  });
}
