// A recorded release: the listing of a repository and the contents of its data files, for audits without the repository.
// docs/sources.md describes the format. labels.json, a person's verdict that may lie beside it, is never opened.
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceContext, SourceEntry, SourceProvider, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { ReadBudget } from "./limits.ts";
import { checkNoLinkOnTheWay, clampRange, fileError, OpenFile, readLocalFile } from "./local-file.ts";
import { shownInMessage } from "./paths.ts";
import { type ManifestEntry, parseManifestLine, parseRelease, parseTreeLine, type TreeEntry } from "./recorded-format.ts";
import { readRecords } from "./recorded-lines.ts";

const SCHEME = "recorded:";
/** Bytes hashed at a time when a content is verified. */
const CHUNK_BYTES = 1024 ** 2;
/** release.json is a page of metadata. */
const RELEASE_BYTES = 1024 ** 2;
/** A link's target is a path; anything longer is no link. */
const LINK_TARGET_BYTES = 4096;

export const source: SourceProvider = {
  id: "recorded",
  schemes: ["recorded"],
  claims: async () => false,
  open: async (reference, context) => openRecording(reference, context),
};

async function openRecording(reference: string, context: SourceContext): Promise<Source> {
  const folder = reference.startsWith(SCHEME) ? reference.slice(SCHEME.length) : reference;
  if (folder === "") throw new AjarError("BAD_REFERENCE", "recorded: names no folder", { subject: reference, hint: "Write recorded:DIR." });
  let root: string;
  try {
    root = realpathSync(resolve(context.cwd, folder));
  } catch (cause) {
    throw fileError(cause, shownInMessage(folder));
  }
  const budget = new ReadBudget(context.limits);
  const { commit } = parseRelease(await readReleaseFile(root, budget));
  const manifest = new Map<string, ManifestEntry>();
  for await (const entry of readRecords({ root, name: "manifest.jsonl", parse: parseManifestLine, context })) {
    manifest.set(entry.path, entry);
  }
  const tree = new Map<string, TreeEntry>();
  for await (const entry of readRecords({ root, name: "tree.jsonl", parse: parseTreeLine, context })) {
    if (entry.isCopied && !manifest.has(entry.path)) {
      throw new AjarError("INCONSISTENT", `tree.jsonl: ${entry.path} is marked as copied but manifest.jsonl does not list it`, {
        subject: entry.path,
        hint: "Record the release again.",
      });
    }
    tree.set(entry.path, entry);
  }
  return new RecordedSource({ ref: reference.replace(/\/+$/u, ""), root, commit, tree, manifest, budget });
}

async function readReleaseFile(root: string, budget: ReadBudget): Promise<string> {
  const path = Buffer.from(join(root, "release.json"));
  try {
    const range = { start: 0, length: RELEASE_BYTES };
    const { bytes } = await readLocalFile({ file: { path, shown: "release.json" }, range, budget, expected: undefined });
    return Buffer.from(bytes).toString("utf8");
  } catch (cause) {
    if (!(cause instanceof AjarError) || cause.code !== "NOT_FOUND") throw cause;
    throw new AjarError("NOT_THIS_FORMAT", "release.json is missing: this folder is not a recorded release", {
      subject: "release.json",
      hint: "Give the folder that holds release.json and tree.jsonl, or audit it as a plain folder without recorded:.",
      cause,
    });
  }
}

interface RecordedOptions {
  readonly ref: string;
  /** Absolute, without links. */
  readonly root: string;
  readonly commit: string;
  readonly tree: ReadonlyMap<string, TreeEntry>;
  readonly manifest: ReadonlyMap<string, ManifestEntry>;
  readonly budget: ReadBudget;
}

class RecordedSource implements Source {
  readonly kind = "recorded";
  readonly ref: string;
  readonly revision: string;
  readonly #options: RecordedOptions;
  /** Contents whose digest was checked, with the signature of the file at that time. */
  readonly #verified = new Map<string, string>();
  #listed = false;

