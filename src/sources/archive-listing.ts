// Archives within archives as one flat list: `a.zip!inner/b`.
import { AjarError } from "../core/errors.ts";
import type { ByteReader, SourceContext, SourceEntry } from "../core/source.ts";
import { type ArchiveMember, isArchiveName, type Members, openMembers } from "./archive-members.ts";
import { mayBeLfsPointer, parseLfsPointer } from "./lfs.ts";
import type { ListingProblems } from "./limits.ts";
import { checkPath, shownInMessage } from "./paths.ts";
import type { Spill } from "./spill.ts";

export interface ListedMember {
  readonly entry: SourceEntry;
  readonly member: ArchiveMember;
}

export interface ArchiveListing {
  readonly context: SourceContext;
  readonly spill: Spill;
  readonly problems: ListingProblems;
  /** Filled here: entry path -> member. */
  readonly listed: Map<string, ListedMember>;
}

interface Opened {
  /** `` for the target itself, else the entry path of the nested archive and `!`. */
  readonly prefix: string;
  /** 1 for the target itself. */
  readonly depth: number;
}

/** Lists an archive and the archives in it, as deep as the limits allow. @throws AjarError when it cannot be listed at all */
export async function listArchive(listing: ArchiveListing, reader: ByteReader, name: string, at: Opened): Promise<void> {
  const { context, spill, problems } = listing;
  const found = await openMembers(reader, name, { limits: context.limits, spill });
  for (const problem of found.problems) problems.add(at.prefix === "" ? problem : `${at.prefix.slice(0, -1)}: ${problem}`);
  const nested = await addMembers(listing, found, at);
  for (const path of nested) await listNested(listing, path, at.depth + 1);
}

/** Adds the members of one archive; returns the paths of archives among them. */
async function addMembers(listing: ArchiveListing, found: Members, at: Opened): Promise<readonly string[]> {
  const { problems, listed, context } = listing;
  const nested: string[] = [];
  for (const member of found.members) {
    context.signal.throwIfAborted();
    const path = pathOf(member, at, problems);
    if (path === null) continue;
    if (listed.has(path)) problems.add(`${path}: there are two of this name, the last one counts`);
    else if (listed.size >= context.limits.maxEntries) {
      problems.add(`more than ${context.limits.maxEntries} entries; the listing stops before ${path}`);
      return nested;
    }
    const entry = await entryOf(member, path);
    if (entry.content === "readable" && isArchiveName(path) && !listed.has(path)) nested.push(path);
    listed.set(path, { entry, member });
  }
  return nested;
}

/** The entry path of a member, or null when it has none: a folder, or a name that is refused. */
function pathOf(member: ArchiveMember, at: Opened, problems: ListingProblems): string | null {
  const checked = checkPath(member.name);
  if (checked.kind === "safe") return member.kind === "directory" ? null : `${at.prefix}${checked.path}`;
  const isRoot = member.kind === "directory" && /^[./]*$/u.test(member.name) && !member.name.includes("..");
  if (!isRoot) problems.add(`${at.prefix}${checked.shown}: ${checked.problem}, left out`);
  return null;
}

async function entryOf(member: ArchiveMember, path: string): Promise<SourceEntry> {
  const { sizeBytes } = member;
  if (member.kind === "symlink") {
    return {
      path,
      sizeBytes: null,
      content: "symlink",
      ...(member.linkTarget === null ? {} : { target: shownInMessage(member.linkTarget) }),
    };
  }
  if (member.kind !== "file") return { path, sizeBytes, content: "unsupported" };
  const pointer = mayBeLfsPointer(sizeBytes) ? parseLfsPointer(await member.read().catch(() => new Uint8Array())) : null;
  if (pointer === null) return { path, sizeBytes, content: "readable" };
  return { path, sizeBytes: pointer.sizeBytes, content: "lfs-pointer", claimedSha256: pointer.sha256 };
}

async function listNested(listing: ArchiveListing, path: string, depth: number): Promise<void> {
  const { context, problems, listed } = listing;
  const { maxArchiveDepth } = context.limits;
  if (depth > maxArchiveDepth) {
    problems.add(`${path}: nested deeper than the limit of ${maxArchiveDepth} archives, not opened`);
    return;
  }
  const member = listed.get(path)?.member;
  if (member === undefined) return;
  try {
    await listArchive(listing, await member.open(), path, { prefix: `${path}!`, depth });
  } catch (cause) {
    if (!(cause instanceof AjarError)) throw cause;
    problems.add(`${path}: ${cause.message}`);
  }
}
