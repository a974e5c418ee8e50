// Runs a reader over mutants and says what became of each. Every run can be repeated alone by its number.
import { AjarError } from "../../src/core/errors.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";
import { random } from "../formats/random.ts";
import { mutant } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";

const ANSWERS: ReadonlySet<string> = new Set(["NOT_THIS_FORMAT", "TRUNCATED", "OVER_LIMIT", "INCONSISTENT", "UNSUPPORTED"]);

/** A run may take this long, in milliseconds. */
export const MAX_RUN_MS = 1000;

export type FuzzOutcome =
  | { readonly kind: "read" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "crash"; readonly what: string };

/** The mutant of one run. */
export function mutantOf(target: FuzzTarget, seed: number, run: number): Uint8Array {
  // A large odd step keeps the streams of neighbouring runs apart.
  return mutant(target, random((seed + Math.imul(run, 0x9e3779b1)) | 0));
}

/** Reads some bytes; only an AjarError with a format code and a place counts as a refusal. */
export async function outcomeOf(target: FuzzTarget, bytes: Uint8Array): Promise<FuzzOutcome> {
  try {
    await target.read(new MemoryReader(bytes));
    return { kind: "read" };
  } catch (error) {
    if (!(error instanceof AjarError))
      return { kind: "crash", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    if (!ANSWERS.has(error.code)) return { kind: "crash", what: `${error.code}: ${error.message}` };
    const { offset } = error;
    if (offset === undefined || !Number.isSafeInteger(offset) || offset < 0)
      return { kind: "crash", what: `place ${offset}: ${error.message}` };
    return { kind: "refused", code: error.code };
  }
}

/** Milliseconds that a reader needs for some bytes: the least of three, since a busy machine only ever adds. */
export async function timeOf(target: FuzzTarget, bytes: Uint8Array): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    await outcomeOf(target, bytes);
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

export interface FuzzTally {
  read: number;
  refused: number;
  /** Run numbers with what went wrong. */
  readonly crashes: { readonly run: number; readonly what: string }[];
  slowestMs: number;
  slowestRun: number;
}

export function emptyTally(): FuzzTally {
  return { read: 0, refused: 0, crashes: [], slowestMs: 0, slowestRun: -1 };
}

/** More crashes than these are one bug seen often. */
const MAX_CRASHES = 10;

/** Runs `from` up to `to`; `before` hears each number before it is run. */
export async function fuzz(
  target: FuzzTarget,
  {
    seed,
    from,
    to,
    before,
  }: { readonly seed: number; readonly from: number; readonly to: number; readonly before?: (run: number) => void },
  tally: FuzzTally = emptyTally(),
): Promise<FuzzTally> {
  for (let run = from; run < to && tally.crashes.length < MAX_CRASHES; run += 1) {
    before?.(run);
    const bytes = mutantOf(target, seed, run);
    const started = performance.now();
    const outcome = await outcomeOf(target, bytes);
    let elapsed = performance.now() - started;
    if (elapsed > MAX_RUN_MS) elapsed = await timeOf(target, bytes);
    if (elapsed > tally.slowestMs) Object.assign(tally, { slowestMs: elapsed, slowestRun: run });
    if (elapsed > MAX_RUN_MS) tally.crashes.push({ run, what: `took ${Math.round(elapsed)} ms` });
    if (outcome.kind === "crash") tally.crashes.push({ run, what: outcome.what });
    else tally[outcome.kind] += 1;
  }
  return tally;
}
