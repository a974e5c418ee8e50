// Wire entries of the hub's tree listing -> source entries. Every field is the host's word and checked before use.
import type { SourceEntry } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { asObject, asText } from "./hub-record.ts";
import { ListingProblems } from "./limits.ts";
import { checkPath } from "./paths.ts";

export interface ListedFile {
  readonly entry: SourceEntry;
  /** Path as the host writes it, for its URLs. */
  readonly hostPath: string;
}

/** Collects the pages of a listing. */
export class HubListing {
  readonly problems = new ListingProblems();
  readonly #files = new Map<string, ListedFile>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get isFull(): boolean {
    return this.#files.size >= this.#maxEntries;
  }

  get size(): number {
    return this.#files.size;
  }

  /** Takes one wire entry; folders are left out, what cannot be used is a problem of the listing. */
  add(raw: unknown): void {
    const item = asObject(raw);
    if (item?.["type"] === "directory") return;
    const name = asText(item?.["path"]) ?? asText(item?.["rfilename"]);
    const problem = item === null || name === null ? "an entry of the listing has no path" : this.#take(item, name);
    if (problem !== null) this.problems.add(problem);
  }

  /** Null, or why the entry was left out. */
  #take(item: Readonly<Record<string, unknown>>, name: string): string | null {
    const checked = checkPath(name);
    if (checked.kind === "unsafe") return `${checked.shown}: ${checked.problem}`;
    if (this.#files.has(checked.path)) return `${checked.path}: listed twice`;
    if (this.isFull) return `more than ${this.#maxEntries} files`;
    this.#files.set(checked.path, { entry: toEntry(item, checked.path), hostPath: name });
    return null;
  }

  /** Files sorted by path. */
  files(): readonly ListedFile[] {
    return [...this.#files.values()].sort((a, b) => compareText(a.entry.path, b.entry.path));
  }
}

function toEntry(item: Readonly<Record<string, unknown>>, path: string): SourceEntry {
  const lfs = asObject(item["lfs"]);
  const size = count(lfs?.["size"]) ?? count(item["size"]);
  const sha256 = hex(lfs?.["oid"], 64) ?? hex(lfs?.["sha256"], 64);
  // For an LFS file the blob is the pointer, which says nothing about the content.
  const gitOid = lfs === null ? (hex(item["oid"], 40) ?? hex(item["blobId"], 40)) : null;
  return {
    path,
    sizeBytes: size,
    content: "readable",
    ...(sha256 === null ? {} : { claimedSha256: sha256 }),
    ...(gitOid === null ? {} : { gitOid }),
  };
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function hex(value: unknown, length: number): string | null {
  const text =
    asText(value)
      ?.replace(/^sha256:/u, "")
      .toLowerCase() ?? "";
  return text.length === length && /^[0-9a-f]+$/u.test(text) ? text : null;
}
