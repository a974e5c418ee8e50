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
  /** Those that are kept: all that rebuild tensors, and the first of the others. */
  readonly runs: readonly PickleRun[];
  readonly count: number;
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
/** Pickles without tensors whose names are kept; all are judged. */
const MAX_KEPT_RUNS = 256;
/** Hits of one rule and severity over all pickles of a file. */
const MAX_HITS_EACH = 500;
const UNFINISHED: readonly PickleRun["state"][] = ["over-limit", "lost", "not-scanned"];
/** White space and zeros that writers leave at the end. */
const MAX_PADDING = 4096;

/** Runs the pickle at `start` and whatever else in the rest of the file could be one. @throws AjarError as `PickleSession.run` */
export async function scanSequence(session: PickleSession, start: number, context: ScanContext): Promise<PickleSequence> {
  const first = await session.run(start);
  if (first.state === "not-scanned") return { runs: [first], count: 1, hits: first.hits, coverage: first.coverage };
  const rest = await scanRest(session, first.end, context, first.state === "stopped").catch(unread);
  return {
    runs: [first, ...rest.runs],
    count: 1 + rest.count,
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
  const hits = new HitsOfRuns();
  const coverages: ScanCoverage[] = [];
  const { sizeBytes } = session.window;
  let at = from;
  let count = 0;
  if (at >= sizeBytes || (await isPadding(session, at))) return { runs, count, hits: [], coverage: worstCoverage([]) };
  const end = context.effort === "ranges" ? Math.min(sizeBytes, at + RANGE_BYTES) : sizeBytes;
  const finder = new PickleFinder(session, end, context);
  let isAdjacent = isBehind;
  for (let restarts = 0; at < end; restarts += 1) {
    const start = await finder.next(at, isAdjacent);
    if (start === null) break;
    if (restarts >= MAX_RESTARTS) {
      coverages.push({ state: "partial", code: "over-limit", detail: `more than ${MAX_RESTARTS} places look like pickles`, offset: start });
      break;
    }
    const run = await session.run(start);
    count += 1;
    if (runs.length < MAX_KEPT_RUNS || run.judge.tensors.list.length > 0) runs.push(run);
    hits.add([...run.hits, hitOf("PK07", { start: run.start, end: run.end, args: { offset: run.start } })]);
    // A place that broke off after it acted is reported by its own hits.
    if (UNFINISHED.includes(run.state)) coverages.push(run.coverage);
    isAdjacent = run.state === "stopped";
    at = isAdjacent ? run.end : start + 1;
  }
  if (end < sizeBytes) coverages.push({ state: "partial", code: "not-scanned", detail: "bytes behind the pickle", offset: end });
  if (count === 0 && isBehind)
    hits.add([hitOf("PK07", { start: from, end: sizeBytes, variant: "trailing", args: { bytes: sizeBytes - from } })]);
  return { runs, count, hits: hits.list, coverage: worstCoverage(coverages) };
}

/** Hits of any number of pickles; so many of each severity are kept that the gravest are among them. */
class HitsOfRuns {
  readonly list: SafetyHit[] = [];
  readonly #counts = new Map<string, number>();

  add(hits: readonly SafetyHit[]): void {
    for (const hit of hits) {
      const key = `${hit.rule} ${hit.severity}`;
      const count = this.#counts.get(key) ?? 0;
      if (count >= MAX_HITS_EACH) continue;
      this.#counts.set(key, count + 1);
      this.list.push(hit);
    }
  }
}

/** An audit that reads no further keeps what it saw. */
function unread(error: unknown): PickleSequence {
  if (error instanceof AjarError && isRangeEnd(error)) return { runs: [], count: 0, hits: [], coverage: coverageOfError(error, "partial") };
  throw error;
}

async function isPadding(session: PickleSession, at: number): Promise<boolean> {
  const length = session.window.sizeBytes - at;
  if (length > MAX_PADDING) return false;
  return (await session.window.read(at, length)).every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20);
}

/** Looks for pickles from place to place, and looks at no stretch of the file twice. */
class PickleFinder {
  readonly #session: PickleSession;
  readonly #end: number;
  readonly #context: ScanContext;
  #base = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #text = "";

  constructor(session: PickleSession, end: number, context: ScanContext) {
    this.#session = session;
    this.#end = end;
    this.#context = context;
  }

  /** The next place from `from` on where a pickle that imports something begins; at `from` itself any pickle counts when `isAdjacent`. */
  async next(from: number, isAdjacent: boolean): Promise<number | null> {
    this.#context.budget.checkTime();
    if (isAdjacent && (await startsHere(this.#session, from, this.#end))) return from;
    for (let at = from; at < this.#end; at = this.#base + this.#bytes.length - OVERLAP) {
      this.#context.budget.checkTime();
      const isLast = await this.#reach(at);
      const start = await this.#inWindow(at);
      if (start !== null || isLast) return start;
    }
    return null;
  }

  /** Reads the stretch that holds a place, unless it is the one at hand; true when nothing follows it. */
  async #reach(at: number): Promise<boolean> {
    const isAtHand = at >= this.#base && at + OVERLAP < this.#base + this.#bytes.length;
    if (!isAtHand) {
      // A copy: what the window gives may be written over when a pickle is run.
      this.#bytes = Uint8Array.from(await this.#session.window.read(at, Math.min(CHUNK, this.#end - at)));
      this.#text = Buffer.from(this.#bytes.buffer).toString("latin1");
      this.#base = at;
    }
    return this.#base + this.#bytes.length >= this.#end;
  }

  async #inWindow(from: number): Promise<number | null> {
    const text = this.#text;
    RESTART.lastIndex = from - this.#base;
    for (let match = RESTART.exec(text); match !== null; match = RESTART.exec(text)) {
      const start = this.#base + match.index;
      const next = match.index + 1;
      RESTART.lastIndex = next;
      if (text.charCodeAt(match.index) === 0x80 && !isProtocol(text, match.index)) continue;
      const isInside = match.index + PROBE_BYTES <= this.#bytes.length;
      const head = isInside ? this.#bytes.subarray(match.index) : await headAt(this.#session, start, this.#end);
      if (acts(head.subarray(0, PROBE_BYTES))) return start;
      RESTART.lastIndex = next;
    }
    return null;
  }
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
