// What is read of each file: all of it, some blocks that its own name and size choose, or its beginning.
import type { DataKind } from "./formats.ts";
import { PAGE_BYTES } from "./readers/text-rows.ts";
import { hashText, mix } from "./text/hash.ts";

/** How much of the data is read. */
export type Rows = "sample" | "full";
/** How a file is read. */
type Basis = "whole" | "blocks" | "beginning";

/** A file of this size is read whole by a sample too. */
const WHOLE_BYTES = 16 * 1024 * 1024;
/** Blocks of a larger one, and bytes in which rows of a block begin. */
const SAMPLE_BLOCKS = 256;
const BLOCK_BYTES = 32 * 1024;
/** Unpacked bytes of a packed file that a sample reads: there is no way into the middle of one. */
const BEGINNING_BYTES = 32 * 1024 * 1024;
/** Bytes of a share of work when all is read: so few that threads end at nearly the same time. */
const SHARE_BYTES = 8 * 1024 * 1024;
/** Packed bytes of row groups that a sample reads of one file. */
const GROUP_BYTES = 64 * 1024 * 1024;

export interface DataFileEntry {
  readonly path: string;
  readonly sizeBytes: number;
  /** As `Artifact.digest`: part of the seed. */
  readonly digest: string;
  readonly kind: DataKind;
}

/** A stretch of one file that is read as one. */
export type Share =
  /** Rows that begin in these bytes. */
  | { readonly kind: "bytes"; readonly start: number; readonly end: number }
  /** Row groups of a Parquet file, or batches of an Arrow file; they begin at a row, or at a byte. */
  | { readonly kind: "groups"; readonly groups: readonly number[]; readonly start: number; readonly end: number }
  /** All of it, or as much of what is unpacked. */
  | { readonly kind: "stream"; readonly limit: number | null };

export interface FilePlan {
  readonly basis: Basis;
  readonly shares: readonly Share[];
}

/** Formats of which a reader can begin at any line. */
function isSplittable({ format, packing }: DataKind, sizeBytes: number): boolean {
  return packing === null && (format === "jsonl" || (format === "text" && sizeBytes > PAGE_BYTES));
}

/** How a file is read, but for Parquet, whose footer has to be seen first. */
export function planFile({ path, sizeBytes, digest, kind }: DataFileEntry, rows: Rows, isUtf8: boolean): FilePlan {
  const canSplit = isSplittable(kind, sizeBytes) && isUtf8;
  if (rows === "full" || (sizeBytes <= WHOLE_BYTES && kind.packing === null)) {
    return { basis: "whole", shares: canSplit ? sharesOf(sizeBytes) : [{ kind: "stream", limit: null }] };
  }
  if (canSplit) return { basis: "blocks", shares: blocksOf(sizeBytes, seedOf(path, sizeBytes, digest)) };
  return { basis: "beginning", shares: [{ kind: "stream", limit: BEGINNING_BYTES }] };
}

function sharesOf(sizeBytes: number): readonly Share[] {
  const shares: Share[] = [];
  for (let start = 0; start < sizeBytes; start += SHARE_BYTES) {
    shares.push({ kind: "bytes", start, end: Math.min(sizeBytes, start + SHARE_BYTES) });
  }
  return shares;
}

function seedOf(path: string, sizeBytes: number, digest: string): number {
  return hashText(`${path}\0${sizeBytes}\0${digest}`) >>> 0;
}

/** One block from each of as many equal stretches, at a place that the seed chooses. */
function blocksOf(sizeBytes: number, seed: number): readonly Share[] {
  const stretch = sizeBytes / SAMPLE_BLOCKS;
  return Array.from({ length: SAMPLE_BLOCKS }, (_, at) => {
    const room = stretch - BLOCK_BYTES;
    const start = Math.floor(at * stretch + (mix(seed + at) / 2 ** 32) * room);
    return { kind: "bytes", start, end: start + BLOCK_BYTES } as const;
  });
}

/**
 * Which row groups are read; neighbours are one share while all are. Shares begin and end by what `groupRows` counts: rows, or bytes where a file
 * does not say its rows beforehand.
 */
export function planGroups(entry: DataFileEntry, rows: Rows, groupRows: readonly number[], groupBytes: readonly number[]): FilePlan {
  const all = groupRows.map((_, at) => at);
  const total = groupBytes.reduce((sum, bytes) => sum + bytes, 0);
  if (rows === "full" || total <= GROUP_BYTES) return { basis: "whole", shares: groupShares(all, groupRows, groupBytes) };
  const seed = seedOf(entry.path, entry.sizeBytes, entry.digest);
  const order = [...all].sort((a, b) => mix(seed + a) - mix(seed + b) || a - b);
  const chosen: number[] = [];
  let bytes = 0;
  for (const group of order) {
    if (chosen.length > 0 && bytes + (groupBytes[group] ?? 0) > GROUP_BYTES) continue;
    chosen.push(group);
    bytes += groupBytes[group] ?? 0;
  }
  return {
    basis: "blocks",
    shares: chosen.sort((a, b) => a - b).map((group) => ({ kind: "groups", groups: [group], ...rowsAt([group], groupRows) })),
  };
}

function groupShares(all: readonly number[], groupRows: readonly number[], groupBytes: readonly number[]): readonly Share[] {
  const shares: Share[] = [];
  let open: number[] = [];
  let bytes = 0;
  for (const group of all) {
    open.push(group);
    bytes += groupBytes[group] ?? 0;
    if (bytes < SHARE_BYTES) continue;
    shares.push({ kind: "groups", groups: open, ...rowsAt(open, groupRows) });
    open = [];
    bytes = 0;
  }
  return open.length === 0 ? shares : [...shares, { kind: "groups", groups: open, ...rowsAt(open, groupRows) }];
}

/** First row of neighbouring groups, and the first after them. */
function rowsAt(groups: readonly number[], groupRows: readonly number[]): { readonly start: number; readonly end: number } {
  const first = groups[0] ?? 0;
  const start = groupRows.slice(0, first).reduce((sum, rows) => sum + rows, 0);
  return { start, end: start + groups.reduce((sum, group) => sum + (groupRows[group] ?? 0), 0) };
}

/** The part of a data set that a file's name says it is. */
export function splitOf(path: string): "train" | "validation" | "test" | "other" {
  const words = path.toLowerCase().split(/[^a-z0-9]+/u);
  if (words.includes("test") || words.includes("eval") || words.includes("evaluation")) return "test";
  if (words.some((word) => word === "valid" || word === "validation" || word === "val" || word === "dev")) return "validation";
  return words.some((word) => word === "train" || word === "training") ? "train" : "other";
}
