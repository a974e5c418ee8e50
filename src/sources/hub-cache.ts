// The local hub cache, read-only and without the network: models--owner--name/{refs,snapshots,blobs}.
// https://huggingface.co/docs/huggingface_hub/guides/manage-cache
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceContext, SourceEntry, SourceKind, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { hubCacheFolder } from "./hub-environment.ts";
import { type HubReference, hubReferenceText } from "./hub-reference.ts";
import { verifyContent } from "./hub-verify.ts";
import { ListingProblems, ReadBudget } from "./limits.ts";
import { readLocalFile } from "./local-file.ts";
import { checkPath } from "./paths.ts";

/** Repositories are shallow; deeper folders are damage. */
const MAX_DEPTH = 64;

/** @throws AjarError OFFLINE when the cache does not hold the repository at this revision */
export async function openHubCache(reference: HubReference, context: SourceContext): Promise<Source> {
  const subject = hubReferenceText(reference, reference.revision);
  const folder = hubCacheFolder(context);
  const missing = new AjarError("OFFLINE", `${subject}: not in the local cache, and Ajar was told to stay offline`, {
    subject,
    hint: "Run without --offline and HF_HUB_OFFLINE, or download it first.",
  });
  if (folder === null) throw missing;
  const repository = await realpath(join(folder, `${reference.kind}s--${reference.id.replaceAll("/", "--")}`)).catch(() => null);
  if (repository === null) throw missing;
  const commit = await resolveRevision(repository, reference.revision ?? "main");
  const snapshot = commit === null ? null : join(repository, "snapshots", commit);
  const isThere =
    snapshot !== null &&
    (await stat(snapshot)
      .then((stats) => stats.isDirectory())
      .catch(() => false));
  if (commit === null || snapshot === null || !isThere) throw missing;
  return new CachedHubSource({ reference, commit, repository, snapshot, context });
}

async function resolveRevision(repository: string, revision: string): Promise<string | null> {
  if (/^[0-9a-f]{40}$/u.test(revision)) return revision;
  // parseHubReference has refused `..`, so the name stays below refs.
  const text = await readFile(join(repository, "refs", ...revision.split("/")), "utf8").catch(() => "");
  const commit = text.trim();
  return /^[0-9a-f]{40}$/u.test(commit) ? commit : null;
}

interface CacheOptions {
  readonly reference: HubReference;
  readonly commit: string;
  readonly repository: string;
  readonly snapshot: string;
  readonly context: SourceContext;
}

interface CachedFile {
  readonly entry: SourceEntry;
  /** Real path of the content, null when it must not be read. */
  readonly realPath: string | null;
}

class CachedHubSource implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string;
  // The cache holds what somebody once downloaded, and does not say what there was besides.
  readonly listingComplete = false;
  readonly #options: CacheOptions;
  readonly #budget: ReadBudget;
  readonly #problems = new ListingProblems();
  #files: Promise<ReadonlyMap<string, CachedFile>> | undefined;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.ref = hubReferenceText(options.reference, options.commit);
    this.kind = options.reference.kind === "dataset" ? "hub-dataset" : "hub-model";
    this.revision = options.commit;
    this.#budget = new ReadBudget(options.context.limits);
    this.#problems.add("the local cache holds only files that were downloaded before");
  }

  get listingProblem(): string | null {
    return this.#problems.text;
  }

  get usage(): SourceUsage {
    return this.#budget.usage;
  }

  async *list(): AsyncIterable<SourceEntry> {
    for (const { entry } of (await this.#listed()).values()) yield entry;
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const file = (await this.#listed()).get(path);
    if (file === undefined) throw new AjarError("NOT_FOUND", `${path}: not in the local cache`, { subject: path });
    if (file.realPath === null) throw new AjarError("UNSAFE_PATH", `${path}: leads out of the cache, not followed`, { subject: path });
    const local = { path: file.realPath, shown: path };
    const { bytes } = await readLocalFile({ file: local, range, budget: this.#budget, expected: undefined });
    if (range === undefined) verifyContent(file.entry, bytes, path);
    return bytes;
  }

  async close(): Promise<void> {}

  #listed(): Promise<ReadonlyMap<string, CachedFile>> {
    this.#files ??= this.#walk();
    return this.#files;
  }

  async #walk(): Promise<ReadonlyMap<string, CachedFile>> {
    const files: CachedFile[] = [];
    const folders: string[] = [""];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (folder.split("/").length > MAX_DEPTH) {
        this.#problems.add(`${folder}: too deep`);
        continue;
      }
      for (const name of await readdir(join(this.#options.snapshot, folder))) {
        const path = folder === "" ? name : `${folder}/${name}`;
        const found = await this.#look(path);
        if (found === "folder") folders.push(path);
        else if (found !== null) files.push(found);
        if (files.length > this.#options.context.limits.maxEntries) throw tooMany(this.ref, this.#options.context);
      }
    }
    files.sort((a, b) => compareText(a.entry.path, b.entry.path));
    return new Map(files.map((file) => [file.entry.path, file]));
  }

  async #look(name: string): Promise<CachedFile | "folder" | null> {
    const checked = checkPath(name);
    if (checked.kind === "unsafe") {
      this.#problems.add(`${checked.shown}: ${checked.problem}`);
      return null;
    }
    const full = join(this.#options.snapshot, name);
    const { path } = checked;
    if ((await lstat(full)).isDirectory()) return "folder";
    const real = await realpath(full).catch(() => null);
    if (real === null) return { entry: { path, sizeBytes: null, content: "unreadable" }, realPath: null };
    const stats = await stat(real);
    const isInside = real.startsWith(this.#options.repository + sep);
    if (!isInside || !stats.isFile()) return { entry: { path, sizeBytes: null, content: "symlink" }, realPath: null };
    return { entry: { path, sizeBytes: stats.size, content: "readable", ...claimOf(basename(real), real !== full) }, realPath: real };
  }
}

/** A blob is named by the SHA-256 of LFS content or the git blob id of other files. */
function claimOf(name: string, isBlob: boolean): { readonly claimedSha256?: string; readonly gitOid?: string } {
  if (!isBlob) return {};
  if (/^[0-9a-f]{64}$/u.test(name)) return { claimedSha256: name };
  return /^[0-9a-f]{40}$/u.test(name) ? { gitOid: name } : {};
}

function tooMany(ref: string, context: SourceContext): AjarError {
  return new AjarError("OVER_LIMIT", `${ref}: more than ${context.limits.maxEntries} files`, { subject: ref });
}
