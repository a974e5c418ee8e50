// Zip and tar seen alike: members in archive order, and ranges of their content.
import { crc32 } from "node:zlib";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, ByteReader, SourceLimits } from "../core/source.ts";
import { COMPRESSION_HEAD_BYTES, compressionOf, decompress } from "../formats/compression.ts";
import { indexTar, type TarMember } from "../formats/tar.ts";
import { openZip, type ZipArchive } from "../formats/zip.ts";
import { STORED, type ZipEntry } from "../formats/zip-directory.ts";
import { clampRange } from "./local-file.ts";
import type { Spill } from "./spill.ts";

export interface ArchiveMember {
  /** As stored: hostile. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly kind: "file" | "symlink" | "directory" | "unsupported";
  readonly linkTarget: string | null;
  /** Bytes of the content, whole or the part of a range that exists. @throws AjarError */
  read(range?: ByteRange): Promise<Uint8Array>;
  /** The whole content in order, for packed members; a range of those costs all that is before it. @throws AjarError */
  stream?(): AsyncIterable<Uint8Array>;
  /** Random access to the content, unpacked to disk first when it is packed. @throws AjarError */
  open(): Promise<ByteReader>;
}

export interface Members {
  readonly members: readonly ArchiveMember[];
  /** What kept the list from being complete or trustworthy. */
  readonly problems: readonly string[];
}

export interface MembersContext {
  readonly limits: SourceLimits;
  readonly spill: Spill;
}

const ARCHIVE_NAME = /\.(?:zip|whl|tar|tar\.(?:gz|zst|bz2|xz|lz4)|tgz|tzst|tbz2?|txz)$/iu;
const ZIP_NAME = /\.(?:zip|whl)$/iu;
const CHUNK_BYTES = 1024 ** 2;

/** Whether a name is one that archives have. Zip-like checkpoints and documents (.pt, .npz, .docx) are files, not archives of files. */
export function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name);
}

/**
 * Lists an archive; its first bytes decide what it is. A damaged tar gives the members before the damage and a problem.
 * @throws AjarError when not one member can be listed
 */
export async function openMembers(reader: ByteReader, name: string, context: MembersContext): Promise<Members> {
  const head = await reader.read(0, Math.min(COMPRESSION_HEAD_BYTES, reader.sizeBytes));
  const compression = compressionOf(head);
  if (compression !== null) {
    const { reader: unpacked, problem } = await context.spill.write(decompress(compression, chunksOf(reader), context.spill.limits));
    return tarMembers(unpacked, context, problem);
  }
  const isZip = ZIP_NAME.test(name) || (head[0] === 0x50 && head[1] === 0x4b);
  return isZip ? zipMembers(reader, context) : tarMembers(reader, context, null);
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < reader.sizeBytes; at += CHUNK_BYTES) yield await reader.read(at, Math.min(CHUNK_BYTES, reader.sizeBytes - at));
}

async function zipMembers(reader: ByteReader, context: MembersContext): Promise<Members> {
  const zip = await openZip(reader, context.limits);
  const members: ArchiveMember[] = [];
  for (const entry of zip.entries) members.push(await zipMember(zip, entry, context));
  return { members, problems: zipProblems(zip) };
}

async function zipMember(zip: ZipArchive, entry: ZipEntry, context: MembersContext): Promise<ArchiveMember> {
  const isLink = entry.isSymlink && entry.content === "readable";
  return {
    name: entry.path,
    sizeBytes: entry.sizeBytes,
    kind: zipKind(entry),
    linkTarget: isLink ? await zip.symlinkTarget(entry).catch(() => null) : null,
    read: (range) => readChecked(zip, entry, range),
    ...(entry.method === STORED ? {} : { stream: () => streamChecked(zip, entry) }),
    open: async () => {
      // A stored member can be read in place; a deflated one would be inflated from its start for every range.
      if (entry.method === STORED) return { sizeBytes: entry.sizeBytes, read: (start, length) => exactly(zip, entry, { start, length }) };
      const { reader, problem } = await context.spill.write(zip.stream(entry));
      if (problem !== null) throw problem;
      return reader;
    },
  };
}

/** A whole content is only handed out when it is the one that the archive states. */
async function readChecked(zip: ZipArchive, entry: ZipEntry, range: ByteRange | undefined): Promise<Uint8Array> {
  const bytes = await zip.read(entry, range);
  if (bytes.length === entry.sizeBytes && (range?.start ?? 0) === 0 && crc32(bytes) !== entry.crc32) throw wrongSum(entry);
  return bytes;
}

