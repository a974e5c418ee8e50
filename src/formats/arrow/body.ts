// The body of an Arrow batch: buffers, each packed by itself or not. What is not packed is read where it is asked for.
import { zstdDecompressSync } from "node:zlib";
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { checkRange } from "../byte-reader.ts";
import { ChunkInput } from "../chunk-input.ts";
import { unpackLz4Frames } from "../lz4-frame.ts";
import type { ArrowMessage, BatchLayout } from "./messages.ts";

/** Unpacked bytes of one batch, which are held while its rows are read. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
/** In front of a packed buffer: how long it is unpacked, -1 where it is not packed. */
const LENGTH_BYTES = 8;

/** Bytes of a buffer, by places in what it unpacks to. */
export interface ArrowBuffer {
  readonly length: number;
  /** @throws AjarError TRUNCATED where they pass its end */
  read(start: number, length: number): Promise<Uint8Array>;
}

const EMPTY: ArrowBuffer = {
  length: 0,
  async read(start, length) {
    checkRange(start, length, 0);
    return new Uint8Array(0);
  },
};

export class ArrowBody {
  readonly #reader: ByteReader;
  readonly #offset: number;
  readonly #bytes: number;
  readonly #layout: BatchLayout;
  /** Packed buffers, unpacked when they were first asked for. */
  readonly #unpacked = new Map<number, ArrowBuffer>();
  #unpackedBytes = 0;

  constructor(reader: ByteReader, { bodyOffset, bodyBytes }: Pick<ArrowMessage, "bodyOffset" | "bodyBytes">, layout: BatchLayout) {
    this.#reader = reader;
    this.#offset = bodyOffset;
    this.#bytes = bodyBytes;
    this.#layout = layout;
  }

  /** @throws AjarError INCONSISTENT | TRUNCATED | OVER_LIMIT | UNSUPPORTED */
  async buffer(index: number): Promise<ArrowBuffer> {
    const place = this.#layout.buffers[index];
    if (place === undefined) throw new AjarError("INCONSISTENT", `an Arrow batch without its buffer ${index}`, { offset: this.#offset });
    if (place.length === 0) return EMPTY;
    if (place.length > this.#bytes || place.offset > this.#bytes - place.length) {
      throw new AjarError("INCONSISTENT", `an Arrow buffer of ${place.length} bytes passes the end of its batch`, { offset: this.#offset });
    }
    const start = this.#offset + place.offset;
    const { codec } = this.#layout;
    if (codec === null) return this.#plain(start, place.length);
    const known = this.#unpacked.get(index) ?? (await this.#unpack(codec, start, place.length));
    this.#unpacked.set(index, known);
    return known;
  }

  #plain(start: number, length: number): ArrowBuffer {
    return {
      length,
      read: async (at, size) => {
        checkRange(at, size, length);
        return await this.#reader.read(start + at, size);
      },
    };
  }

  async #unpack(codec: "lz4" | "zstd", start: number, packedBytes: number): Promise<ArrowBuffer> {
    if (packedBytes < LENGTH_BYTES) throw new AjarError("INCONSISTENT", `a packed Arrow buffer of ${packedBytes} bytes`, { offset: start });
    const head = await this.#reader.read(start, LENGTH_BYTES);
    const announced = new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getBigInt64(0, true);
    const at = start + LENGTH_BYTES;
    const size = packedBytes - LENGTH_BYTES;
    if (announced === -1n) return this.#plain(at, size);
    const length = Number(announced);
    if (length < 0) throw new AjarError("INCONSISTENT", `an Arrow buffer that unpacks to ${announced} bytes`, { offset: start });
    this.#unpackedBytes += length;
    if (this.#unpackedBytes > MAX_UNPACKED_BYTES || size > MAX_UNPACKED_BYTES) {
      throw new AjarError("OVER_LIMIT", `an Arrow batch that unpacks to more than ${MAX_UNPACKED_BYTES} bytes`, { offset: start });
    }
    if (length === 0) return EMPTY;
    const packed = await this.#reader.read(at, size);
    const bytes = codec === "lz4" ? await unpackLz4(packed, length, at) : unpackZstd(packed, length, at);
    return {
      length,
      read: async (from, count) => {
        checkRange(from, count, length);
        return bytes.subarray(from, from + count);
      },
    };
  }
}

function wrongLength(offset: number, length: number): AjarError {
  return new AjarError("INCONSISTENT", `an Arrow buffer that does not unpack to the ${length} bytes announced`, { offset });
}

function unpackZstd(packed: Uint8Array, length: number, offset: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = zstdDecompressSync(packed, { maxOutputLength: length });
  } catch (cause) {
    throw new AjarError("INCONSISTENT", "compressed data are damaged", { offset, cause });
  }
  if (bytes.length !== length) throw wrongLength(offset, length);
  return bytes;
}

async function unpackLz4(packed: Uint8Array, length: number, offset: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of unpackLz4Frames(new ChunkInput(once(packed)))) {
      bytes += part.length;
      if (bytes > length) throw wrongLength(offset, length);
      parts.push(part);
    }
  } catch (cause) {
    if (!(cause instanceof AjarError) || cause.code === "UNSUPPORTED") throw cause;
    throw new AjarError("INCONSISTENT", "compressed data are damaged", { offset, cause });
  }
  if (bytes !== length) throw wrongLength(offset, length);
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
