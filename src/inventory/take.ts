// Source -> inventory: what is there, what each file is for, and the text of those that a reader would open first.
import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { Artifact, Role, Skipped, SourceInventory } from "../core/inventory.ts";
import type { Source, SourceEntry, SourcePart } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { type ReadText, readWanted } from "./read-wanted.ts";
import { isThirdParty, rolesByPath, rolesWithContent } from "./roles.ts";
import { chooseWanted } from "./wanted.ts";

export interface InventoryOptions {
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** States that a reader of the report should know of even when no rule wanted the content. */
const NOTED: Readonly<Partial<Record<SourceEntry["content"], Skipped["reason"]>>> = {
  symlink: "symlink",
  submodule: "submodule",
  unsupported: "unsupported",
  unreadable: "unreadable",
};

/** Such entries listed one by one; a repository with more has them by design. */
const MAX_NOTED = 1_000;

/**
 * Lists a source, reads its documents, licenses, configs and the heads of its code, and says what each file is for.
 * @throws AjarError NOTHING_AUDITABLE when the source holds no file; whatever listing throws
 */
export async function takeInventory(source: Source, part: SourcePart, options: InventoryOptions = {}): Promise<SourceInventory> {
  const candidates: { readonly entry: SourceEntry; readonly roles: readonly Role[] }[] = [];
  for await (const entry of source.list()) {
    options.signal?.throwIfAborted();
    candidates.push({ entry, roles: rolesByPath(entry.path) });
  }
  const files = candidates.filter(({ roles }) => !roles.includes("host-record"));
  if (files.length === 0 && source.listingComplete) throw nothing(source);
  options.progress?.(`reading documents of ${source.ref}`);
  const read = await readWanted(source, chooseWanted(candidates, source.kind), options.signal);
  const artifacts = candidates.map(({ entry, roles }) => artifactOf(entry, roles, read.texts.get(entry.path), source));
  if (!artifacts.some(isAuditable)) throw nothing(source);
  const skipped = [...read.skipped, ...notedSkips(candidates, read.skipped)].sort((a, b) => compareText(a.path, b.path));
  return {
    ref: source.ref,
    kind: source.kind,
    revision: source.revision,
    part,
    digest: listingDigest(artifacts),
    artifacts,
    listingComplete: source.listingComplete,
    listingProblem: source.listingProblem,
    skipped,
    filesListed: files.length,
    filesRead: [...read.texts.keys()].filter((path) => !path.startsWith("@host/")).length,
    bytesRead: read.bytesRead,
  };
}

/** Something that a standard could be judged by: a file with a role, or the record of a host. */
function isAuditable({ roles, text }: Artifact): boolean {
  return text !== null || !roles.every((role) => role === "other");
}

function nothing(source: Source): AjarError {
  return new AjarError("NOTHING_AUDITABLE", "nothing to audit: no weights, code, documents or licenses", {
    subject: source.ref,
    hint: "Name the folder, package or repository that holds the release.",
  });
}

function artifactOf(entry: SourceEntry, byPath: readonly Role[], read: ReadText | undefined, source: Source): Artifact {
  const roles = read === undefined ? byPath : rolesWithContent(entry.path, read.text, byPath, source.kind);
  return { ...entry, roles, digest: read?.digest ?? entryDigest(entry), text: read?.text ?? null, thirdParty: isThirdParty(entry.path) };
}

/** What is known of a file without reading it, as `Artifact.digest`. */
export function entryDigest({ path, sizeBytes, sha256, gitOid, claimedSha256 }: SourceEntry): string {
  if (sha256 !== undefined) return `sha256:${sha256}`;
  if (gitOid !== undefined) return `git-blob:${gitOid}`;
  if (claimedSha256 !== undefined) return `claimed-sha256:${claimedSha256}`;
  return `path:${createHash("sha256")
    .update(`${path}\0${sizeBytes ?? ""}`)
    .digest("hex")}`;
}

/** Digest over sorted (path, size, digest) lines; records of the host are left out, they are not the release. */
function listingDigest(artifacts: readonly Artifact[]): string {
  const hash = createHash("sha256");
  for (const { path, sizeBytes, digest } of [...artifacts].sort((a, b) => compareText(a.path, b.path))) {
    if (path.startsWith("@host/")) continue;
    hash.update(`${path}\0${sizeBytes ?? ""}\0${digest}\n`);
  }
  return `sha256:${hash.digest("hex")}`;
}

function notedSkips(candidates: readonly { readonly entry: SourceEntry }[], known: readonly Skipped[]): readonly Skipped[] {
  const seen = new Set(known.map(({ path }) => path));
  const noted: Skipped[] = [];
  for (const { entry } of candidates) {
    const reason = NOTED[entry.content];
    if (reason === undefined || seen.has(entry.path) || noted.length >= MAX_NOTED) continue;
    const isUnread = reason === "unreadable";
    noted.push({ path: entry.path, reason, partial: isUnread, ...(entry.target === undefined ? {} : { detail: entry.target }) });
  }
  return noted;
}
