// One file packed as a whole: joblib's compressed dumps, .tar.gz, .npy.gz. What is inside is scanned like a file.
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { joinBytes, MemoryReader } from "../../formats/byte-reader.ts";
import { COMPRESSION_HEAD_BYTES, compressionOf, decompress, isZlib } from "../../formats/compression.ts";
import { StreamReader } from "../../formats/stream-reader.ts";
import { asPartial } from "../combine.ts";
import { endRange } from "../file-reader.ts";
import { BOMB_BYTES, MAX_MEMBER_IN_MEMORY, MAX_PACKED_BY_RANGE, MAX_RATIO } from "../limits.ts";
import { hitOf } from "../rules.ts";
import type { ScanContext, Scanner } from "../scanner.ts";

const CHUNK = 1024 * 1024;
/** What is packed has no name of its own. */
const INNER = "content";

export const scanner: Scanner = {
  id: "compressed",
  risk: "may-execute",
  claims: ({ head }) => compressionOf(head) !== null || isZlib(head),
  async scan(reader, context): Promise<FormatReading> {
    const compression = compressionOf(await reader.read(0, Math.min(COMPRESSION_HEAD_BYTES, reader.sizeBytes))) ?? "zlib";
    if (context.effort === "ranges" && reader.sizeBytes > MAX_PACKED_BY_RANGE) endRange(0);
    const limits = { maxBytes: context.budget.unpackedBytesLeft, maxEntries: 1, maxRatio: Number.POSITIVE_INFINITY };
    const open = () => decompress(compression, chunksOf(reader), limits);
    const { sizeBytes, bytes } = await measure(open(), context);
    const isBomb = sizeBytes > BOMB_BYTES && sizeBytes > reader.sizeBytes * MAX_RATIO;
    const bomb: readonly SafetyHit[] = isBomb
      ? [hitOf("ZP06", { start: 0, end: reader.sizeBytes, variant: "ratio", args: { path: INNER } })]
      : [];
    const stream = bytes === null ? new StreamReader(open, sizeBytes) : null;
    const inner = await context.nested(INNER, stream ?? new MemoryReader(bytes ?? new Uint8Array(0)));
    await stream?.close();
    const [first] = inner.readings;
    return {
      // joblib's own readers look through the packing; so do names.
      format: first?.format ?? compression,
      risk: inner.readings.length === 0 ? "cannot-execute" : inner.risk,
      coverage: asPartial(inner.coverage, INNER),
      hits: [...inner.hits, ...bomb],
      tensors: (first?.tensors ?? []).map((tensor) => ({ ...tensor, place: null })),
      parameters: first?.parameters ?? null,
      metadata: new Map([["compression", compression], ...(first?.metadata ?? [])]),
    };
  },
};

/** Unpacks once to know the size, and keeps what is small. */
async function measure(
  chunks: AsyncIterable<Uint8Array>,
  context: ScanContext,
): Promise<{ readonly sizeBytes: number; readonly bytes: Uint8Array | null }> {
  let kept: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    context.budget.checkTime();
    context.budget.spendUnpacked(chunk.length, sizeBytes);
    sizeBytes += chunk.length;
    if (sizeBytes <= MAX_MEMBER_IN_MEMORY) kept.push(chunk);
    else kept = [];
  }
  return { sizeBytes, bytes: sizeBytes <= MAX_MEMBER_IN_MEMORY ? joinBytes(kept) : null };
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < reader.sizeBytes; at += CHUNK) yield await reader.read(at, Math.min(CHUNK, reader.sizeBytes - at));
}
