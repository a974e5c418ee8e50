// Runs the pickles of one file, one after another, and says of each what it would do.
import { AjarError } from "../../core/errors.ts";
import type { SafetyHit, ScanCoverage } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { PickleMachine } from "../../formats/pickle/machine.ts";
import { runPickle } from "../../formats/pickle/run.ts";
import { decodeText } from "../../formats/pickle/text.ts";
import { refLength, refOffset } from "../../formats/pickle/values.ts";
import { ByteWindow } from "../../formats/pickle/window.ts";
import { WindowReader } from "../../formats/window-reader.ts";
import { coverageOfError, FULL, worstCoverage } from "../combine.ts";
import { isRangeEnd } from "../file-reader.ts";
import { MAX_LINE_BYTES, MAX_MEMO, MAX_NESTING, MAX_STACK, MAX_STRING_BYTES } from "../limits.ts";
import type { ScanContext } from "../scanner.ts";
import { type NestedCandidate, PickleJudge } from "./judge.ts";
import { uncoat } from "./nested.ts";
import { CodeWords } from "./words.ts";

/** One pickle, run to its end or as far as it goes. */
export interface PickleRun {
  readonly start: number;
  /** Place behind STOP, or of the opcode that could not be executed. */
  readonly end: number;
  /** lost: array bytes of unknown length follow. over-limit, not-scanned: it goes on, and was not followed. */
  readonly state: "stopped" | "broken" | "truncated" | "lost" | "over-limit" | "not-scanned";
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
  readonly judge: PickleJudge;
  readonly machine: PickleMachine;
}

interface RunOptions {
  /** Arrays of objects around this pickle. */
  readonly depth?: number;
  /** Takes the StringRefs of texts that are put into lists. */
  readonly texts?: { readonly kind: number; readonly ref: number }[];
}

const LIMITS = { maxStack: MAX_STACK, maxMemo: MAX_MEMO, maxLine: MAX_LINE_BYTES };
/** Containers whose items are remembered: no more than a pickle of this size can have. */
const MAX_RING = 1 << 17;
const LEAST_RING = 1 << 6;
/** Values that the heaviest container has when everything shared in it is written out, per opcode: no honest pickle comes near. */
const MAX_EXPANSION = 10_000;
const LEAST_EXPANSION = 100_000_000;
/** Encodings that _codecs.encode is used with by CPython itself to carry bytes in protocols 0 to 2. */
const TEXT_ENCODING = /^(?:latin[-_]?1|iso[-_]?8859[-_]?1|l1|ascii|us-ascii|utf[-_]?8|raw[-_]unicode[-_]escape|unicode[-_]escape)$/iu;

export class PickleSession {
  readonly window: ByteWindow;
  readonly words = new CodeWords();
  readonly #reader: ByteReader;
  readonly #context: ScanContext;
  readonly #ring: number;

  constructor(reader: ByteReader, context: ScanContext) {
    this.#reader = reader;
    this.#context = context;
    this.#ring = Math.max(LEAST_RING, Math.min(MAX_RING, 2 ** Math.ceil(Math.log2(reader.sizeBytes + 1))));
    this.window = new ByteWindow(reader, (bytes, base) => this.words.look(bytes, base));
  }

  /** Text of a string by its kind and StringRef. */
  async textOf(kind: number, ref: number): Promise<string> {
    return decodeText(kind, await this.window.read(refOffset(ref), refLength(ref)));
  }

