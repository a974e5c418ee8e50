// A git repository at a revision: a checkout or bare repository on this disk, or one behind a URL.
// The work tree is neither read nor touched, and nothing the repository says is run.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceContext, SourceEntry, SourceProvider, SourceUsage } from "../core/source.ts";
import { GitFailure, type GitRun, runGit, streamGit } from "./git-command.ts";
import { fetchBlob, fetchCommit, prepareRemote, type RemoteRepository, storedBytes } from "./git-fetch.ts";
import { BlobReader, readBlobRange, readSizes } from "./git-objects.ts";
import { claimsGit, type GitReference, parseGitReference } from "./git-reference.ts";
import { readTree } from "./git-tree.ts";
import { type GitRepository, makeView, objectsOf } from "./git-view.ts";
import { ListingProblems, ReadBudget } from "./limits.ts";
import { clampRange } from "./local-file.ts";
import { shownInMessage } from "./paths.ts";
import { makeTempFolder, removeTempFolder } from "./temp-folder.ts";

/** Larger blobs are streamed by a git of their own, so that a range of them costs no memory for the rest. */
const SMALL_BLOB_BYTES = 4 * 1024 ** 2;
const OBJECT_ID_BYTES = 256;

export const source: SourceProvider = {
  id: "git",
  schemes: ["git", "git+file", "git+http", "git+https"],
  claims: async (reference, context) => claimsGit(reference, context),
  open: async (reference, context) => openGit(parseGitReference(reference, context), context),
};

async function openGit(reference: GitReference, context: SourceContext): Promise<Source> {
  const shown = shownInMessage(reference.base);
  if (reference.kind === "remote" && context.offline) {
    throw new AjarError("OFFLINE", `${shown}: a git URL cannot be read offline`, {
      subject: shown,
      hint: "Clone it while online and audit the folder.",
    });
  }
  const scratch = makeTempFolder();
  try {
    const remote = reference.kind === "local" ? null : await fetchRemote(reference, scratch, context);
    const view = join(scratch, "view");
    const repository: GitRepository =
      reference.kind === "local" ? reference.repository : { gitDir: join(scratch, "remote"), commonDir: join(scratch, "remote") };
    mkdirSync(view);
    makeView(repository, view);
    const { env, signal, limits } = context;
    const run: GitRun = { gitDir: view, objects: objectsOf(repository), env, signal, timeoutMs: limits.timeoutMs };
    const commit = await resolveCommit(run, remote === null ? reference.revision : "refs/ajar/commit", reference);
    const source = new GitSource({ ref: `${reference.base}@${commit}`, commit, run, scratch, remote, context });
    await source.load();
    return source;
  } catch (error) {
    removeTempFolder(scratch);
    throw error;
  }
}

async function fetchRemote(
  reference: Extract<GitReference, { kind: "remote" }>,
  scratch: string,
  context: SourceContext,
): Promise<RemoteRepository> {
  const remote = { gitDir: join(scratch, "remote"), url: reference.url, shown: shownInMessage(reference.base), context };
  prepareRemote(remote);
  context.progress(`fetching ${remote.shown}`);
  await fetchCommit(remote, reference.revision);
  return remote;
}

async function resolveCommit(run: GitRun, revision: string, reference: GitReference): Promise<string> {
  try {
    const printed = await runGit(run, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], OBJECT_ID_BYTES);
    const id = /^([0-9a-f]{40,64})$/mu.exec(printed.toString("latin1"))?.[1];
    if (id !== undefined) return id;
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause;
  }
  const shown = shownInMessage(reference.base);
  throw new AjarError("REVISION_NOT_FOUND", `${shown}: no commit is called ${shownInMessage(reference.revision)}`, {
    subject: shown,
    hint: "Give a branch, a tag or a commit id that the repository holds.",
  });
}

interface GitOptions {
  readonly ref: string;
  readonly commit: string;
  readonly run: GitRun;
  /** Removed with the source. */
  readonly scratch: string;
  readonly remote: RemoteRepository | null;
  readonly context: SourceContext;
}

class GitSource implements Source {
  readonly kind = "git";
  readonly ref: string;
  readonly revision: string;
  readonly #options: GitOptions;
  readonly #blobs: BlobReader;
  readonly #budget: ReadBudget;
  readonly #problems = new ListingProblems();
  #entries: ReadonlyMap<string, SourceEntry> = new Map();
  #listed = false;
  #fetches: number;

  constructor(options: GitOptions) {
    this.#options = options;
    this.ref = options.ref;
    this.revision = options.commit;
    this.#blobs = new BlobReader(options.run);
    this.#budget = new ReadBudget(options.context.limits);
    this.#fetches = options.remote === null ? 0 : 1;
  }

