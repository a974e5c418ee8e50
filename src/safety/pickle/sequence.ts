// Pickles may follow each other, with anything between them: a loader may be pointed at any of them (PK07).
import { AjarError } from "../../core/errors.ts";
import type { SafetyHit, ScanCoverage } from "../../core/scan.ts";
import { IS_OPCODE } from "../../formats/pickle/opcodes.ts";
import { coverageOfError, worstCoverage } from "../combine.ts";
import { isRangeEnd } from "../file-reader.ts";
import { MAX_RESTARTS } from "../limits.ts";
import { hitOf } from "../rules.ts";
import type { ScanContext } from "../scanner.ts";
import { looksLikePickle, probe } from "./probe.ts";
import type { PickleRun, PickleSession } from "./session.ts";

export interface PickleSequence {
  readonly runs: readonly PickleRun[];
  /** Of the runs, and of what lies between and behind them. */
  readonly hits: readonly SafetyHit[];
  readonly coverage: ScanCoverage;
}

/** Bytes that a place must show to be tried as a pickle. */
const PROBE_BYTES = 4096;
const CHUNK = 1024 * 1024;
/** A protocol opcode, or an import as protocols 0 and 1 write it. */
const RESTART = /\x80[\s\S]{2}|[ci][A-Za-z_][\w.]{0,99}\n[A-Za-z_][\w.]{0,99}\n/gu;
const HIGHEST_PROTOCOL = 5;
const OVERLAP = 256;
/** By range, what follows a pickle is looked at this far. */
const RANGE_BYTES = CHUNK;
/** White space and zeros that writers leave at the end. */
const MAX_PADDING = 4096;

/** Runs the pickle at `start` and whatever else in the rest of the file could be one. @throws AjarError as `PickleSession.run` */
export async function scanSequence(session: PickleSession, start: number, context: ScanContext): Promise<PickleSequence> {
  const first = await session.run(start);
  if (first.state === "not-scanned") return { runs: [first], hits: first.hits, coverage: first.coverage };
  const rest = await scanRest(session, first.end, context, first.state === "stopped").catch(unread);
  return {
    runs: [first, ...rest.runs],
    hits: [...first.hits, ...rest.hits],
    coverage: worstCoverage([first.coverage, rest.coverage]),
  };
}

/**
 * Looks for pickles from `from` to the end of the file. `isBehind`: a pickle ends there, and did not break.
 * @throws AjarError as `PickleSession.run`
 */
export async function scanRest(session: PickleSession, from: number, context: ScanContext, isBehind: boolean): Promise<PickleSequence> {
  const runs: PickleRun[] = [];
  const hits: SafetyHit[] = [];
  const coverages: ScanCoverage[] = [];
  const { sizeBytes } = session.window;
  let at = from;
  if (at >= sizeBytes || (await isPadding(session, at))) return { runs, hits, coverage: worstCoverage([]) };
  const end = context.effort === "ranges" ? Math.min(sizeBytes, at + RANGE_BYTES) : sizeBytes;
  for (let restarts = 0; at < end; restarts += 1) {
    const start = await nextPickle(session, at, end, at === from ? isBehind : runs.at(-1)?.end === at, context);
    if (start === null) break;
    if (restarts >= MAX_RESTARTS) {
      coverages.push({ state: "partial", code: "over-limit", detail: `more than ${MAX_RESTARTS} places look like pickles`, offset: start });
      break;
    }
    const run = await session.run(start);
    runs.push(run);
    hits.push(...run.hits, hitOf("PK07", { start: run.start, end: run.end, args: { offset: run.start } }));
    // A place that broke off after it acted is reported by its own hits.
    if (run.state === "over-limit" || run.state === "lost" || run.state === "not-scanned") coverages.push(run.coverage);
    at = run.state === "stopped" ? run.end : start + 1;
  }
  if (end < sizeBytes) coverages.push({ state: "partial", code: "not-scanned", detail: "bytes behind the pickle", offset: end });
  if (runs.length === 0 && isBehind)
    hits.push(hitOf("PK07", { start: from, end: sizeBytes, variant: "trailing", args: { bytes: sizeBytes - from } }));
  return { runs, hits, coverage: worstCoverage(coverages) };
}

/** An audit that reads no further keeps what it saw. */
function unread(error: unknown): PickleSequence {
  if (error instanceof AjarError && isRangeEnd(error)) return { runs: [], hits: [], coverage: coverageOfError(error, "partial") };
  throw error;
}

async function isPadding(session: PickleSession, at: number): Promise<boolean> {
  const length = session.window.sizeBytes - at;
  if (length > MAX_PADDING) return false;
  return (await session.window.read(at, length)).every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20);
}

/** The next place from `from` on where a pickle that imports something begins; at `from` itself any pickle counts when `isAdjacent`. */
async function nextPickle(
  session: PickleSession,
  from: number,
  end: number,
  isAdjacent: boolean,
  context: ScanContext,
): Promise<number | null> {
  const { window } = session;
  if (isAdjacent && (await startsHere(session, from, end))) return from;
  for (let base = from; base < end; base += CHUNK - OVERLAP) {
    context.budget.checkTime();
    const length = Math.min(CHUNK, end - base);
    const bytes = await window.read(base, length);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    RESTART.lastIndex = 0;
    for (let match = RESTART.exec(text); match !== null; match = RESTART.exec(text)) {
      const start = base + match.index;
      RESTART.lastIndex = match.index + 1;
      if (text.charCodeAt(match.index) === 0x80 && !isProtocol(text, match.index)) continue;
      const head = start + PROBE_BYTES <= base + length ? bytes.subarray(match.index) : await headAt(session, start, end);
      if (acts(head.subarray(0, PROBE_BYTES))) return start;
    }
    if (base + length >= end) break;
  }
  return null;
}

function isProtocol(text: string, at: number): boolean {
  return text.charCodeAt(at + 1) <= HIGHEST_PROTOCOL && IS_OPCODE[text.charCodeAt(at + 2)] === 1;
}

async function headAt(session: PickleSession, start: number, end: number): Promise<Uint8Array> {
  return await session.window.read(start, Math.min(PROBE_BYTES, end - start));
}

async function startsHere(session: PickleSession, start: number, end: number): Promise<boolean> {
  const head = await headAt(session, start, end);
  if (!looksLikePickle(head, start + head.length < session.window.sizeBytes)) return false;
  const { pause, ops } = probe(head);
  return pause !== "broken" || (ops > 2 && acts(head));
}

/** Among random bytes something always parses; only what imports a name that Python could have counts. */
function acts(head: Uint8Array): boolean {
  const { names, calls, isProse, pause } = probe(head);
  return !isProse && names > 0 && (calls > 0 || pause !== "broken");
}
