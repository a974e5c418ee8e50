// A remote file as a ByteReader: asked for in blocks, kept in a bounded cache, read ahead while access is sequential.
// A wheel's listing sits at the file's end, so the last block usually answers most of the first questions.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { HttpClient } from "./client.ts";
import type { HttpRequest } from "./types.ts";

/** Small enough to waste little on a 2 kB file, large enough that a listing of hundreds of members is one block. */
const BLOCK_BYTES = 64 * 1024;
/** The end fetched first: a zip's end record with the longest comment (65,633 bytes), and so most directories. */
const TAIL_BYTES = 66 * 1024;
/** Blocks kept: 32 MiB per file. */
const MAX_CACHED_BLOCKS = 512;
/** Most blocks fetched ahead in a sequential read: 1 MiB per request. */
const MAX_READ_AHEAD = 16;

export interface RangeReaderOptions {
  readonly client: HttpClient;
  readonly request: HttpRequest;
  /** Known size; taken from the server when absent. */
  readonly sizeBytes: number | null;
  readonly subject: string;
}

/**
 * Opens a remote file for reading by range; null when its server does not serve ranges.
 * @throws AjarError as HttpClient.fetchRange
 */
export async function openRangeReader(options: RangeReaderOptions): Promise<RangeReader | null> {
  const { client, request, subject } = options;
  const known = options.sizeBytes;
  const start = known === null ? 0 : Math.max(0, known - TAIL_BYTES);
  // With a known size the probe is the tail, which is wanted anyway; without one, a single byte tells it.
  const probe = await probeRange(client, request, start, known === null ? 1 : Math.min(TAIL_BYTES, known));
  if (probe === null || !probe.isPartial || probe.total === null) return null;
  if (known !== null && probe.total !== known) {
    throw new AjarError("BAD_RESPONSE", `${subject}: its host states ${known} bytes and serves ${probe.total}`, { subject });
  }
  const reader = new RangeReader(options, probe.total, probe.etag);
  if (known !== null) reader.seed(start, probe.bytes);
  return reader;
}

async function probeRange(
  client: HttpClient,
  request: HttpRequest,
  start: number,
  length: number,
): Promise<Awaited<ReturnType<HttpClient["fetchRange"]>> | null> {
  try {
    return await client.fetchRange(request, start, length);
  } catch (error) {
    if (error instanceof AjarError && error.code === "UNSUPPORTED") return null;
    throw error;
  }
}

export class RangeReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #options: RangeReaderOptions;
  /** Undefined until the first answer states it. */
  #etag: string | null | undefined;
  readonly #blocks = new Map<number, Uint8Array>();
  /** The end of the file, kept apart because it does not start on a block boundary. */
  #tail: { readonly start: number; readonly bytes: Uint8Array } | null = null;
  #nextExpected = -1;
  /** Reads take turns: two at once would fetch the same blocks twice, and the count of bytes would depend on luck. */
  #turn: Promise<unknown> = Promise.resolve();
  #readAhead = 1;

  constructor(options: RangeReaderOptions, sizeBytes: number, etag?: string | null) {
    this.#options = options;
    this.sizeBytes = sizeBytes;
    this.#etag = etag;
  }

  /** Takes over bytes of the file's end that were already fetched. */
  seed(start: number, bytes: Uint8Array): void {
    this.#tail = { start, bytes };
  }

  /** @throws AjarError TRUNCATED when the range passes the end, CHANGED_WHILE_READ when the file is not the same any more */
  read(start: number, length: number): Promise<Uint8Array> {
    const result = this.#turn.then(() => this.#readNow(start, length));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #readNow(start: number, length: number): Promise<Uint8Array> {
    const { subject } = this.#options;
    if (start < 0 || length < 0 || start + length > this.sizeBytes) {
      throw new AjarError("TRUNCATED", `${subject}: ${length} bytes at ${start} pass its end at ${this.sizeBytes}`, {
        subject,
        offset: start,
      });
    }
    if (length === 0) return new Uint8Array(0);
    const tail = this.#tail;
    if (tail !== null && start >= tail.start) return tail.bytes.subarray(start - tail.start, start - tail.start + length);
    const out = new Uint8Array(length);
    const last = Math.floor((start + length - 1) / BLOCK_BYTES);
    for (let block = Math.floor(start / BLOCK_BYTES); block <= last; block += 1) {
      const bytes = this.#blocks.get(block) ?? (await this.#fetchRun(block, last));
      const blockStart = block * BLOCK_BYTES;
      const from = Math.max(0, start - blockStart);
      const to = Math.min(bytes.byteLength, start + length - blockStart);
      out.set(bytes.subarray(from, to), blockStart + from - start);
    }
    return out;
  }

  /** Fetches missing blocks from `first`: those up to `wanted`, and more while reads follow each other. */
  async #fetchRun(first: number, wanted: number): Promise<Uint8Array> {
    this.#readAhead = first === this.#nextExpected ? Math.min(this.#readAhead * 2, MAX_READ_AHEAD) : 1;
    const lastOfFile = Math.floor((this.sizeBytes - 1) / BLOCK_BYTES);
    const furthest = Math.min(lastOfFile, first + MAX_READ_AHEAD - 1, Math.max(wanted, first + this.#readAhead - 1));
    let end = first;
    while (end < furthest && !this.#blocks.has(end + 1)) end += 1;
    const start = first * BLOCK_BYTES;
    const bytes = await this.#fetch(start, Math.min((end + 1) * BLOCK_BYTES, this.sizeBytes) - start);
    for (let block = first; block <= end; block += 1) {
      const from = (block - first) * BLOCK_BYTES;
      this.#keep(block, bytes.subarray(from, from + BLOCK_BYTES));
    }
    this.#nextExpected = end + 1;
    return bytes.subarray(0, BLOCK_BYTES);
  }

  async #fetch(start: number, length: number): Promise<Uint8Array> {
    const { client, request, subject } = this.#options;
    const fetched = await client.fetchRange(request, start, length);
    this.#etag ??= fetched.etag;
    const isSame = fetched.etag === this.#etag && (fetched.total === null || fetched.total === this.sizeBytes);
    if (!isSame) throw new AjarError("CHANGED_WHILE_READ", `${subject}: it changed on its host while it was read`, { subject });
    if (fetched.bytes.byteLength !== length) {
      throw new AjarError("TRUNCATED_RESPONSE", `${subject}: ${fetched.bytes.byteLength} of ${length} bytes came`, { subject });
    }
    return fetched.bytes;
  }

  #keep(block: number, bytes: Uint8Array): void {
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size >= MAX_CACHED_BLOCKS && !oldest.done) this.#blocks.delete(oldest.value);
    this.#blocks.set(block, bytes);
  }
}
