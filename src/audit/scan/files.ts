// The files of one source, scanned, and what they say together: which ones loaders open, and whether they fit each other.
import type { Finding } from "../../core/release.ts";
import type { FileScan, SafetyHit, ScannedFile } from "../../core/scan.ts";
import type { ByteReader, Source, SourceEntry } from "../../core/source.ts";
import { compareText } from "../../core/text.ts";
import { checkRange } from "../../formats/byte-reader.ts";
import { entryDigest } from "../../inventory/take.ts";
import { tidyHits } from "../../safety/combine.ts";
import { crossFileHits, type ListedFile, rawWeights } from "../../safety/cross-file.ts";
import { loadStates } from "../../safety/loaded.ts";
import { digestHits, releaseHits } from "../../safety/release-hits.ts";
import { findingsOf, scannedFile } from "../../safety/result.ts";

/** How a file is scanned: in this thread or in another. */
type ScanOne = (path: string, reader: ByteReader) => Promise<FileScan>;

export interface ScannedSource {
  readonly files: readonly ScannedFile[];
  readonly findings: readonly Finding[];
  /** Files whose content was looked at, plain ones among them. */
  readonly filesScanned: number;
}

export interface ScanPlan {
  readonly source: Pick<Source, "ref" | "listingComplete" | "read">;
  readonly entries: readonly SourceEntry[];
  /** Files scanned side by side. */
  readonly jobs: number;
  readonly scan: ScanOne;
  readonly progress: (message: string) => void;
  /** Digest of a file that has findings; null keeps what the listing says. */
  readonly digest: ((entry: SourceEntry) => Promise<string>) | null;
}

/** Scans the entries and judges them together. @throws AjarError INTERRUPTED, BUG */
export async function scanFiles(plan: ScanPlan): Promise<ScannedSource> {
  const { source, entries } = plan;
  const readable = entries.filter(({ content, sizeBytes }) => content === "readable" && sizeBytes !== null);
  const alone = await inParallel(readable, plan);
  const listed: ListedFile[] = entries.map(({ path, sizeBytes, content, target }) => ({
    path,
    sizeBytes,
    content,
    scan: alone.get(path) ?? null,
    ...(target === undefined ? {} : { target }),
  }));
  const scans = new Map([...alone, ...rawWeights(listed)]);
  const cross = mergedHits(crossFileHits(listed, source.listingComplete), releaseHits(listed));
  const known = entries.filter((entry) => isWorthARow(entry, scans.get(entry.path), cross.has(entry.path)));
  const states = loadStates(known.map(({ path }) => ({ path, isUnderstood: scans.get(path)?.coverage.state === "full" })));
  const files: ScannedFile[] = [];
  const findings: Finding[] = [];
  for (const [index, entry] of known.entries()) {
    const scan = scans.get(entry.path) ?? notRead(entry);
    const state = states[index] ?? { loaded: "unknown" };
    const hits = [...scan.hits, ...(cross.get(entry.path) ?? [])];
    const digest = hits.length > 0 && plan.digest !== null && scans.has(entry.path) ? await plan.digest(entry) : entryDigest(entry);
    const whole = { ...scan, hits: tidyHits([...hits, ...digestHits(entry.claimedSha256, digest, scan.sizeBytes)]) };
    files.push({ ...scannedFile(whole, digest, state), sizeBytes: entry.sizeBytes });
    findings.push(...findingsOf(whole, { source: source.ref, digest }, state));
  }
  return { files: files.sort((a, b) => compareText(a.path, b.path)), findings, filesScanned: scans.size };
}

/** A file whose bytes could not be had: a link, a pointer, something gated. */
function notRead({ path, sizeBytes, content }: SourceEntry): FileScan {
  const coverage = { state: "none", code: "unread", detail: content } as const;
  return { path, sizeBytes: sizeBytes ?? 0, readings: [], risk: "unknown", coverage, hits: [] };
}

function mergedHits(...maps: readonly ReadonlyMap<string, readonly SafetyHit[]>[]): ReadonlyMap<string, readonly SafetyHit[]> {
  const merged = new Map<string, readonly SafetyHit[]>();
  for (const map of maps) for (const [path, hits] of map) merged.set(path, [...(merged.get(path) ?? []), ...hits]);
  return merged;
}

/** Text, pictures and the like need no row of their own. */
function isWorthARow(entry: SourceEntry, scan: FileScan | undefined, hasHits: boolean): boolean {
  if (entry.path.startsWith("@host/")) return false;
  if (scan === undefined) return hasHits || (entry.content !== "symlink" && entry.content !== "submodule");
  return hasHits || scan.readings.length > 0 || scan.hits.length > 0 || scan.coverage.state !== "full";
}

async function inParallel(
  entries: readonly SourceEntry[],
  { source, jobs, scan, progress }: ScanPlan,
): Promise<ReadonlyMap<string, FileScan>> {
  const scans = new Map<string, FileScan>();
  const queue = [...entries];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      progress(`scanning ${entry.path} (${done + 1}/${entries.length})`);
      scans.set(entry.path, await scan(entry.path, readerOf(source, entry)));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, entries.length)) }, work));
  return scans;
}

/** A file of a source as a reader of exact ranges. */
export function readerOf(source: Pick<Source, "read">, { path, sizeBytes }: SourceEntry): ByteReader {
  const size = sizeBytes ?? 0;
  return {
    sizeBytes: size,
    async read(start, length) {
      checkRange(start, length, size);
      if (length === 0) return new Uint8Array(0);
      const bytes = await source.read(path, { start, length });
      checkRange(0, length, bytes.length);
      return bytes.length === length ? bytes : bytes.subarray(0, length);
    },
  };
}
