// Streaming decompression with a cap on what may come out; a cut-off stream is an error, never a short result.
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
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
  const source = Readable.from(packed, { highWaterMark: 1 });
  // The decoder's own iterator reports a failure; the pipeline only has to pass it on and clean up.
  const done = pipeline(source, decoder).catch(() => undefined);
  try {
    for await (const chunk of decoder) {
      meter.unpacked(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw namedFailure(cause, meter.packedBytes);
  } finally {
    decoder.destroy();
    await done;
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