  constructor(options: RecordedOptions) {
    this.#options = options;
    this.ref = options.ref;
    this.revision = options.commit;
  }

  get listingComplete(): boolean {
    return this.#listed;
  }

  get listingProblem(): null {
    return null;
  }

  get usage(): SourceUsage {
    return this.#options.budget.usage;
  }

  async *list(): AsyncGenerator<SourceEntry> {
    const paths = [...this.#options.tree.keys()].sort(compareText);
    for (const path of paths) {
      const entry = this.#options.tree.get(path);
      if (entry !== undefined) yield await this.#entry(entry);
    }
    this.#listed = true;
  }

  async #entry(recorded: TreeEntry): Promise<SourceEntry> {
    const { path, oid, sizeBytes, kind } = recorded;
    switch (kind) {
      case "submodule":
        return { path, sizeBytes: null, content: "submodule", gitOid: oid, target: oid };
      case "symlink":
        return { path, sizeBytes: null, content: "symlink", gitOid: oid, ...(await this.#linkTarget(recorded)) };
      case "lfs":
        return { path, sizeBytes: recorded.lfs.sizeBytes, content: "lfs-pointer", gitOid: oid, claimedSha256: recorded.lfs.sha256 };
      case "file":
        return { path, sizeBytes, content: recorded.isCopied ? "readable" : "not-recorded", gitOid: oid };
    }
  }

  async #linkTarget(recorded: TreeEntry): Promise<{ readonly target?: string }> {
    if (!recorded.isCopied) return {};
    const bytes = await this.read(recorded.path, { start: 0, length: LINK_TARGET_BYTES });
    return { target: shownInMessage(Buffer.from(bytes).toString("utf8")) };
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const { tree, manifest, root, budget } = this.#options;
    const recorded = tree.get(path);
    const stated = manifest.get(path);
    if (recorded === undefined) throw new AjarError("NOT_FOUND", `${shownInMessage(path)}: not in the recorded tree`, { subject: path });
    if (!recorded.isCopied || stated === undefined) {
      throw new AjarError("NOT_RECORDED", `${path}: its content is not in the recording`, { subject: path });
    }
    const real = Buffer.from(join(root, "files", recorded.rawPath));
    await checkNoLinkOnTheWay(real.subarray(0, real.lastIndexOf("/")), path);
    const opened = await OpenFile.open({ path: real, shown: path });
    try {
      if (this.#verified.get(path) !== opened.signature) {
        await verify(opened, stated);
        this.#verified.set(path, opened.signature);
      }
      const { start, length } = clampRange(range, opened.sizeBytes);
      budget.take(length, path);
      const bytes = await opened.read(start, length);
      await opened.check();
      return bytes;
    } finally {
      await opened.close();
    }
  }

  async close(): Promise<void> {}
}

/** @throws AjarError DIGEST_MISMATCH when size or SHA-256 are not the manifest's */
async function verify(opened: OpenFile, stated: ManifestEntry): Promise<void> {
  const fail = (what: string): AjarError =>
    new AjarError("DIGEST_MISMATCH", `${stated.path}: ${what}`, {
      subject: stated.path,
      hint: "The recorded file is not the one that was recorded; record the release again.",
    });
  if (opened.sizeBytes !== stated.sizeBytes) throw fail(`${opened.sizeBytes} bytes, the manifest says ${stated.sizeBytes}`);
  const hash = createHash("sha256");
  for (let at = 0; at < opened.sizeBytes; at += CHUNK_BYTES) {
    hash.update(await opened.read(at, Math.min(CHUNK_BYTES, opened.sizeBytes - at)));
  }
  const digest = hash.digest("hex");
  if (digest !== stated.sha256) throw fail(`its SHA-256 is ${digest}, the manifest says ${stated.sha256}`);
}
