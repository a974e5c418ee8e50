// The directory of a zip, read as Python's zipfile reads it (Lib/zipfile, 3.13): what torch, wheels and pip open must
// not be refused by us, or a crafted archive would hide from the audit.
import { isUtf8 } from "node:buffer";
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { ArchiveLimits } from "./archive-limits.ts";
import { ByteCursor, joinBytes } from "./byte-reader.ts";
import { decodeCp437 } from "./cp437.ts";
import type { ProblemList } from "./problem.ts";

export interface ZipEntry {
  /** As stored, decoded; may be absolute or hold `..`: the caller judges. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly crc32: number;
  readonly method: number;
  /** General purpose flags of the central directory. */
  readonly flags: number;
  /** The flag is set and the sizes do not show it to be a lie. */
  readonly encrypted: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly localHeaderOffset: number;
  /** `unsupported`: packed by a method other than stored or deflate, or really encrypted. */
  readonly content: "readable" | "unsupported";
  /** Bytes of the name as stored, to compare with the local header's. */
  readonly rawName: Uint8Array;
}

export const STORED = 0;
const DEFLATE = 8;

const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const END64_SIZE = 56;
const ENTRY_SIZE = 46;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
/** A comment has at most 65,535 bytes, so the end record starts no earlier than this before the end. */
const TAIL_SIZE = END_SIZE + LOCATOR_SIZE + END64_SIZE + 0xffff;
/** 200,000 entries with long names and extras need about 60 MB. */
const MAX_DIRECTORY_BYTES = 128 * 1024 * 1024;
const FLAG_ENCRYPTED = 0x1;
const FLAG_PATCH = 0x20;
const FLAG_STRONG = 0x40;
const FLAG_UTF8 = 0x800;
const UNIX_TYPE_MASK = 0o170000;
const UNIX_SYMLINK = 0o120000;

interface Directory {
  readonly start: number;
  readonly sizeBytes: number;
  readonly count: number;
  /** Bytes before the archive proper, which every stored offset must be moved by. */
  readonly shift: number;
}

/** Reads the central directory. @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | TRUNCATED with the offset */
export async function readZipDirectory(
  reader: ByteReader,
  limits: ArchiveLimits,
  problems: ProblemList,
): Promise<{ readonly entries: readonly ZipEntry[]; readonly start: number }> {
  const tailStart = Math.max(0, reader.sizeBytes - TAIL_SIZE);
  const tail = await reader.read(tailStart, reader.sizeBytes - tailStart);
  const directory = findDirectory(tail, tailStart, problems);
  if (directory.sizeBytes > MAX_DIRECTORY_BYTES) {
    throw new AjarError("OVER_LIMIT", `zip directory of ${directory.sizeBytes} bytes is over the limit of ${MAX_DIRECTORY_BYTES}`, {
      offset: directory.start,
    });
  }
  const bytes = await readWithTail(reader, directory.start, directory.sizeBytes, tail, tailStart);
  const entries = parseEntries(new ByteCursor(bytes, directory.start), directory, limits, problems);
  if (entries.length !== directory.count) {
    problems.add("zip.count-differs", directory.start, { stated: directory.count, found: entries.length });
  }
  noteDuplicates(entries, problems);
  noteOverlaps(entries, directory.start, problems);
  return { entries, start: directory.start };
}

/** Serves what the tail holds from memory, so that a small directory costs no second request. */
async function readWithTail(reader: ByteReader, start: number, length: number, tail: Uint8Array, tailStart: number): Promise<Uint8Array> {
  if (start >= tailStart) return tail.subarray(start - tailStart, start - tailStart + length);
  const headLength = Math.min(length, tailStart - start);
  const head = await reader.read(start, headLength);
  return joinBytes([head, tail.subarray(0, length - headLength)]);
}

