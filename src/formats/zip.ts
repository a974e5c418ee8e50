// Zip archives over ranged reads: the directory, then only the members that are wanted.
import { crc32 as crcOf } from "node:zlib";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, ByteReader } from "../core/source.ts";
import { type ArchiveLimits, UnpackMeter } from "./archive-limits.ts";
import { ByteCursor, joinBytes } from "./byte-reader.ts";
import { inflateRaw } from "./compression.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { readZipDirectory, STORED, type ZipEntry } from "./zip-directory.ts";

export interface ZipArchive {
  /** In directory order; a name may come twice, and loaders then take the last. */
  readonly entries: readonly ZipEntry[];
  /** Place of the directory; members lie before it. */
  readonly directoryStart: number;
  /** What is odd about the archive; grows as members are read and their local headers are seen. */
  readonly problems: readonly FormatProblem[];
  /**
   * Bytes of a member. Without a range the whole content with its CRC checked (a wrong one is a problem, as torch
   * reads on), with one the bytes that exist in it.
   * @throws AjarError UNSUPPORTED | INCONSISTENT | TRUNCATED | OVER_LIMIT with the offset
   */
  read(entry: ZipEntry, range?: ByteRange): Promise<Uint8Array>;
  /** The whole content in chunks, in bounded memory; CRC checked at the end. @throws AjarError as `read` */
  stream(entry: ZipEntry): AsyncIterable<Uint8Array>;
  /** Where the packed data of a member lie in the archive; fewer bytes than stated when it is cut off. @throws AjarError as `read` */
  place(entry: ZipEntry): Promise<ByteRange>;
  /** Where a symbolic link points. @throws AjarError as `read` */
  symlinkTarget(entry: ZipEntry): Promise<string>;
}

const LOCAL_SIZE = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const FLAG_SIZES_FOLLOW = 0x8;
/** Local extra fields are rarely longer; torch pads its own to 64 bytes. */
const EXTRA_GUESS = 256;
/** Fetched along with the local header, so that a small member costs one request. */
const FIRST_READ = 64 * 1024;
const CHUNK = 1024 * 1024;
/** A whole member goes through memory only up to this; larger ones are read by range or streamed. */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;
/** PATH_MAX of Linux. */
const MAX_LINK_BYTES = 4096;

/** Opens a zip over ranged reads. @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | UNSUPPORTED | TRUNCATED with the offset */
export async function openZip(reader: ByteReader, limits: ArchiveLimits): Promise<ZipArchive> {
  const problems = new ProblemList();
  const { entries, start: directoryStart } = await readZipDirectory(reader, limits, problems);
  const members = new MemberReader(reader, limits, problems);
  return {
    entries,
    directoryStart,
    problems: problems.list,
    read: (entry, range) => members.read(entry, range),
    stream: (entry) => members.stream(entry),
    place: (entry) => members.place(entry),
    async symlinkTarget(entry) {
      return new TextDecoder().decode(await members.read(entry, { start: 0, length: MAX_LINK_BYTES }));
    },
  };
}

/** Where a member's data lie, and the part that came along with the local header. */
interface Located {
  readonly dataStart: number;
  /** Bytes that are there; fewer than stated when the archive is cut off. */
  readonly packedBytes: number;
  readonly prefetched: Uint8Array;
}

function tooMuch(entry: ZipEntry): AjarError {
  return new AjarError("OVER_LIMIT", `member holds more than the ${MAX_WHOLE_BYTES} bytes read at once`, {
    subject: entry.path,
    offset: entry.localHeaderOffset,
    hint: "Read it by range.",
  });
}

class MemberReader {
  readonly #reader: ByteReader;
  readonly #limits: ArchiveLimits;
  readonly #problems: ProblemList;
  /** Members that overlap would each stay below the limits, so bytes are counted over all of them. */
  #unpackedBytes = 0;
  readonly #checked = new Set<ZipEntry>();

