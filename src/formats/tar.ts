// Tar archives as a stream (packed ones) or over ranged reads (plain ones). Own reader: tar-stream works on a stream
// only, so that a plain tar would be fetched whole, and its errors carry neither code nor offset.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { ArchiveLimits } from "./archive-limits.ts";
import { ChunkInput } from "./chunk-input.ts";
import { BLOCK, type PaxValues, parsePax, parseTarHeader, type TarHeader, textOf } from "./tar-header.ts";

export interface TarMember {
  /** As stored; may be absolute or hold `..`: the caller judges. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `other` is a device, a pipe or a type Ajar does not know. */
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Where a link points, else the empty string. */
  readonly linkTarget: string;
  /** Offset of the content in the tar, after decompression. */
  readonly dataOffset: number;
  /** Content in chunks; to be read before the next member is asked for, or not at all. @throws AjarError TRUNCATED */
  content(): AsyncIterable<Uint8Array>;
}

/** Pax and long-name records describe one name; a megabyte is far beyond any path. */
const MAX_RECORD_BYTES = 1024 * 1024;
const CHUNK = 1024 * 1024;
/** Records may precede a member, but not without end: L, K, x and g once each, with room. */
const MAX_RECORDS_PER_MEMBER = 16;

/**
 * Members of a tar given as chunks, in archive order. Unread content is skipped over.
 * @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT | UNSUPPORTED (sparse) with the offset
 */
export function readTar(chunks: AsyncIterable<Uint8Array>, limits: ArchiveLimits): AsyncIterable<TarMember> {
  return members(new ChunkInput(chunks), limits);
}

/** Members of a plain tar over ranged reads: content that nobody wants is never fetched. @throws AjarError as `readTar` */
export function indexTar(reader: ByteReader, limits: ArchiveLimits): AsyncIterable<TarMember> {
  return members(new ReaderInput(reader), limits);
}

