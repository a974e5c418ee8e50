// One file: every scanner that recognises its content reads it, then their answers become one.
import { AjarError } from "../core/errors.ts";
import type { FileScan, FormatReading, SafetyHit, ScanCoverage } from "../core/scan.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "../formats/byte-reader.ts";
import { ScanBudget } from "./budget.ts";
import { coverageOfError, FULL, tidyHits, unreadable, worstCoverage, worstRisk } from "./combine.ts";
import { disagreements } from "./disagreement.ts";
import { FileReader } from "./file-reader.ts";
import { MAX_NESTING, MAX_RANGE_BYTES } from "./limits.ts";
import type { Effort, FileView, ScanContext, Scanner } from "./scanner.ts";
import { scanners } from "./scanners.generated.ts";

export interface ScanOptions {
  readonly effort: Effort;
  readonly strict: boolean;
  readonly signal: AbortSignal;
  /** True once the file's wall time is over; never when absent. */
  readonly expired?: () => boolean;
  /** Who asks wants to know what tensors there are and where they lie; nothing else of the answer is looked at. */
  readonly tensorsOnly?: boolean;
}

/** Scans one file of a release. Damage is part of the answer. @throws AjarError INTERRUPTED, and whatever is not an AjarError */
export async function scanFile(path: string, reader: ByteReader, options: ScanOptions): Promise<FileScan> {
  const budget = new ScanBudget(reader.sizeBytes, options.signal, options.expired);
  return await scanAt(path, reader, { ...options, budget, depth: 0 });
}

interface Level {
  readonly effort: Effort;
  readonly strict: boolean;
  readonly budget: ScanBudget;
  readonly depth: number;
  readonly tensorsOnly?: boolean;
}

async function scanAt(path: string, source: ByteReader, level: Level): Promise<FileScan> {
  const reader = new FileReader(source, level.effort === "ranges" ? MAX_RANGE_BYTES : Number.POSITIVE_INFINITY);
  let view: FileView;
  try {
    view = await viewOf(path, reader, level.effort);
  } catch (error) {
    return unreadFile(path, reader.sizeBytes, asRefusal(error));
  }
  const readings: FormatReading[] = [];
  // Quiet scanners read text, in which no tensor is. Inside a container they may still be what understands a member.
  const isForTensors = level.tensorsOnly === true && level.depth === 0;
  for (const scanner of scanners) {
    if ((isForTensors && scanner.quiet === true) || !scanner.claims(view)) continue;
    level.budget.checkTime();
    const reading = await readingOf(scanner, reader, contextOf(path, level));
    if (scanner.quiet !== true || reading.hits.length > 0) readings.push(reading);
  }
  return combined(view, readings);
}

/** Head and tail. By range the tail is left alone where the head names a format that states its own end. */
async function viewOf(path: string, reader: FileReader, effort: Effort): Promise<FileView> {
  const head = await reader.head();
  const tail = effort === "ranges" && statesItsEnd(head) ? new Uint8Array(0) : await reader.tail();
  return { path, sizeBytes: reader.sizeBytes, head, tail };
}

/** safetensors and GGUF: what follows their last tensor is found without looking at it. */
function statesItsEnd(head: Uint8Array): boolean {
  const isGguf = head[0] === 0x47 && head[1] === 0x47 && head[2] === 0x55 && head[3] === 0x46;
  return isGguf || (head[8] === 0x7b && head[6] === 0 && head[7] === 0);
}

function contextOf(path: string, level: Level): ScanContext {
  const { effort, strict, budget, depth, tensorsOnly = false } = level;
  return {
    path,
    effort,
    strict,
    budget,
    depth,
    tensorsOnly,
    async nested(member, reader) {
      const inner = `${path}!${member}`;
      if (depth >= MAX_NESTING) {
        const error = new AjarError("OVER_LIMIT", `more than ${MAX_NESTING} containers inside each other`, { offset: 0 });
        return withMember(member, unreadFile(inner, reader.sizeBytes, error));
      }
      return withMember(member, await scanAt(inner, reader, { ...level, depth: depth + 1 }));
    },
  };
}

function withMember(member: string, scan: FileScan): FileScan {
  const hits = scan.hits.map((hit) => ({ ...hit, member: hit.member === undefined ? member : `${member}!${hit.member}` }));
  return { ...scan, hits };
}

async function readingOf(scanner: Scanner, reader: FileReader, context: ScanContext): Promise<FormatReading> {
  try {
    return await scanner.scan(reader, context);
  } catch (error) {
    return unreadable(scanner.id, scanner.risk, asRefusal(error));
  }
}

/** An AjarError that says something about the file; others end the scan. */
function asRefusal(error: unknown): AjarError {
  if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || error.code === "BUG" || error.code === "BAD_RULE_DATA") throw error;
  return error;
}

function unreadFile(path: string, sizeBytes: number, error: AjarError): FileScan {
  return { path, sizeBytes, readings: [], risk: "unknown", coverage: coverageOfError(error, "none"), hits: [] };
}

const STATES: Readonly<Record<ScanCoverage["state"], number>> = { full: 0, partial: 1, none: 2 };

function combined(view: FileView, claimed: readonly FormatReading[]): FileScan {
  const readings = [...claimed].sort((a, b) => STATES[a.coverage.state] - STATES[b.coverage.state]);
  const understood = readings.filter(({ coverage }) => coverage.state !== "none");
  // A claim that came to nothing beside one that was understood is no gap: the bytes only looked alike.
  const counted = understood.length > 0 && understood.length < readings.length ? understood : readings;
  const { hits, coverage } = disagreements(view, understood, readings);
  const all: readonly SafetyHit[] = [...readings.flatMap((reading) => reading.hits), ...hits];
  return {
    path: view.path,
    sizeBytes: view.sizeBytes,
    readings,
    risk: worstRisk(counted.map(({ risk }) => risk)),
    coverage: worstCoverage([...counted.map((reading) => reading.coverage), coverage ?? FULL]),
    hits: tidyHits(all),
  };
}

/** Bytes in memory, scanned like a file. */
export async function scanBytes(path: string, bytes: Uint8Array, options: ScanOptions): Promise<FileScan> {
  return await scanFile(path, new MemoryReader(bytes), options);
}