  /** Runs the pickle at `start`. @throws AjarError when the bytes cannot be had, or the time is over */
  async run(start: number, options: RunOptions = {}): Promise<PickleRun> {
    const { depth = 0, texts } = options;
    const judge = new PickleJudge(this.#context.strict, texts ?? null);
    const machine = new PickleMachine(judge, { ...LIMITS, ring: this.#ring }, start);
    machine.isTracking = texts !== undefined;
    const inner: PickleRun[] = [];
    const hooks = {
      turn: (ops: number, offset: number) => {
        this.#context.budget.checkTime();
        this.#context.budget.spendOps(ops, offset);
      },
      raw: async (offset: number) => await this.#pastArray(judge, offset, depth, inner),
    };
    let state: PickleRun["state"];
    let detail = "";
    try {
      const end = await runPickle(machine, this.window, hooks);
      state = end.kind;
      detail = end.kind === "broken" ? end.why : "";
    } catch (error) {
      if (!(error instanceof AjarError) || (error.code !== "OVER_LIMIT" && error.code !== "UNSUPPORTED")) throw error;
      state = isRangeEnd(error) ? "not-scanned" : error.code === "OVER_LIMIT" ? "over-limit" : "lost";
      detail = error.message;
    }
    const end = machine.offset;
    this.#noteEnd(judge, machine, state, detail);
    await this.#checkEncodings(judge);
    const nested = await this.#lookInside(judge);
    const hits = [...judge.hits.list, ...inner.flatMap((run) => run.hits), ...nested.hits];
    const coverage = worstCoverage([coverageOf(state, detail, end), ...inner.map((run) => run.coverage), nested.coverage]);
    return { start, end, state, coverage, hits, judge, machine };
  }

  /** Goes past what joblib wrote behind an array's wrapper. @throws AjarError UNSUPPORTED when its length is not known */
  async #pastArray(judge: PickleJudge, offset: number, depth: number, inner: PickleRun[]): Promise<number> {
    const array = await judge.joblib.following((kind, ref) => this.textOf(kind, ref));
    if (array === null) throw new AjarError("UNSUPPORTED", "an array of unknown length follows", { offset });
    if (array.bytes === null) {
      if (depth >= MAX_NESTING) throw new AjarError("OVER_LIMIT", "too many arrays of objects inside each other", { offset });
      const run = await this.run(offset, { depth: depth + 1 });
      inner.push(run);
      if (run.state !== "stopped") throw new AjarError("UNSUPPORTED", "an array of objects does not end", { offset });
      return run.end;
    }
    const padding = array.isAligned && offset < this.#reader.sizeBytes ? 1 + ((await this.window.read(offset, 1))[0] ?? 0) : 0;
    return offset + padding + array.bytes;
  }

  #noteEnd(judge: PickleJudge, machine: PickleMachine, state: PickleRun["state"], detail: string): void {
    const at = machine.offset;
    const place = { start: at, end: at + 1 };
    if (state === "over-limit")
      judge.hits.add("PK10", "limit", { ...place, variant: "limit", args: { limit: detail }, severity: "medium" });
    const size = machine.containers.heaviest;
    if (size > LEAST_EXPANSION && size > machine.ops * MAX_EXPANSION) {
      judge.hits.add("PK10", "size", { start: machine.start, end: at, args: { values: size } });
    }
    // What came before the break has run by the time a loader notices it.
    if ((state !== "broken" && state !== "truncated") || judge.imports === 0) return;
    const severity = judge.hasForeignImport ? {} : { severity: "medium" as const };
    judge.hits.add("PK06", "", { ...place, ...severity, variant: state, args: { offset: at } });
  }

  async #checkEncodings(judge: PickleJudge): Promise<void> {
    for (const { kind, ref, offset } of judge.encodings.values()) {
      const encoding = await this.textOf(kind, ref);
      if (TEXT_ENCODING.test(encoding)) continue;
      const args = { import: "_codecs.encode", argument: encoding };
      judge.hits.add("PK03", `encoding ${encoding}`, { start: offset, end: offset + 1, variant: "argument", args, quote: encoding });
    }
  }

  /** Takes the coats off strings and scans what is inside like a file. */
  async #lookInside(judge: PickleJudge): Promise<Inside> {
    const hits: SafetyHit[] = [];
    const coverages: ScanCoverage[] = [];
    for (const candidate of judge.candidates) {
      this.#context.budget.checkTime();
      const found = await this.#openString(judge, candidate).catch(overLimit);
      if (found === null) continue;
      hits.push(...found.hits);
      coverages.push(found.coverage);
    }
    if (judge.tooManyCandidates) {
      coverages.push({ state: "partial", code: "over-limit", detail: "more strings may hold pickles than are looked into" });
    }
    return { hits, coverage: worstCoverage(coverages) };
  }

  async #openString(judge: PickleJudge, { offset, length, isFile }: NestedCandidate): Promise<Inside | null> {
    // What the pickle states may be more than the file has.
    const size = Math.min(length, this.#reader.sizeBytes - offset);
    if (size <= 0) return null;
    const reader = isFile || size > MAX_STRING_BYTES ? new WindowReader(this.#reader, offset, size) : await this.#uncoated(offset, size);
    if (reader === null) return null;
    const scan = await this.#context.nested(`@${offset}`, reader);
    const isFound = scan.readings.length > 0 && (scan.coverage.state === "full" || scan.hits.length > 0);
    if (!isFound) return isFile ? { hits: [], coverage: scan.coverage } : null;
    const severity = isFile ? { severity: "info" as const, variant: "file" } : {};
    judge.hits.add("PK08", String(offset), { start: offset, end: offset + size, ...severity });
    return { hits: scan.hits, coverage: scan.coverage.state === "none" ? { ...scan.coverage, state: "partial" } : scan.coverage };
  }

  async #uncoated(offset: number, size: number): Promise<ByteReader | null> {
    const bytes = await this.window.read(offset, size);
    const inner = uncoat(bytes, (unpacked) => this.#context.budget.spendUnpacked(unpacked, offset));
    return inner === null ? null : new MemoryReader(inner);
  }
}

interface Inside {
  readonly hits: readonly SafetyHit[];
  readonly coverage: ScanCoverage;
}

/** Unpacking more than a file may ends the look inside, not the scan. */
function overLimit(error: unknown): Inside {
  if (error instanceof AjarError && error.code === "OVER_LIMIT") return { hits: [], coverage: coverageOfError(error, "partial") };
  throw error;
}

function coverageOf(state: PickleRun["state"], detail: string, offset: number): ScanCoverage {
  switch (state) {
    case "stopped":
      return FULL;
    case "broken":
      return { state: "partial", code: "malformed", detail, offset };
    case "truncated":
      return { state: "partial", code: "truncated", detail: "the pickle ends too early", offset };
    case "lost":
      return { state: "partial", code: "unsupported", detail, offset };
    case "not-scanned":
      return { state: "partial", code: "not-scanned", detail, offset };
    case "over-limit":
      return { state: "partial", code: "over-limit", detail, offset };
  }
}
