// Longest common subsequence of two shingle sequences (Hunt and Szymanski), which is exact and, with the occurrences of
// one shingle bounded, takes O(m log m) for a license of m words however hostile the text is.
import { FLAG_BITS, SHINGLE_WORDS } from "./shingles.ts";

/** Places of one shingle that are looked at in one window; licenses repeat their phrases far less often. */
const MAX_OCCURRENCES = 160;
/** Runs shorter than this many words at an end of the match, far from the rest, are chance. */
const CHANCE_WORDS = 8;
/** Words between such a run and the rest beyond what the license has there. */
const CHANCE_DISTANCE = 24;

/** The shingles of one stretch of text, by hash. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly mask: number;
  /** Hash slot -> last position with that slot, or -1. */
  readonly heads: Int32Array;
  /** Position in the window -> earlier position in the same slot, or -1. */
  readonly earlier: Int32Array;
}

export function windowOf(shingles: Uint32Array, start: number, end: number): Window {
  let size = 16;
  while (size < (end - start) * 2) size *= 2;
  const heads = new Int32Array(size).fill(-1);
  const earlier = new Int32Array(end - start).fill(-1);
  const mask = size - 1;
  for (let at = start; at < end; at += 1) {
    const hash = shingles[at] ?? 0;
    if (hash === 0) continue;
    const slot = hash & mask;
    earlier[at - start] = heads[slot] ?? -1;
    heads[slot] = at;
  }
  return { start, end, mask, heads, earlier };
}

/** Words that follow each other in both sequences. */
export interface Run {
  readonly reference: number;
  readonly text: number;
  readonly length: number;
}

interface Chain {
  /** Top match of each pile, as a position in `textAt`. */
  readonly piles: number[];
  /** Text position of each pile's top, kept apart for the binary search. */
  readonly tops: number[];
  readonly referenceAt: number[];
  readonly textAt: number[];
  readonly before: number[];
}

/** Runs of words that a text shares with a reference, in order in both. `reference` holds index entries, `shingles` hashes. */
export function alignRuns(reference: Uint32Array, shingles: Uint32Array, window: Window): Run[] {
  const straight = alignStraight(reference, shingles, window);
  if (straight !== null) return dropChance(runsOf(straight, reference, shingles));
  const chain: Chain = { piles: [], tops: [], referenceAt: [], textAt: [], before: [] };
  for (let at = 0; at < reference.length; at += 1) {
    const hash = (reference[at] ?? 0) >>> FLAG_BITS;
    if (hash === 0) continue;
    let seen = 0;
    let position = window.heads[hash & window.mask] ?? -1;
    while (position !== -1 && seen < MAX_OCCURRENCES) {
      if (shingles[position] === hash) {
        place(chain, at, position);
        seen += 1;
      }
      position = window.earlier[position - window.start] ?? -1;
    }
  }
  return dropChance(runsOf(matchesOf(chain), reference, shingles));
}

/**
 * Matches each shingle with its next place in the text. When every shingle that is in the window at all finds one, no
 * alignment has more, so the search can be spared; null otherwise. Most copies of a license take this way.
 */
function alignStraight(reference: Uint32Array, shingles: Uint32Array, window: Window): Matches | null {
  const references: number[] = [];
  const texts: number[] = [];
  let text = window.start - 1;
  for (let at = 0; at < reference.length; at += 1) {
    const hash = (reference[at] ?? 0) >>> FLAG_BITS;
    if (hash === 0) continue;
    const next = shingles[text + 1] === hash && text + 1 < window.end ? text + 1 : nextPlace(shingles, window, hash, text);
    if (next === BEHIND) return null;
    if (next === NOWHERE) continue;
    references.push(at);
    texts.push(next);
    text = next;
  }
  return { references, texts };
}

const NOWHERE = -1;
const BEHIND = -2;