  get listingComplete(): boolean {
    return this.#listed && this.#problems.text === null;
  }

  get listingProblem(): string | null {
    return this.#problems.text;
  }

  /** For a URL, what the server sent; for a repository on this disk, what was read of its files. */
  get usage(): SourceUsage {
    const { remote } = this.#options;
    if (remote === null) return this.#budget.usage;
    return { bytesRead: this.#receivedBytes, requests: this.#fetches };
  }

  #receivedBytes = 0;

  /** Reads the tree of the commit. @throws AjarError */
  async load(): Promise<void> {
    const { run, commit, remote, context } = this.#options;
    if (remote !== null) this.#receivedBytes = storedBytes(remote.gitDir);
    try {
      const listing = { run, commit, blobs: this.#blobs, maxEntries: context.limits.maxEntries, problems: this.#problems };
      const entries = await readTree({ ...listing, isPartial: remote !== null });
      this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    } catch (cause) {
      await this.#blobs.close();
      throw cause instanceof GitFailure ? this.#damaged(cause) : cause;
    }
  }

  async *list(): AsyncGenerator<SourceEntry> {
    yield* this.#entries.values();
    this.#listed = true;
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const entry = this.#entries.get(path);
    if (entry === undefined) {
      throw new AjarError("NOT_FOUND", `${shownInMessage(path)}: not in the tree of ${this.revision}`, { subject: path });
    }
    if (entry.content !== "readable" || entry.gitOid === undefined) {
      throw new AjarError("UNREADABLE", `${path}: ${entry.content}, its content is not in the repository`, { subject: path });
    }
    try {
      return await this.#readBlob(path, entry.gitOid, entry.sizeBytes ?? (await this.#fetchMissing(path, entry.gitOid)), range);
    } catch (cause) {
      throw cause instanceof GitFailure ? this.#damaged(cause, path) : cause;
    }
  }

  stream(path: string): AsyncIterable<Uint8Array> | null {
    const entry = this.#entries.get(path);
    const isLarge = entry?.content === "readable" && entry.gitOid !== undefined && (entry.sizeBytes ?? 0) > SMALL_BLOB_BYTES;
    return isLarge ? this.#streamBlob(path, entry.gitOid) : null;
  }

  async *#streamBlob(path: string, oid: string): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of streamGit(this.#options.run, ["cat-file", "blob", oid])) {
        this.#budget.take(chunk.length, path);
        yield chunk;
      }
    } catch (cause) {
      throw cause instanceof GitFailure ? this.#damaged(cause, path) : cause;
    }
  }

  async #readBlob(path: string, oid: string, sizeBytes: number, range: ByteRange | undefined): Promise<Uint8Array> {
    const part = clampRange(range, sizeBytes);
    this.#budget.take(part.length, path);
    if (part.length === 0) return new Uint8Array();
    if (sizeBytes > SMALL_BLOB_BYTES) return readBlobRange(this.#options.run, oid, part);
    const [bytes] = await this.#blobs.read([oid]);
    if (bytes === undefined || bytes === null)
      throw new AjarError("UNREADABLE", `${path}: object ${oid} is missing or damaged`, {
        subject: path,
        hint: "Check the repository with git fsck.",
      });
    return bytes.subarray(part.start, part.start + part.length);
  }

  /** Size of a blob that was left on the server, once it is here. */
  async #fetchMissing(path: string, oid: string): Promise<number> {
    const { run, remote, context } = this.#options;
    const here = (await readSizes(run, [oid])).get(oid);
    if (here !== undefined) return here;
    if (remote === null) throw new AjarError("UNREADABLE", `${path}: object ${oid} is missing`, { subject: path });
    context.progress(`fetching ${path}`);
    this.#fetches += 1;
    await fetchBlob(remote, oid, context.limits.maxBytes - this.#receivedBytes);
    this.#receivedBytes = storedBytes(remote.gitDir);
    const size = (await readSizes(run, [oid])).get(oid);
    if (size === undefined) throw new AjarError("BAD_RESPONSE", `${path}: the server did not send object ${oid}`, { subject: path });
    return size;
  }

  #damaged(failure: GitFailure, path = this.ref): AjarError {
    return new AjarError("UNREADABLE", `${path}: git cannot read it: ${shownInMessage(failure.talk.split("\n").at(-1) ?? "")}`, {
      subject: path,
      hint: "Check the repository with git fsck.",
      cause: failure,
    });
  }

  async close(): Promise<void> {
    await this.#blobs.close();
    removeTempFolder(this.#options.scratch);
  }
}