function findDirectory(tail: Uint8Array, tailStart: number, problems: ProblemList): Directory {
  const at = findEnd(tail);
  const cursor = new ByteCursor(tail, tailStart);
  cursor.position = at + 4;
  const disk = cursor.u16();
  cursor.skip(4);
  let count = cursor.u16();
  let sizeBytes = cursor.u32();
  let offset = cursor.u32();
  const commentBytes = cursor.u16();
  if (disk !== 0 && disk !== 0xffff) problems.add("zip.several-disks", tailStart + at);
  const after = tail.length - at - END_SIZE;
  if (commentBytes !== after) problems.add("zip.trailing-bytes", tailStart + at + END_SIZE, { bytes: Math.abs(after - commentBytes) });
  let end = at;
  const wide = readEnd64(tail, tailStart, at);
  if (wide !== null) {
    ({ count, sizeBytes, offset } = wide);
    end = at - LOCATOR_SIZE - END64_SIZE;
  }
  const start = tailStart + end - sizeBytes;
  const shift = start - offset;
  if (start < 0) {
    throw new AjarError("INCONSISTENT", `zip directory of ${sizeBytes} bytes does not fit before its end record`, {
      offset: tailStart + at,
    });
  }
  // The directory ends where its end record begins; a stated offset that differs shifts every member, as for zipfile.
  if (shift > 0) problems.add("zip.leading-bytes", 0, { bytes: shift });
  if (shift < 0) problems.add("zip.directory-misplaced", tailStart + at, { offset });
  return { start, sizeBytes, count, shift };
}

function findEnd(tail: Uint8Array): number {
  const lowest = Math.max(0, tail.length - END_SIZE - 0xffff);
  for (let at = tail.length - END_SIZE; at >= lowest; at -= 1) {
    if (tail[at] === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 0x05 && tail[at + 3] === 0x06) return at;
  }
  throw new AjarError("NOT_THIS_FORMAT", "zip end record is missing: the file is cut off or not a zip", {
    offset: 0,
    hint: "Fetch the file again.",
  });
}

function readEnd64(tail: Uint8Array, tailStart: number, end: number): { count: number; sizeBytes: number; offset: number } | null {
  const locatorAt = end - LOCATOR_SIZE;
  const recordAt = locatorAt - END64_SIZE;
  if (recordAt < 0) return null;
  const cursor = new ByteCursor(tail, tailStart);
  cursor.position = locatorAt;
  if (cursor.u32() !== LOCATOR_SIGNATURE) return null;
  cursor.position = recordAt;
  // The record's place is fixed, as for zipfile before 3.14: an offset in the locator could lead somewhere else.
  if (cursor.u32() !== END64_SIGNATURE) return null;
  cursor.skip(28);
  return { count: clamped(cursor), sizeBytes: clamped(cursor), offset: clamped(cursor) };
}

/** One impossible number must not hide the rest of an archive; nothing of that size is ever found in it. */
function clamped(cursor: ByteCursor): number {
  return Math.min(Number(cursor.bigU64()), Number.MAX_SAFE_INTEGER);
}

function parseEntries(cursor: ByteCursor, directory: Directory, limits: ArchiveLimits, problems: ProblemList): ZipEntry[] {
  const entries: ZipEntry[] = [];
  while (cursor.remaining > 0) {
    if (entries.length >= limits.maxEntries) {
      throw new AjarError("OVER_LIMIT", `zip has more than the ${limits.maxEntries} entries allowed`, { offset: cursor.offset });
    }
    entries.push(parseEntry(cursor, directory, problems));
  }
  return entries;
}

function parseEntry(cursor: ByteCursor, directory: Directory, problems: ProblemList): ZipEntry {
  const at = cursor.offset;
  if (cursor.remaining < ENTRY_SIZE || cursor.u32() !== ENTRY_SIGNATURE) {
    throw new AjarError("INCONSISTENT", `zip directory has no entry at ${at}`, { offset: at });
  }
  cursor.skip(4);
  const flags = cursor.u16();
  const method = cursor.u16();
  cursor.skip(4);
  const crc32 = cursor.u32();
  const sizes = { compressed: cursor.u32(), size: cursor.u32(), header: 0 };
  const nameBytes = cursor.u16();
  const extraBytes = cursor.u16();
  const commentBytes = cursor.u16();
  cursor.skip(4);
  const unixMode = cursor.u32() >>> 16;
  sizes.header = cursor.u32();
  if (nameBytes + extraBytes + commentBytes > cursor.remaining) problems.add("zip.entry-cut", at);
  const rawName = takeLeft(cursor, nameBytes);
  widen(sizes, new ByteCursor(takeLeft(cursor, extraBytes), at + ENTRY_SIZE + nameBytes), problems);
  takeLeft(cursor, commentBytes);
  const path = decodeName(rawName, flags, at, problems);
  const encrypted = isEncrypted(flags, method, sizes);
  noteFlags({ path, flags, method, encrypted, sizes, at }, problems);
  const localHeaderOffset = sizes.header + directory.shift;
  if (localHeaderOffset >= directory.start) problems.add("zip.offset-outside", at, { path, offset: localHeaderOffset });
  return {
    path,
    sizeBytes: sizes.size,
    compressedBytes: sizes.compressed,
    crc32,
    method,
    flags,
    encrypted,
    isDirectory: path.endsWith("/"),
    isSymlink: (unixMode & UNIX_TYPE_MASK) === UNIX_SYMLINK,
    localHeaderOffset,
    content: (method === STORED || method === DEFLATE) && !(encrypted && method === STORED) ? "readable" : "unsupported",
    rawName,
  };
}