async function* streamChecked(zip: ZipArchive, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const chunk of zip.stream(entry)) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw wrongSum(entry);
}

function wrongSum(entry: ZipEntry): AjarError {
  return new AjarError("INCONSISTENT", "its CRC is not the one that the archive states", { offset: entry.localHeaderOffset });
}

async function exactly(zip: ZipArchive, entry: ZipEntry, range: ByteRange): Promise<Uint8Array> {
  const bytes = await zip.read(entry, range);
  if (bytes.length === range.length) return bytes;
  throw new AjarError("TRUNCATED", `member ends at ${range.start + bytes.length}`, { subject: entry.path, offset: range.start });
}

function zipKind(entry: ZipEntry): ArchiveMember["kind"] {
  if (entry.isDirectory) return "directory";
  if (entry.content === "unsupported") return "unsupported";
  return entry.isSymlink ? "symlink" : "file";
}

/** Of the oddities of a zip, those that mean that two readers may see two listings. */
function zipProblems(zip: ZipArchive): readonly string[] {
  const overlaps = zip.problems.filter(({ id }) => id === "zip.overlap").length;
  const counts = zip.problems.filter(({ id }) => id === "zip.count-differs");
  return [
    ...(overlaps === 0 ? [] : [`${overlaps} members share their bytes with others`]),
    ...counts.map(({ args }) => `the directory states ${args["stated"]} members and holds ${args["found"]}`),
  ];
}

async function tarMembers(reader: ByteReader, context: MembersContext, damage: AjarError | null): Promise<Members> {
  const members: ArchiveMember[] = [];
  const files = new Map<string, ArchiveMember>();
  let problem = damage;
  try {
    for await (const stored of indexTar(new WindowReader(reader), context.limits)) {
      const member = tarMember(reader, stored, files);
      members.push(member);
      if (member.kind === "file") files.set(member.name, member);
    }
  } catch (cause) {
    if (!(cause instanceof AjarError)) throw cause;
    // The damage of the packed stream is the cause of a tar that breaks off.
    problem ??= cause;
  }
  if (members.length === 0 && problem !== null) throw problem;
  return { members, problems: problem === null ? [] : [problem.message] };
}

function tarMember(reader: ByteReader, stored: TarMember, files: ReadonlyMap<string, ArchiveMember>): ArchiveMember {
  const { path: name, sizeBytes, type, dataOffset } = stored;
  // A hard link is a second name for content that came before.
  const linked = type === "hardlink" ? files.get(stored.linkTarget) : undefined;
  if (linked !== undefined) return { ...linked, name };
  const read = async (range?: ByteRange): Promise<Uint8Array> => {
    const { start, length } = clampRange(range, sizeBytes);
    return reader.read(dataOffset + start, length);
  };
  return {
    name,
    sizeBytes,
    kind: type === "other" || type === "hardlink" ? "unsupported" : type,
    linkTarget: type === "symlink" ? stored.linkTarget : null,
    read,
    open: async () => ({ sizeBytes, read: (start, length) => readInside(reader, dataOffset, sizeBytes, { start, length }) }),
  };
}

async function readInside(reader: ByteReader, from: number, sizeBytes: number, range: ByteRange): Promise<Uint8Array> {
  if (range.start + range.length > sizeBytes) {
    throw new AjarError("TRUNCATED", `bytes ${range.start} to ${range.start + range.length} pass the end at ${sizeBytes}`, {
      offset: range.start,
    });
  }
  return reader.read(from + range.start, range.length);
}

/** A tar of small files is read header by header; reading a little ahead saves a call for each. */
const WINDOW_BYTES = 32 * 1024;

class WindowReader implements ByteReader {
  readonly sizeBytes: number;
  readonly #reader: ByteReader;
  #start = 0;
  #window: Uint8Array = new Uint8Array();

  constructor(reader: ByteReader) {
    this.#reader = reader;
    this.sizeBytes = reader.sizeBytes;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    if (length > WINDOW_BYTES || start + length > this.sizeBytes) return this.#reader.read(start, length);
    if (start < this.#start || start + length > this.#start + this.#window.length) {
      this.#window = await this.#reader.read(start, Math.min(WINDOW_BYTES, this.sizeBytes - start));
      this.#start = start;
    }
    return this.#window.subarray(start - this.#start, start - this.#start + length);
  }
}
