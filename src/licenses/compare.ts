// What differs between a stretch of text and one known license, and how much each difference matters.
import { alignRuns, type Run, type Window, windowOf } from "./align.ts";
import { holdsNumber, isBindingWord, isStrongWord } from "./binding.ts";
import type { LicenseIndex } from "./license-index.ts";
import { FLAG_BINDING, FLAG_OPTIONAL } from "./shingles.ts";
import { hashWord, type Words } from "./words.ts";

/** Words that may stand in a name slot or a copyright line. */
const MAX_SLOT_WORDS = 40;
const MAX_COPYRIGHT_WORDS = 80;

/** free: a filled-in or left-out part. minor: wording that binds nobody. binding: the terms differ. */
type Weight = "free" | "minor" | "binding";

/** Words of the text and of the license between two runs that match. Word positions, ends excluded. */
export interface Gap {
  readonly textStart: number;
  readonly textEnd: number;
  readonly referenceStart: number;
  readonly referenceEnd: number;
  readonly inserted: Weight;
  readonly deleted: Weight;
  /** Words of the license missing here, optional ones not counted. */
  readonly deletedWords: number;
  /** The inserted words forbid or demand something. */
  readonly demands: boolean;
}

export interface Comparison {
  readonly template: number;
  readonly record: number;
  /** Words of the text from the first to the last one that match. */
  readonly start: number;
  readonly end: number;
  /** Share of the license's words that stand in the text, optional ones not counted. */
  readonly coverage: number;
  readonly matched: number;
  readonly gaps: readonly Gap[];
  readonly score: number;
}

const COPYRIGHT = hashWord("copyright");
const COPYRIGHTED = hashWord("copyrighted");
const RESERVED = hashWord("reserved");
const PROVIDED = hashWord("provided");
const THAT = hashWord("that");

/** Compares a stretch of text with one template of the index; null when nothing matches. */
export function compareWith(index: LicenseIndex, template: number, words: Words, shingles: Uint32Array, window: Window): Comparison | null {
  const known = index.templates[template];
  if (known === undefined) return null;
  const reference = index.reference(known);
  const runs = attachedRuns(reference, shingles, window, words);
  const first = runs[0];
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return null;
  const gaps = gapsOf(runs, reference, words);
  let optional = 0;
  for (const entry of reference) optional += entry & FLAG_OPTIONAL;
  let missing = 0;
  let inserted = 0;
  let missingOptional = 0;
  for (const gap of gaps) {
    missing += gap.deletedWords;
    missingOptional += gap.referenceEnd - gap.referenceStart - gap.deletedWords;
    inserted += gap.inserted === "free" ? 0.1 * Math.min(MAX_SLOT_WORDS, gap.textEnd - gap.textStart) : gap.textEnd - gap.textStart;
  }
  const binding = Math.max(1, reference.length - optional);
  const matched = binding - missing;
  return {
    template,
    record: known.record,
    start: first.text,
    end: last.text + last.length,
    coverage: matched / binding,
    matched: matched + optional - missingOptional,
    gaps,
    score: matched - missing - inserted + 0.2 * (optional - missingOptional),
  };
}

/** Alignments tried for one license: each but the first leaves out a far copy of an optional part. */
const MAX_TRIES = 4;

/**
 * Runs of one copy of the license. An appendix matches better in another license's copy of it than with the blanks
 * filled in; such a part, optional and behind text that binds, is left out and sought nearer by.
 */
function attachedRuns(reference: Uint32Array, shingles: Uint32Array, window: Window, words: Words): readonly Run[] {
  let within = window;
  let runs = alignRuns(reference, shingles, within);
  for (let tries = 1; tries < MAX_TRIES; tries += 1) {
    const cut = detachedAt(runs, reference, words);
    if (cut === runs.length) break;
    within = windowOf(shingles, within.start, runs[cut]?.text ?? within.end);
    runs = alignRuns(reference, shingles, within);
  }
  return runs.slice(0, detachedAt(runs, reference, words));
}

/** Position of the first run from which on all is optional and which follows an insertion that binds; the number of runs if there is none. */
function detachedAt(runs: readonly Run[], reference: Uint32Array, words: Words): number {
  let cut = runs.length;
  for (let at = runs.length - 1; at > 0; at -= 1) {
    const run = runs[at];
    const before = runs[at - 1];
    if (run === undefined || before === undefined || !isAllOptional(reference, run)) break;
    if (weighInsertion(words, before.text + before.length, run.text, true) === "binding") cut = at;
  }
  return cut;
}