/** zipfile takes what is there when the last entry states more than the directory holds. */
function takeLeft(cursor: ByteCursor, length: number): Uint8Array {
  return cursor.take(Math.min(length, cursor.remaining));
}

interface Sizes {
  compressed: number;
  size: number;
  header: number;
}

/** Applies the zip64 extra field: it holds only the fields whose 32-bit form is all ones, in this order. */
function widen(sizes: Sizes, extra: ByteCursor, problems: ProblemList): void {
  while (extra.remaining >= 4) {
    const at = extra.offset;
    const id = extra.u16();
    const length = extra.u16();
    if (length > extra.remaining) {
      problems.add("zip.extra-broken", at);
      return;
    }
    const field = new ByteCursor(extra.take(length), at + 4);
    if (id !== 1) continue;
    for (const key of ["size", "compressed", "header"] as const) {
      if (sizes[key] !== 0xffffffff) continue;
      if (field.remaining < 8) {
        problems.add("zip.extra-broken", at);
        return;
      }
      sizes[key] = clamped(field);
    }
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function decodeName(raw: Uint8Array, flags: number, at: number, problems: ProblemList): string {
  const path = (flags & FLAG_UTF8) !== 0 ? utf8.decode(raw) : decodeCp437(raw);
  if ((flags & FLAG_UTF8) !== 0 && !isUtf8(raw)) problems.add("zip.name-not-utf8", at, { path });
  const nul = path.indexOf("\0");
  if (nul === -1) return path;
  // zipfile cuts a name at NUL, so that is the name under which it will be found.
  problems.add("zip.name-with-nul", at, { path: path.slice(0, nul) });
  return path.slice(0, nul);
}

/** ZipCrypto puts 12 bytes before the data, so a stored member whose two sizes are equal is plain, whatever its flag says. */
function isEncrypted(flags: number, method: number, sizes: Sizes): boolean {
  return (flags & FLAG_ENCRYPTED) !== 0 && !(method === STORED && sizes.compressed === sizes.size);
}

interface Flagged {
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly sizes: Sizes;
  readonly at: number;
}

function noteFlags(entry: Flagged, problems: ProblemList): void {
  const { path, flags, method, encrypted, sizes, at } = entry;
  if ((flags & FLAG_ENCRYPTED) !== 0 && !encrypted) problems.add("zip.false-encrypted-flag", at, { path });
  if ((flags & (FLAG_PATCH | FLAG_STRONG)) !== 0) problems.add("zip.strong-encryption-flag", at, { path });
  if (method === STORED && !encrypted && sizes.compressed !== sizes.size) problems.add("zip.stored-sizes-differ", at, { path });
}

function noteDuplicates(entries: readonly ZipEntry[], problems: ProblemList): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    if (seen.has(entry.path)) problems.add("zip.duplicate-name", entry.localHeaderOffset, { path: entry.path });
    seen.add(entry.path);
  }
}

/** Members that share bytes are how a small zip becomes a bomb. */
function noteOverlaps(entries: readonly ZipEntry[], directoryStart: number, problems: ProblemList): void {
  const sorted = [...entries].sort((a, b) => a.localHeaderOffset - b.localHeaderOffset);
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1]?.localHeaderOffset ?? directoryStart;
    const end = entry.localHeaderOffset + 30 + entry.rawName.length + entry.compressedBytes;
    if (end > next) problems.add("zip.overlap", entry.localHeaderOffset, { path: entry.path });
  }
}
