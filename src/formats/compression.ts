// Streaming decompression with a cap on what may come out; a cut-off stream is an error, never a short result.
import type { Transform } from "node:stream";
import { constants, createGunzip, createInflate, createInflateRaw, createZstdDecompress, inflateSync } from "node:zlib";
import { AjarError } from "../core/errors.ts";
import { type ArchiveLimits, UnpackMeter } from "./archive-limits.ts";
import { unpackBzip2 } from "./bzip2/stream.ts";
import { ChunkInput } from "./chunk-input.ts";
import { unpackLz4Frames } from "./lz4-frame.ts";
import { unpackXz } from "./xz/stream.ts";
import { framePieces, MAX_FRAMES, skipToFrame } from "./zstd-frames.ts";

/** Compressed streams that Ajar opens and knows by a magic number. */
export type Compression = "gzip" | "zstd" | "bzip2" | "xz" | "lz4";

const MARKS: readonly (readonly [Compression, string])[] = [
  ["gzip", "\x1f\x8b\x08"],
  ["zstd", "\x28\xb5\x2f\xfd"],
  ["xz", "\xfd7zXZ\0"],
  ["lz4", "\x04\x22\x4d\x18"],
];
/** Behind three letters and a digit, a stream of bzip2 has a block, or its end. */
const BZIP2_NEXT: readonly string[] = ["1AY&SY", "\x17rE8P\x90"];
/** Bytes that tell a compression. */
export const COMPRESSION_HEAD_BYTES = 10;

/** Which compression the first bytes show, by magic number; null when none that Ajar opens. */
export function compressionOf(head: Uint8Array): Compression | null {
  const text = String.fromCharCode(...head.subarray(0, COMPRESSION_HEAD_BYTES));
  if (/^BZh[1-9]/u.test(text) && BZIP2_NEXT.includes(text.slice(4))) return "bzip2";
  return MARKS.find(([, mark]) => text.startsWith(mark))?.[0] ?? null;
}

/** Put into a decoder at a time. */
const PIECE_BYTES = 64 * 1024;

/** Bytes that are unpacked to see whether they are zlib. */
const PROBE_BYTES = 4096;

/** Whether bytes begin a zlib stream: deflate, a check over the first two bytes (RFC 1950, section 2.2), and data that unpack. */
export function isZlib(head: Uint8Array): boolean {
  const [a = 0, b = 0] = head;
  if ((a & 0x0f) !== 8 || a >> 4 > 7 || ((a << 8) | b) % 31 !== 0 || (b & 0x20) !== 0 || head.length < 6) return false;
  try {
    inflateSync(head.subarray(0, PROBE_BYTES), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: PROBE_BYTES * 4 });
    return true;
  } catch (error) {
    return error instanceof RangeError;
  }
}

/** Unpacks gzip, zstd, bzip2, xz, LZ4 or zlib in bounded memory. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT with the packed offset */
export function decompress(
  compression: Compression | "zlib",
  packed: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncIterable<Uint8Array> {
  const meter = new UnpackMeter(limits);
  if (compression === "zstd") return unpackZstd(packed, meter);
  if (compression === "bzip2") return unpackBy(unpackBzip2, packed, meter);
  if (compression === "xz") return unpackBy(unpackXz, packed, meter);
  if (compression === "lz4") return unpackBy(unpackLz4Frames, packed, meter);
  return unpack(compression === "gzip" ? createGunzip() : createInflate(), counted(packed, meter), meter);
}

/** Unpacks raw deflate data, as in a zip member. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT with the packed offset */
export function inflateRaw(packed: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncIterable<Uint8Array> {
  return unpack(createInflateRaw(), counted(packed, meter), meter);
}

/** Unpacks with a reader of Ajar's own. */
async function* unpackBy(
  read: (input: ChunkInput) => AsyncIterable<Uint8Array>,
  packed: AsyncIterable<Uint8Array>,
  meter: UnpackMeter,
): AsyncIterable<Uint8Array> {
  const input = new ChunkInput(counted(packed, meter));
  try {
    for await (const part of read(input)) {
      meter.unpacked(part.length);
      yield part;
    }
  } finally {
    await input.close();
  }
}

async function* unpackZstd(packed: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncIterable<Uint8Array> {
  const input = new ChunkInput(counted(packed, meter));
  try {
    for (let frames = 0; ; frames += 1) {
      const magic = await skipToFrame(input);
      if (magic === null && frames > 0) return;
      if (magic === null) throw new AjarError("TRUNCATED", "compressed data end too early", { offset: meter.packedBytes });
      if (frames >= MAX_FRAMES)
        throw new AjarError("OVER_LIMIT", `zstd data of more than ${MAX_FRAMES} frames`, { offset: input.position });
      yield* unpack(createZstdDecompress(), framePieces(input, magic), meter);
    }
  } finally {
    await input.close();
  }
}

async function* unpack(decoder: Transform, packed: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncIterable<Uint8Array> {
  const output = new DecoderOutput(decoder);
  try {
    for await (const chunk of packed) {
      // What a damaged stream holds before the damage is handed on, so it has to be taken before more is put in.
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        for await (const part of output.push(chunk.subarray(at, at + PIECE_BYTES))) {
          meter.unpacked(part.length);
          yield part;
        }
      }
    }
    for await (const part of output.end()) {
      meter.unpacked(part.length);
      yield part;
    }
  } catch (cause) {
    throw namedFailure(cause, meter.packedBytes);
  } finally {
    decoder.destroy();
  }
}

/** What a decoder makes of what is put into it, up to where it fails. */
class DecoderOutput {
  readonly #decoder: Transform;
  #failure: Error | null = null;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(decoder: Transform) {
    this.#decoder = decoder;
    decoder.on("readable", () => this.#wake());
    decoder.on("error", (error) => {
      this.#failure = error;
      this.#wake();
    });
    decoder.on("end", () => {
      this.#isEnded = true;
      this.#wake();
    });
  }

  async *push(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    let isTaken = false;
    this.#decoder.write(piece, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#until(() => isTaken);
  }

  async *end(): AsyncGenerator<Uint8Array> {
    this.#decoder.end();
    yield* this.#until(() => this.#isEnded);
  }

  async *#until(done: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const part: Uint8Array | null = this.#decoder.read();
      if (part !== null) yield part;
      else if (this.#failure !== null) throw this.#failure;
      else if (done()) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

async function* counted(packed: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncIterable<Uint8Array> {
  for await (const chunk of packed) {
    meter.packedBytes += chunk.length;
    yield chunk;
  }
}

function namedFailure(cause: unknown, offset: number): unknown {
  if (!(cause instanceof Error) || cause instanceof AjarError) return cause;
  const code = "code" in cause ? String(cause.code) : "";
  if (code === "Z_BUF_ERROR" || /unexpected end/iu.test(cause.message)) {
    return new AjarError("TRUNCATED", "compressed data end too early", { offset, cause, hint: "Fetch the file again." });
  }
  if (/^(?:Z_|ZSTD_|ERR_ZLIB)/u.test(code)) return new AjarError("INCONSISTENT", "compressed data are damaged", { offset, cause });
  return cause;
}