function isAllOptional(reference: Uint32Array, run: Run): boolean {
  for (let at = run.reference; at < run.reference + run.length; at += 1) if (!isOptional(reference, at)) return false;
  return true;
}

function gapsOf(runs: readonly Run[], reference: Uint32Array, words: Words): Gap[] {
  const gaps: Gap[] = [];
  let textEnd = runs[0]?.text ?? 0;
  let referenceEnd = 0;
  const add = (nextText: number, nextReference: number): void => {
    if (nextText > textEnd || nextReference > referenceEnd) {
      gaps.push(weigh(words, reference, textEnd, Math.max(textEnd, nextText), referenceEnd, Math.max(referenceEnd, nextReference)));
    }
  };
  for (const run of runs) {
    // Shingles overlap: a word said twice (`not not`), or one of two alike left out, lies in both runs and counts once.
    const overlap = Math.max(0, referenceEnd - run.reference, textEnd - run.text);
    if (run !== runs[0] || run.reference > 0) add(run.text + overlap, run.reference + overlap);
    textEnd = Math.max(textEnd, run.text + run.length);
    referenceEnd = Math.max(referenceEnd, run.reference + run.length);
  }
  add(textEnd, reference.length);
  return gaps.map((gap) => withNeighbours(gap, words, reference));
}

/** Words next to a match that are read when the license's first or last words are missing there. */
const NEIGHBOURS = 3;

/** A license whose last words are missing may go on in other words: `is not preserved` for `is preserved`. */
function withNeighbours(gap: Gap, words: Words, reference: Uint32Array): Gap {
  if (gap.deletedWords === 0 || gap.deletedWords > MAX_SLOT_WORDS || gap.textEnd > gap.textStart) return gap;
  const reach = gap.deletedWords + NEIGHBOURS;
  if (gap.referenceStart === 0) {
    return weigh(words, reference, Math.max(0, gap.textStart - reach), gap.textEnd, gap.referenceStart, gap.referenceEnd);
  }
  if (gap.referenceEnd < reference.length) return gap;
  return weigh(words, reference, gap.textStart, Math.min(words.count, gap.textEnd + reach), gap.referenceStart, gap.referenceEnd);
}

function weigh(
  words: Words,
  reference: Uint32Array,
  textStart: number,
  textEnd: number,
  referenceStart: number,
  referenceEnd: number,
): Gap {
  let deletedWords = 0;
  let deletedBinds = false;
  let touchesSlot = isOptional(reference, referenceStart - 1) || isOptional(reference, referenceEnd);
  for (let at = referenceStart; at < referenceEnd; at += 1) {
    if (isOptional(reference, at)) {
      touchesSlot = true;
      continue;
    }
    deletedWords += 1;
    if (((reference[at] ?? 0) & FLAG_BINDING) !== 0) deletedBinds = true;
  }
  return {
    textStart,
    textEnd,
    referenceStart,
    referenceEnd,
    deletedWords,
    deleted: deletedWords === 0 ? "free" : deletedBinds ? "binding" : "minor",
    inserted: weighInsertion(words, textStart, textEnd, touchesSlot),
    demands: words.hashes.subarray(textStart, textEnd).some(isStrongWord),
  };
}

function isOptional(reference: Uint32Array, at: number): boolean {
  return at >= 0 && at < reference.length && ((reference[at] ?? 0) & FLAG_OPTIONAL) !== 0;
}

/** "provided that the above copyright notice …" is a condition, however much it sounds like a copyright line. */
function demandsAt({ hashes }: Words, at: number): boolean {
  const hash = hashes[at] ?? 0;
  return isStrongWord(hash) || (hash === PROVIDED && hashes[at + 1] === THAT);
}

function weighInsertion(words: Words, start: number, end: number, touchesSlot: boolean): Weight {
  let binds = false;
  let isStrong = false;
  let isCopyright = false;
  for (let at = start; at < end; at += 1) {
    const hash = words.hashes[at] ?? 0;
    if (hash === COPYRIGHT || hash === RESERVED || hash === COPYRIGHTED) isCopyright = true;
    if (demandsAt(words, at)) isStrong = true;
    if (isBindingWord(hash) || holdsNumber(words, at)) binds = true;
  }
  const length = end - start;
  if (length === 0) return "free";
  if (isStrong) return "binding";
  if (isCopyright && length <= MAX_COPYRIGHT_WORDS) return "free";
  if (touchesSlot && length <= MAX_SLOT_WORDS) return "free";
  return binds ? "binding" : "minor";
}
