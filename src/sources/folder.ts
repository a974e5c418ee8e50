// A folder (or a single file) of the local disk. Its files are read as they lie; nothing in it is run, followed or trusted.
import { accessSync, constants, existsSync, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, LocalBytes, Source, SourceContext, SourceEntry, SourceProvider, SourceUsage } from "../core/source.ts";
import { readHeadCommit } from "./git-head.ts";
import { mayBeLfsPointer, parseLfsPointer } from "./lfs.ts";
import { ListingProblems, ReadBudget } from "./limits.ts";
import { checkNoLinkOnTheWay, fileError, readLocalFile, signatureOf } from "./local-file.ts";
import { checkPath, shownInMessage } from "./paths.ts";
import { type WalkedEntry, walkFolder } from "./walk.ts";

const SCHEME = "file:";

export const source: SourceProvider = {
  id: "folder",
  schemes: ["file"],
  claims: async (reference, context) => existsSync(resolve(context.cwd, reference)),
  open: async (reference, context) => {
    const path = resolve(context.cwd, pathOf(reference));
    let real: string;
    try {
      real = realpathSync(path);
    } catch (cause) {
      throw fileError(cause, shownInMessage(reference));
    }
    checkReadable(real, reference);
    const stats = lstatSync(real);
    if (stats.isFile()) return new FolderSource({ ref: reference, root: dirname(real), only: basename(real), revision: null, context });
    if (!stats.isDirectory()) {
      throw new AjarError("UNREADABLE", `${shownInMessage(reference)}: neither a folder nor a file`, { subject: reference });
    }
    const commit = await readHeadCommit(real);
    return new FolderSource({ ref: withoutSlash(reference), root: real, only: null, revision: revisionOf(commit), context });
  },
};

function checkReadable(real: string, reference: string): void {
  try {
    accessSync(real, constants.R_OK);
  } catch (cause) {
    throw fileError(cause, shownInMessage(reference));
  }
}

/** What lies in a work tree may differ from the commit it was checked out from, and the revision says so. */
function revisionOf(commit: string | null): string | null {
  return commit === null ? null : `${commit}+worktree`;
}

function pathOf(reference: string): string {
  if (!reference.startsWith(SCHEME)) return reference;
  if (!reference.startsWith(`${SCHEME}//`)) return reference.slice(SCHEME.length);
  try {
    return fileURLToPath(reference);
  } catch (cause) {
    throw new AjarError("BAD_REFERENCE", `${shownInMessage(reference)}: not a file URL`, {
      subject: reference,
      hint: "Write file:PATH or file:///absolute/path.",
      cause,
    });
  }
}

function withoutSlash(reference: string): string {
  return reference.length > 1 ? reference.replace(/[/\\]+$/u, "") || "/" : reference;
}

interface FolderOptions {
  readonly ref: string;
  /** Absolute, without links. */
  readonly root: string;
  /** The one name to list, when the target is a single file. */
  readonly only: string | null;
  readonly revision: string | null;
  readonly context: SourceContext;
}

