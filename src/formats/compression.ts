// Streaming decompression with a cap on what may come out; a cut-off stream is an error, never a short result.
import type { Transform } from "node:stream";
import { constants, createGunzip, createInflate, createInflateRaw, createZstdDecompress, inflateSync } from "node:zlib";
import { AjarError } from "../core/errors.ts";
import { type ArchiveLimits, UnpackMeter } from "./archive-limits.ts";
import { ChunkInput } from "./chunk-input.ts";
import { framePieces, MAX_FRAMES, skipToFrame } from "./zstd-frames.ts";

/** Compressed streams that Ajar opens and knows by a magic number. */
export type Compression = "gzip" | "zstd";

/** Which compression the first bytes show, by magic number; null when none that Ajar opens. */
export function compressionOf(head: Uint8Array): Compression | null {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b && c === 8) return "gzip";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  return null;
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

/** Unpacks gzip, zstd or zlib in bounded memory. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT with the packed offset */
export function decompress(
  compression: Compression | "zlib",
  packed: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncIterable<Uint8Array> {
  const meter = new UnpackMeter(limits);
  if (compression === "zstd") return unpackZstd(packed, meter);
  return unpack(compression === "gzip" ? createGunzip() : createInflate(), counted(packed, meter), meter);
}

/** Unpacks raw deflate data, as in a zip member. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT with the packed offset */
export function inflateRaw(packed: AsyncIterable<Uint8Array>, meter: UnpackMeter): AsyncIterable<Uint8Array> {
  return unpack(createInflateRaw(), counted(packed, meter), meter);
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