interface TarInput {
  readonly position: number;
  /** Up to `length` bytes; fewer only at the end, none after it. */
  take(length: number): Promise<Uint8Array>;
  /** @throws AjarError TRUNCATED when fewer bytes are left */
  skip(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What records before a member said about it. */
interface Pending {
  path?: string;
  linkTarget?: string;
  pax: PaxValues;
  records: number;
}

async function* members(input: TarInput, limits: ArchiveLimits): AsyncIterable<TarMember> {
  try {
    yield* walk(input, limits);
  } finally {
    await input.close();
  }
}

async function* walk(input: TarInput, limits: ArchiveLimits): AsyncIterable<TarMember> {
  let globals: PaxValues = new Map();
  let pending: Pending = { pax: new Map(), records: 0 };
  let count = 0;
  for (;;) {
    const at = input.position;
    const header = await nextHeader(input, count + pending.records === 0);
    if (header === null && pending.records > 0) throw cutOff(at);
    if (header === null) return;
    const record = RECORD_TYPES.get(header.type);
    if (record !== undefined) {
      const bytes = await readRecord(input, header, at);
      if (record === "global") globals = withGlobals(globals, parsePax(bytes, at + BLOCK));
      else pending = withRecord(pending, record, bytes, at);
      continue;
    }
    count += 1;
    if (count > limits.maxEntries) throw new AjarError("OVER_LIMIT", `tar has more than ${limits.maxEntries} members`, { offset: at });
    const body = new Body(input);
    const member = describe(header, pending, globals, body);
    body.sizeBytes = member.sizeBytes;
    pending = { pax: new Map(), records: 0 };
    yield member;
    await body.finish();
  }
}

/** Values for all members that follow: only those that are asked for, so that no number of records fills the memory. */
const GLOBAL_KEYS: readonly string[] = ["path", "size", "linkpath"];

function withGlobals(before: PaxValues, more: PaxValues): PaxValues {
  const values = new Map(before);
  for (const key of GLOBAL_KEYS) {
    const value = more.get(key);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

const RECORD_TYPES: ReadonlyMap<string, "path" | "link" | "pax" | "global"> = new Map([
  ["L", "path"],
  ["K", "link"],
  ["x", "pax"],
  ["X", "pax"],
  ["g", "global"],
]);

function withRecord(pending: Pending, record: "path" | "link" | "pax", bytes: Uint8Array, at: number): Pending {
  const records = pending.records + 1;
  if (records > MAX_RECORDS_PER_MEMBER) {
    throw new AjarError("OVER_LIMIT", `tar has more than ${MAX_RECORDS_PER_MEMBER} records before one member`, { offset: at });
  }
  if (record === "path") return { ...pending, records, path: textOf(bytes) };
  if (record === "link") return { ...pending, records, linkTarget: textOf(bytes) };
  return { ...pending, records, pax: parsePax(bytes, at + BLOCK) };
}

async function nextHeader(input: TarInput, isFirst: boolean): Promise<TarHeader | null> {
  const at = input.position;
  const block = await input.take(BLOCK);
  // GNU tar and Python both take a missing end marker for the end, but not half a header.
  if (block.length === 0 && !isFirst) return null;
  if (block.length < BLOCK) {
    if (isFirst) throw new AjarError("NOT_THIS_FORMAT", "too short for a tar", { offset: at });
    throw new AjarError("TRUNCATED", `tar ends inside the header at ${at}`, { offset: at });
  }
  if (block.every((byte) => byte === 0)) return null;
  return parseTarHeader(block, at, isFirst);
}

async function readRecord(input: TarInput, header: TarHeader, at: number): Promise<Uint8Array> {
  if (header.sizeBytes > MAX_RECORD_BYTES) {
    throw new AjarError("OVER_LIMIT", `tar record of ${header.sizeBytes} bytes is over the limit of ${MAX_RECORD_BYTES}`, { offset: at });
  }
  const bytes = await input.take(header.sizeBytes);
  if (bytes.length < header.sizeBytes) throw new AjarError("TRUNCATED", `tar ends inside the record at ${at}`, { offset: at });
  await input.skip(padding(header.sizeBytes));
  return bytes;
}

function padding(sizeBytes: number): number {
  return (BLOCK - (sizeBytes % BLOCK)) % BLOCK;
}

const MEMBER_TYPES: ReadonlyMap<string, TarMember["type"]> = new Map([
  ["0", "file"],
  ["7", "file"],
  ["1", "hardlink"],
  ["2", "symlink"],
  ["5", "directory"],
]);

function describe(header: TarHeader, pending: Pending, globals: PaxValues, body: Body): TarMember {
  const pax = (key: string) => pending.pax.get(key) ?? globals.get(key);
  if (header.type === "S" || [...pending.pax.keys()].some((key) => key.startsWith("GNU.sparse."))) {
    throw new AjarError("UNSUPPORTED", "tar holds a sparse file", { subject: header.path, offset: header.offset });
  }
  const path = pax("path") ?? pending.path ?? header.path;
  const stated = pax("size");
  const type = MEMBER_TYPES.get(header.type) ?? "other";
  const sizeBytes = stated === undefined ? header.sizeBytes : paxSize(stated, header.offset);
  return {
    path,
    // Only files have content; some writers state a link's target size and store nothing.
    sizeBytes: type === "file" || type === "other" ? sizeBytes : 0,
    type: type === "file" && path.endsWith("/") ? "directory" : type,
    linkTarget: pax("linkpath") ?? pending.linkTarget ?? header.linkTarget,
    dataOffset: header.offset + BLOCK,
    content: () => body.content(),
  };
}

function paxSize(text: string, offset: number): number {
  const size = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new AjarError("INCONSISTENT", `tar states a size of ${JSON.stringify(text.slice(0, 40))}`, { offset });
}

/** The bytes of one member; whatever is left unread is skipped when the next one is asked for. */
class Body {
  sizeBytes = 0;
  readonly #input: TarInput;
  #taken = 0;
  #closed = false;

  constructor(input: TarInput) {
    this.#input = input;
  }

  async *content(): AsyncIterable<Uint8Array> {
    while (this.#taken < this.sizeBytes) {
      if (this.#closed) throw new AjarError("BUG", "tar content was read after the next member");
      const wanted = Math.min(CHUNK, this.sizeBytes - this.#taken);
      const chunk = await this.#input.take(wanted);
      this.#taken += chunk.length;
      if (chunk.length < wanted) throw cutOff(this.#input.position);
      yield chunk;
    }
  }

  async finish(): Promise<void> {
    this.#closed = true;
    await this.#input.skip(this.sizeBytes - this.#taken);
    // The padding of the last member may be missing; tar readers accept that.
    await this.#input.take(padding(this.sizeBytes));
  }
}

function cutOff(offset: number): AjarError {
  return new AjarError("TRUNCATED", `tar ends at ${offset}, inside a member`, { offset, hint: "Fetch the file again." });
}

class ReaderInput implements TarInput {
  position = 0;
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async take(length: number): Promise<Uint8Array> {
    const size = Math.min(length, Math.max(0, this.#reader.sizeBytes - this.position));
    const bytes = await this.#reader.read(Math.min(this.position, this.#reader.sizeBytes), size);
    this.position += size;
    return bytes;
  }

  async skip(length: number): Promise<void> {
    if (this.position + length > this.#reader.sizeBytes) throw cutOff(this.#reader.sizeBytes);
    this.position += length;
  }

  async close(): Promise<void> {}
}