class FolderSource implements Source {
  readonly kind = "folder";
  readonly ref: string;
  readonly revision: string | null;
  readonly #options: FolderOptions;
  readonly #root: Buffer;
  readonly #budget: ReadBudget;
  readonly #problems = new ListingProblems();
  /** What each file looked like when it was first seen, so that a later change is noticed. */
  readonly #signatures = new Map<string, string>();
  /** Files whose entry path is not their name: escaped or not UTF-8. */
  readonly #escaped = new Map<string, Buffer>();
  /** Why an entry has no bytes to give. */
  readonly #withheld = new Map<string, string>();
  #listed = false;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.ref = options.ref;
    this.revision = options.revision;
    this.#root = Buffer.from(options.root === "/" ? "" : options.root);
    this.#budget = new ReadBudget(options.context.limits);
  }

  get listingComplete(): boolean {
    return this.#listed && this.#problems.text === null;
  }

  get listingProblem(): string | null {
    return this.#problems.text;
  }

  get usage(): SourceUsage {
    return this.#budget.usage;
  }

  async *list(): AsyncGenerator<SourceEntry> {
    const { maxEntries } = this.#options.context.limits;
    let count = 0;
    for await (const walked of this.#walk()) {
      if (count === maxEntries) {
        this.#problems.add(`more than ${maxEntries} entries; the listing stops before ${walked.path}`);
        break;
      }
      count += 1;
      yield await this.#entry(walked);
    }
    this.#listed = true;
  }

  #walk(): AsyncGenerator<WalkedEntry> {
    const { only, context } = this.#options;
    return walkFolder({
      root: this.#root,
      only,
      maxEntries: context.limits.maxEntries,
      signal: context.signal,
      problems: this.#problems,
    });
  }

  async #entry(walked: WalkedEntry): Promise<SourceEntry> {
    const { path, real } = walked;
    if (!real.subarray(this.#root.length + 1).equals(Buffer.from(path))) this.#escaped.set(path, real);
    switch (walked.kind) {
      case "symlink":
        this.#withheld.set(path, "a symbolic link, not followed");
        return { path, sizeBytes: null, content: "symlink", target: walked.target };
      case "unreadable":
        this.#withheld.set(path, walked.reason);
        return { path, sizeBytes: walked.sizeBytes, content: "unreadable" };
      case "file":
        this.#signatures.set(path, signatureOf(walked.stats));
        return this.#fileEntry(path, Number(walked.stats.size));
    }
  }

  async #fileEntry(path: string, sizeBytes: number): Promise<SourceEntry> {
    if (!mayBeLfsPointer(sizeBytes)) return { path, sizeBytes, content: "readable" };
    const pointer = parseLfsPointer(await this.read(path).catch(() => new Uint8Array()));
    if (pointer === null) return { path, sizeBytes, content: "readable" };
    this.#withheld.set(path, "a Git LFS pointer, its content is not here");
    return { path, sizeBytes: pointer.sizeBytes, content: "lfs-pointer", claimedSha256: pointer.sha256 };
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const real = await this.#place(path);
    const expected = this.#signatures.get(path);
    const { bytes, signature } = await readLocalFile({ file: { path: real, shown: path }, range, budget: this.#budget, expected });
    this.#signatures.set(path, signature);
    return bytes;
  }

  async locate(path: string): Promise<LocalBytes | null> {
    const file = await this.#place(path);
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) throw new AjarError("NOT_FOUND", `${path}: no such file`, { subject: path });
    return { file, start: 0, length: Number(stats.size), signature: this.#signatures.get(path) ?? signatureOf(stats) };
  }

  /** Where an entry lies. @throws AjarError when it has no content here, or not at a place of this folder */
  async #place(path: string): Promise<Buffer> {
    const withheld = this.#withheld.get(path);
    if (withheld !== undefined) throw new AjarError("UNREADABLE", `${path}: ${withheld}`, { subject: path });
    const real = this.#escaped.get(path) ?? this.#realPath(path);
    await checkNoLinkOnTheWay(real.subarray(0, Math.max(1, real.lastIndexOf("/"))), path);
    return real;
  }

  #realPath(path: string): Buffer {
    const checked = checkPath(path);
    if (checked.kind === "unsafe") {
      throw new AjarError("UNSAFE_PATH", `${checked.shown}: ${checked.problem}`, { subject: checked.shown });
    }
    const { only } = this.#options;
    const isOffered = checked.path === path && (only === null || only === path) && !path.split("/").includes(".git");
    if (!isOffered) throw new AjarError("NOT_FOUND", `${checked.path}: not a file of this source`, { subject: checked.path });
    return Buffer.concat([this.#root, Buffer.from(`/${path}`)]);
  }

  async close(): Promise<void> {}
}