  constructor(reader: ByteReader, limits: ArchiveLimits, problems: ProblemList) {
    this.#reader = reader;
    this.#limits = limits;
    this.#problems = problems;
  }

  async place(entry: ZipEntry): Promise<ByteRange> {
    const { dataStart, packedBytes } = await this.#locate(entry, 0);
    return { start: dataStart, length: packedBytes };
  }

  async read(entry: ZipEntry, range?: ByteRange): Promise<Uint8Array> {
    const start = Math.min(range?.start ?? 0, entry.sizeBytes);
    const end = Math.min(start + (range?.length ?? entry.sizeBytes), entry.sizeBytes);
    const whole = start === 0 && end === entry.sizeBytes;
    if (entry.method === STORED && !whole) return this.#readStored(entry, start, end);
    const chunks: Uint8Array[] = [];
    let at = 0;
    for await (const chunk of whole ? this.stream(entry) : this.#content(entry)) {
      const from = Math.max(0, start - at);
      const to = Math.min(chunk.length, end - at);
      if (to > from) chunks.push(chunk.subarray(from, to));
      at += chunk.length;
      if (at - start > MAX_WHOLE_BYTES) throw tooMuch(entry);
      if (at >= end && !whole) break;
    }
    return joinBytes(chunks);
  }

  async *stream(entry: ZipEntry): AsyncIterable<Uint8Array> {
    let crc = 0;
    for await (const chunk of this.#content(entry)) {
      crc = crcOf(chunk, crc);
      yield chunk;
    }
    if (crc !== entry.crc32) this.#crcDiffers(entry);
  }

