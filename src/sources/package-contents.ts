// What a package file holds, by format: a wheel or zip over any reader, a tar that lies unpacked on disk.
import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, ByteReader, SourceContext, SourceEntry } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { indexTar, type TarMember } from "../formats/tar.ts";
import { openZip } from "../formats/zip.ts";
import { STORED, type ZipEntry } from "../formats/zip-directory.ts";
import { verifyContent } from "./hub-verify.ts";
import { ListingProblems } from "./limits.ts";
import { clampRange } from "./local-file.ts";
import { recordClaims } from "./package-record.ts";
import { checkPath } from "./paths.ts";

export interface PackageContents {
  /** Sorted by path. */
  readonly entries: readonly SourceEntry[];
  readonly problem: string | null;
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
  /** As `Source.stream`. */
  stream?(path: string): AsyncIterable<Uint8Array> | null;
}

/** A member bigger than this is not put into memory whole. */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;
/** A wheel's RECORD has a line of some 100 bytes per file. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Opens a wheel or zip; the digests of a wheel's RECORD become claims and are checked when a whole member is read. */
export async function openZipContents(reader: ByteReader, context: SourceContext): Promise<PackageContents> {
  const archive = await openZip(reader, context.limits);
  const problems = new ListingProblems();
  const members = new Map<string, ZipEntry>();
  for (const member of archive.entries) {
    if (member.isDirectory) continue;
    const checked = checkPath(member.path);
    // A name that comes twice: loaders take the last.
    if (checked.kind === "safe") members.set(checked.path, member);
    else problems.add(`${checked.shown}: ${checked.problem}`);
  }
  const record = [...members.keys()].find((path) => /^[^/]+\.dist-info\/RECORD$/u.test(path));
  const recordMember = record === undefined ? undefined : members.get(record);
  const isReadable = recordMember !== undefined && recordMember.content === "readable" && recordMember.sizeBytes <= MAX_RECORD_BYTES;
  const claims = isReadable ? recordClaims(new TextDecoder().decode(await archive.read(recordMember))) : new Map<string, string>();
  const entries = new Map<string, SourceEntry>();
  for (const path of [...members.keys()].sort(compareText)) {
    const member = members.get(path);
    if (member !== undefined) entries.set(path, zipEntry(path, member, claims.get(path)));
  }
  const opened = (path: string): { readonly member: ZipEntry; readonly entry: SourceEntry } => {
    const member = members.get(path);
    const entry = entries.get(path);
    if (member === undefined || entry === undefined) throw notListed(path);
    if (entry.content !== "readable") throw unreadable(entry);
    return { member, entry };
  };
  return {
    entries: [...entries.values()],
    problem: problems.text,
    stream(path) {
      const { member } = opened(path);
      return member.method === STORED ? null : archive.stream(member);
    },
    async read(path, range) {
      const { member, entry } = opened(path);
      const bytes = await archive.read(member, range);
      if (range === undefined) verifyContent(entry, bytes, path);
      return bytes;
    },
  };
}

function zipEntry(path: string, member: ZipEntry, claimedSha256: string | undefined): SourceEntry {
  const content = member.isSymlink ? "symlink" : member.content;
  return { path, sizeBytes: member.sizeBytes, content, ...(claimedSha256 === undefined ? {} : { claimedSha256 }) };
}

/** Opens an unpacked tar. npm and sdists wrap everything in one folder, which is no part of the names. */
export async function openTarContents(reader: ByteReader, context: SourceContext): Promise<PackageContents> {
  const problems = new ListingProblems();
  const members = new Map<string, { readonly entry: SourceEntry; readonly dataOffset: number }>();
  for await (const member of indexTar(reader, context.limits)) {
    if (member.type === "directory") continue;
    const name = member.path.replace(/^(?:\.\/)*[^/]*\//u, "");
    const checked = checkPath(name);
    if (checked.kind === "unsafe") problems.add(`${checked.shown}: ${checked.problem}`);
    else members.set(checked.path, { entry: await tarEntry(checked.path, member), dataOffset: member.dataOffset });
  }
  const entries = [...members.values()].map((member) => member.entry).sort((a, b) => compareText(a.path, b.path));
  return {
    entries,
    problem: problems.text,
    async read(path, range) {
      const member = members.get(path);
      if (member === undefined) throw notListed(path);
      if (member.entry.content !== "readable") throw unreadable(member.entry);
      const { start, length } = clampRange(range, member.entry.sizeBytes ?? 0);
      if (length > MAX_WHOLE_BYTES)
        throw new AjarError("OVER_LIMIT", `${path}: ${length} bytes are too many for one read`, { subject: path });
      return reader.read(member.dataOffset + start, length);
    },
  };
}

async function tarEntry(path: string, member: TarMember): Promise<SourceEntry> {
  if (member.type === "file") {
    const hash = createHash("sha256");
    for await (const chunk of member.content()) hash.update(chunk);
    return { path, sizeBytes: member.sizeBytes, content: "readable", sha256: hash.digest("hex") };
  }
  const isLink = member.type === "symlink" || member.type === "hardlink";
  return { path, sizeBytes: null, content: isLink ? "symlink" : "unsupported", ...(isLink ? { target: member.linkTarget } : {}) };
}

function notListed(path: string): AjarError {
  return new AjarError("NOT_FOUND", `${path}: not in the package`, { subject: path });
}

function unreadable(entry: SourceEntry): AjarError {
  const what = entry.content === "symlink" ? "a link, not followed" : "packed or encrypted in a way Ajar does not open";
  return new AjarError("UNREADABLE", `${entry.path}: ${what}`, { subject: entry.path });
}
