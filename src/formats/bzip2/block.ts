// One block of bzip2 (there is no standard; the reference is libbzip2 1.0): codes -> moved-to-front symbols with runs -> sorted rotations -> bytes with runs.
import { AjarError } from "../../core/errors.ts";
import type { BitReader } from "./bits.ts";
import { HuffmanCode, MAX_CODE_BITS } from "./huffman.ts";

/** Symbols that one table is used for before the next selector. */
const GROUP_SYMBOLS = 50;
/** Steps from one length to the next; going up and down again leads nowhere. */
const MAX_STEPS = MAX_CODE_BITS;

export interface Block {
  /** Low byte: a byte; above: where the next one is. */
  readonly chain: Uint32Array;
  readonly length: number;
  readonly first: number;
  readonly sum: number;
}

function damaged(): AjarError {
  return new AjarError("INCONSISTENT", "compressed data are damaged");
}

/** Reads a block whose mark was taken, into `chain`, which bounds it. @throws AjarError INCONSISTENT | TRUNCATED | UNSUPPORTED */
export function readBlock(reader: BitReader, chain: Uint32Array): Block {
  const sum = reader.read32();
  if (reader.read(1) === 1) throw new AjarError("UNSUPPORTED", "a randomised bzip2 block, as no program has written since 1997");
  const origin = reader.read(24);
  const bytes = readAlphabet(reader);
  const tables = reader.read(3);
  if (tables < 2 || tables > 6) throw damaged();
  const selectors = readSelectors(reader, tables);
  const codes = Array.from({ length: tables }, () => new HuffmanCode(readLengths(reader, bytes.length + 2)));
  const column = new LastColumn(chain);
  readSymbols(reader, { bytes, selectors, codes, column });
  if (origin >= column.length) throw damaged();
  column.link();
  return { chain, length: column.length, first: (chain[origin] ?? 0) >>> 8, sum };
}

/** The bytes that the block has, in order. */
function readAlphabet(reader: BitReader): Uint8Array {
  const ranges = reader.read(16);
  const bytes: number[] = [];
  for (let range = 0; range < 16; range += 1) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const there = reader.read(16);
    for (let low = 0; low < 16; low += 1) if ((there & (0x8000 >> low)) !== 0) bytes.push(range * 16 + low);
  }
  if (bytes.length === 0) throw damaged();
  return Uint8Array.from(bytes);
}

function readSelectors(reader: BitReader, tables: number): Uint8Array {
  const selectors = new Uint8Array(reader.read(15));
  if (selectors.length === 0) throw damaged();
  const order = Uint8Array.from({ length: tables }, (_, at) => at);
  for (let at = 0; at < selectors.length; at += 1) {
    let place = 0;
    while (reader.read(1) === 1) {
      place += 1;
      if (place >= tables) throw damaged();
    }
    selectors[at] = toFront(order, place);
  }
  return selectors;
}

function toFront(order: Uint8Array, place: number): number {
  const value = order[place] ?? 0;
  order.copyWithin(1, 0, place);
  order[0] = value;
  return value;
}

function readLengths(reader: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = reader.read(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (let steps = 0; ; steps += 1) {
      if (length < 1 || length > MAX_CODE_BITS || steps > MAX_STEPS) throw damaged();
      if (reader.read(1) === 0) break;
      length += reader.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** The last column of the sorted rotations, as it is read. */
class LastColumn {
  readonly #chain: Uint32Array;
  readonly #counts = new Uint32Array(256);
  length = 0;

  constructor(chain: Uint32Array) {
    this.#chain = chain;
  }

  get room(): number {
    return this.#chain.length - this.length;
  }

  put(byte: number, copies: number): void {
    if (copies > this.room) throw damaged();
    this.#counts[byte] = (this.#counts[byte] ?? 0) + copies;
    if (copies === 1) this.#chain[this.length] = byte;
    else this.#chain.fill(byte, this.length, this.length + copies);
    this.length += copies;
  }

  /** Undoes the sorting: beside each byte, where the one after it lies. */
  link(): void {
    const chain = this.#chain;
    let sum = 0;
    const places = this.#counts.map((count) => {
      sum += count;
      return sum - count;
    });
    for (let at = 0; at < this.length; at += 1) {
      const byte = (chain[at] ?? 0) & 0xff;
      const place = places[byte] ?? 0;
      chain[place] = (chain[place] ?? 0) | (at << 8);
      places[byte] = place + 1;
    }
  }
}

interface Symbols {
  readonly bytes: Uint8Array;
  readonly selectors: Uint8Array;
  readonly codes: readonly HuffmanCode[];
  readonly column: LastColumn;
}

/** Symbols up to the end of the block. */
function readSymbols(reader: BitReader, { bytes, selectors, codes, column }: Symbols): void {
  const end = bytes.length + 1;
  const order = Uint8Array.from({ length: bytes.length }, (_, at) => at);
  const most = selectors.length * GROUP_SYMBOLS;
  let code = codes[0];
  let run = 0;
  let weight = 1;
  for (let at = 0; at < most; at += 1) {
    if (at % GROUP_SYMBOLS === 0) code = codes[selectors[at / GROUP_SYMBOLS] ?? 0];
    const symbol = code?.next(reader) ?? end;
    // The first two symbols write the length of a run, in digits 1 and 2.
    if (symbol < 2) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > column.room) throw damaged();
      continue;
    }
    if (run > 0) column.put(bytes[order[0] ?? 0] ?? 0, run);
    run = 0;
    weight = 1;
    if (symbol === end) return;
    column.put(bytes[toFront(order, symbol - 1)] ?? 0, 1);
  }
  throw damaged();
}

/** Check sum of a block: CRC-32, highest bit first. */
const SUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});

const PIECE_BYTES = 64 * 1024;
/** So many equal bytes, and a count of more follows. */
const RUN_BYTES = 4;
const MOST_COPIES = 255;

/** The bytes of a block, in pieces. @throws AjarError INCONSISTENT at their end, where the sum is another */
export function* bytesOf({ chain, length, first, sum }: Block): Generator<Uint8Array> {
  const output = new Output();
  let next = first;
  let last = -1;
  let equal = 0;
  for (let at = 0; at < length; at += 1) {
    const entry = chain[next] ?? 0;
    const byte = entry & 0xff;
    next = entry >>> 8;
    if (equal === RUN_BYTES) {
      output.put(last, byte);
      equal = 0;
      last = -1;
    } else {
      output.put(byte, 1);
      equal = byte === last ? equal + 1 : 1;
      last = byte;
    }
    if (output.isFull) yield output.take();
  }
  if (output.sum !== sum) throw damaged();
  yield output.take();
}

class Output {
  #piece = new Uint8Array(PIECE_BYTES);
  #filled = 0;
  #crc = -1;

  get isFull(): boolean {
    return this.#filled > PIECE_BYTES - MOST_COPIES;
  }

  get sum(): number {
    return ~this.#crc >>> 0;
  }

  put(byte: number, copies: number): void {
    for (let left = copies; left > 0; left -= 1) {
      this.#crc = (this.#crc << 8) ^ (SUMS[(this.#crc >>> 24) ^ byte] ?? 0);
      this.#piece[this.#filled] = byte;
      this.#filled += 1;
    }
  }

  take(): Uint8Array {
    const taken = this.#piece.subarray(0, this.#filled);
    this.#piece = new Uint8Array(PIECE_BYTES);
    this.#filled = 0;
    return taken;
  }
}