  #crcDiffers(entry: ZipEntry): void {
    // A set encryption flag may be a lie; garbage with a wrong CRC shows that it was none.
    if (entry.encrypted)
      throw new AjarError("UNSUPPORTED", "member is encrypted", { subject: entry.path, offset: entry.localHeaderOffset });
    this.#problems.add("zip.crc-differs", entry.localHeaderOffset, { path: entry.path });
  }

  async #readStored(entry: ZipEntry, start: number, end: number): Promise<Uint8Array> {
    const { dataStart, packedBytes, prefetched } = await this.#locate(entry);
    const stop = Math.max(start, Math.min(end, packedBytes));
    if (stop - start > MAX_WHOLE_BYTES) throw tooMuch(entry);
    if (stop <= prefetched.length) return prefetched.subarray(start, stop);
    return this.#reader.read(dataStart + start, stop - start);
  }

  async *#content(entry: ZipEntry): AsyncIterable<Uint8Array> {
    const located = await this.#locate(entry);
    const isStored = entry.method === STORED;
    const raw = this.#packedBytes(located, isStored ? Math.min(entry.sizeBytes, located.packedBytes) : located.packedBytes);
    let at = 0;
    try {
      for await (const chunk of isStored ? raw : this.#inflate(entry, raw)) {
        const rest = entry.sizeBytes - at;
        at += chunk.length;
        yield chunk.subarray(0, rest);
        if (at > entry.sizeBytes) break;
      }
    } catch (error) {
      // zipfile does not look for the end of the packed data once it has the stated number of bytes.
      if (!(error instanceof AjarError && error.code === "TRUNCATED" && at >= entry.sizeBytes)) throw error;
    }
    this.#compareSize(entry, located, at);
  }

  #compareSize(entry: ZipEntry, located: Located, actualBytes: number): void {
    // zipfile stops at the stated size, so what a member inflates to beyond it is never seen by a loader.
    if (actualBytes > entry.sizeBytes) this.#problems.add("zip.inflates-to-more", entry.localHeaderOffset, { path: entry.path });
    if (actualBytes >= entry.sizeBytes) return;
    if (entry.method === STORED && located.packedBytes < entry.compressedBytes) {
      throw new AjarError("TRUNCATED", `member of ${entry.compressedBytes} bytes passes the end of the archive`, {
        subject: entry.path,
        offset: located.dataStart,
      });
    }
    this.#problems.add("zip.holds-less", entry.localHeaderOffset, { path: entry.path });
  }

  async *#inflate(entry: ZipEntry, raw: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const meter = new UnpackMeter({ ...this.#limits, maxBytes: this.#limits.maxBytes - this.#unpackedBytes });
    try {
      for await (const chunk of inflateRaw(raw, meter)) {
        this.#unpackedBytes += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      if (!(cause instanceof AjarError)) throw cause;
      const code = entry.encrypted && cause.code === "INCONSISTENT" ? "UNSUPPORTED" : cause.code;
      const message = code === "UNSUPPORTED" ? "member is encrypted" : cause.message;
      throw new AjarError(code, message, { subject: entry.path, offset: entry.localHeaderOffset, cause });
    }
  }

  async *#packedBytes(located: Located, length: number): AsyncIterable<Uint8Array> {
    let at = Math.min(length, located.prefetched.length);
    if (at > 0) yield located.prefetched.subarray(0, at);
    let step = FIRST_READ;
    while (at < length) {
      const size = Math.min(step, length - at);
      step = Math.min(step * 2, CHUNK);
      yield await this.#reader.read(located.dataStart + at, size);
      at += size;
    }
  }

  /** `prefetch`: packed bytes to fetch along with the header. */
  async #locate(entry: ZipEntry, prefetch = FIRST_READ): Promise<Located> {
    if (entry.content === "unsupported" && prefetch > 0) {
      const what = entry.encrypted ? "is encrypted" : `is packed by method ${entry.method}`;
      throw new AjarError("UNSUPPORTED", `member ${what}`, { subject: entry.path, offset: entry.localHeaderOffset });
    }
    const at = entry.localHeaderOffset;
    const wanted = LOCAL_SIZE + entry.rawName.length + EXTRA_GUESS + Math.min(entry.compressedBytes, prefetch);
    const window = await this.#reader.read(at, Math.max(LOCAL_SIZE, Math.min(wanted, this.#reader.sizeBytes - at)));
    const cursor = new ByteCursor(window, at);
    if (cursor.u32() !== LOCAL_SIGNATURE) {
      throw new AjarError("INCONSISTENT", "member has no local header where the directory says", { subject: entry.path, offset: at });
    }
    cursor.position = 26;
    const headerBytes = LOCAL_SIZE + cursor.u16() + cursor.u16();
    this.#compareLocal(entry, cursor);
    const dataStart = at + headerBytes;
    // What inflates to its end is whole, even when more packed bytes are stated than the archive holds.
    const packedBytes = Math.max(0, Math.min(entry.compressedBytes, this.#reader.sizeBytes - dataStart));
    return { dataStart, packedBytes, prefetched: window.subarray(headerBytes, headerBytes + packedBytes) };
  }

  /** Two headers describe a member; a loader that trusts the other one sees another file (CVE-2025-1944). */
  #compareLocal(entry: ZipEntry, cursor: ByteCursor): void {
    if (this.#checked.has(entry)) return;
    this.#checked.add(entry);
    const note = (id: string) => this.#problems.add(id, entry.localHeaderOffset, { path: entry.path });
    cursor.position = 6;
    const flags = cursor.u16();
    if (cursor.u16() !== entry.method) note("zip.local-method-differs");
    cursor.skip(4);
    const crc = cursor.u32();
    const compressed = cursor.u32();
    const size = cursor.u32();
    const nameBytes = cursor.u16();
    cursor.skip(2);
    const later = (flags & FLAG_SIZES_FOLLOW) !== 0 || compressed === 0xffffffff || size === 0xffffffff;
    if (!later && (crc !== entry.crc32 || compressed !== entry.compressedBytes || size !== entry.sizeBytes)) note("zip.local-sizes-differ");
    const name = cursor.bytes.subarray(LOCAL_SIZE, LOCAL_SIZE + nameBytes);
    if (Buffer.compare(name, entry.rawName) !== 0) note("zip.local-name-differs");
  }
}