/** First place of a shingle after `text`; BEHIND when it only stands before, NOWHERE when it does not stand in the window. */
function nextPlace(shingles: Uint32Array, window: Window, hash: number, text: number): number {
  let found = NOWHERE;
  let position = window.heads[hash & window.mask] ?? -1;
  for (let seen = 0; position !== -1 && seen < MAX_OCCURRENCES; seen += 1) {
    if (shingles[position] === hash) {
      if (position <= text) return found === NOWHERE ? BEHIND : found;
      found = position;
    }
    position = window.earlier[position - window.start] ?? -1;
  }
  return found;
}

function place(chain: Chain, reference: number, text: number): void {
  const { tops } = chain;
  let low = 0;
  let high = tops.length;
  const last = high === 0 ? -1 : (tops[high - 1] ?? 0);
  if (text > last) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) < text) low = middle + 1;
    else high = middle;
  }
  chain.referenceAt.push(reference);
  chain.textAt.push(text);
  chain.before.push(low === 0 ? -1 : (chain.piles[low - 1] ?? -1));
  chain.piles[low] = chain.textAt.length - 1;
  tops[low] = text;
}

/** Matching places, in order on both sides. */
interface Matches {
  readonly references: readonly number[];
  readonly texts: number[];
}

function matchesOf(chain: Chain): Matches {
  const references: number[] = [];
  const texts: number[] = [];
  for (let match = chain.piles.at(-1) ?? -1; match !== -1; match = chain.before[match] ?? -1) {
    references.push(chain.referenceAt[match] ?? 0);
    texts.push(chain.textAt[match] ?? 0);
  }
  return { references: references.reverse(), texts: texts.reverse() };
}

function runsOf({ references, texts }: Matches, reference: Uint32Array, shingles: Uint32Array): Run[] {
  pullTogether(references, texts, reference, shingles);
  const runs: { reference: number; text: number; length: number }[] = [];
  references.forEach((at, index) => {
    const text = texts[index] ?? 0;
    const run = runs.at(-1);
    const isNext = run !== undefined && at - run.reference === text - run.text && at <= run.reference + run.length;
    if (isNext) run.length = at - run.reference + SHINGLE_WORDS;
    else runs.push({ reference: at, text, length: SHINGLE_WORDS });
  });
  return runs;
}

/** Of equally long common sequences the search gives a scattered one; this moves each match next to its successor, then its predecessor. */
function pullTogether(references: readonly number[], texts: number[], reference: Uint32Array, shingles: Uint32Array): void {
  const fits = (index: number, wanted: number): boolean => shingles[wanted] === (reference[references[index] ?? 0] ?? 0) >>> FLAG_BITS;
  const gapBefore = (index: number): number => (references[index] ?? 0) - (references[index - 1] ?? 0);
  for (let index = references.length - 2; index >= 0; index -= 1) {
    const wanted = (texts[index + 1] ?? 0) - gapBefore(index + 1);
    if (wanted > (texts[index - 1] ?? -1) && fits(index, wanted)) texts[index] = wanted;
  }
  for (let index = 1; index < references.length; index += 1) {
    const wanted = (texts[index - 1] ?? 0) + gapBefore(index);
    if (wanted < (texts[index] ?? 0) && fits(index, wanted)) texts[index] = wanted;
  }
}

function dropChance(runs: Run[]): Run[] {
  let first = 0;
  let last = runs.length - 1;
  while (first < last && isChance(runs[first], runs[first], runs[first + 1])) first += 1;
  while (first < last && isChance(runs[last], runs[last - 1], runs[last])) last -= 1;
  return runs.slice(first, last + 1);
}

function isChance(run: Run | undefined, left: Run | undefined, right: Run | undefined): boolean {
  if (run === undefined || left === undefined || right === undefined || run.length >= CHANCE_WORDS) return false;
  const textGap = right.text - left.text - left.length;
  const referenceGap = right.reference - left.reference - left.length;
  return textGap - referenceGap > CHANCE_DISTANCE;
}
