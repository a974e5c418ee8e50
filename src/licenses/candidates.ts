// Which known texts a stretch of text may be, from sampled shingles: cheap, and never a decision by itself.
import { keyPosition, type LicenseIndex } from "./license-index.ts";

/** Sightings recorded per text; more come only from texts made to be slow. */
const MAX_SIGHTINGS = 3_000_000;
/** Places of one shingle that count; a notice file repeats the same license a few hundred times at most. */
const MAX_PLACES = 400;
/** Share of a template's samples below which it is not looked at. */
const LEAST_SHARE = 0.4;
const LEAST_HITS = 3;
/** Known texts aligned with one place. Families of near twins have up to forty members. */
const MAX_ALIGNED = 24;
/** A candidate this far below the best estimate cannot win: share of the best one's words, and words at least. */
const ESTIMATE_SLACK = 0.15;
const LEAST_SLACK = 30;

/** Places where each template's samples were seen, in order of place, and the densest stretch of each, once computed. */
export interface Sightings {
  /** Keys of the index by place; -1 where no sample stands. */
  readonly keyAt: Int32Array;
  readonly places: Map<number, readonly number[]>;
  readonly densest: Map<number, Candidate | null>;
}

/** Per key of the index, kept between texts because clearing them costs more than reading a short text. */
let counters = new Uint16Array(0);
let marks = new Uint32Array(0);
let mark = 0;

function makeRoom(index: LicenseIndex): void {
  if (counters.length >= index.keys.length) return;
  counters = new Uint16Array(index.keys.length);
  marks = new Uint32Array(index.keys.length);
}

/** Keys by place: how often each may count is bounded. */
function keysAt(index: LicenseIndex, shingles: Uint32Array): Int32Array {
  const keyAt = new Int32Array(shingles.length).fill(-1);
  makeRoom(index);
  for (let at = 0; at < shingles.length; at += 1) {
    const key = keyPosition(index, shingles[at] ?? 0);
    if (key === -1 || (counters[key] ?? 0) >= MAX_PLACES) continue;
    counters[key] = (counters[key] ?? 0) + 1;
    keyAt[at] = key;
  }
  for (const key of keyAt) if (key !== -1) counters[key] = 0;
  return keyAt;
}

export function sightingsIn(index: LicenseIndex, shingles: Uint32Array): Sightings {
  const { offsets, postings } = index;
  const keyAt = keysAt(index, shingles);
  const counts = new Uint32Array(index.templates.length);
  for (const key of keyAt) {
    if (key === -1) continue;
    const end = offsets[key + 1] ?? 0;
    for (let posting = offsets[key] ?? 0; posting < end; posting += 1) {
      const template = postings[posting] ?? 0;
      counts[template] = (counts[template] ?? 0) + 1;
    }
  }
  const lists = index.templates.map(({ samples }, template) =>
    (counts[template] ?? 0) >= Math.max(LEAST_HITS, samples * LEAST_SHARE) ? [] : null,
  );
  collect(index, keyAt, lists);
  const places = new Map<number, readonly number[]>();
  lists.forEach((list, template) => {
    if (list !== null) places.set(template, list);
  });
  return { keyAt, places, densest: new Map() };
}

function collect(index: LicenseIndex, keyAt: Int32Array, lists: readonly (number[] | null)[]): void {
  const { offsets, postings } = index;
  let total = 0;
  for (let at = 0; at < keyAt.length && total < MAX_SIGHTINGS; at += 1) {
    const key = keyAt[at] ?? -1;
    if (key === -1) continue;
    const end = offsets[key + 1] ?? 0;
    for (let posting = offsets[key] ?? 0; posting < end; posting += 1) {
      const list = lists[postings[posting] ?? 0];
      if (list === null || list === undefined) continue;
      list.push(at);
      total += 1;
    }
  }
}

export interface Candidate {
  readonly template: number;
  /** Share of its samples that were seen. */
  readonly share: number;
  /** What its score will probably be. */
  readonly estimate: number;
  /** First and last sample seen. */
  readonly first: number;
  readonly last: number;
}

/** The template that most probably stands somewhere in the text, at its densest place; null when none is worth aligning. */
export function bestCandidate(index: LicenseIndex, sightings: Sightings): Candidate | null {
  let best: Candidate | null = null;
  for (const [template, places] of sightings.places) {
    let candidate = sightings.densest.get(template);
    if (candidate === undefined) {
      candidate = densest(index, sightings.keyAt, template, places);
      sightings.densest.set(template, candidate);
    }
    if (candidate !== null && (best === null || isAhead(candidate, best))) best = candidate;
  }
  return best;
}

function isAhead(a: Candidate, b: Candidate): boolean {
  return a.estimate > b.estimate || (a.estimate === b.estimate && a.template < b.template);
}

/** Every template that may stand where `best` does, best first, `best` among them. */
export function rivalsAt(index: LicenseIndex, sightings: Sightings, best: Candidate): Candidate[] {
  const length = index.templates[best.template]?.length ?? 0;
  const slack = Math.max(LEAST_SLACK, ESTIMATE_SLACK * length);
  const margin = Math.ceil(length * 0.1) + 20;
  const rivals: Candidate[] = [best];
  for (const [template, places] of sightings.places) {
    if (template === best.template) continue;
    const width = Math.max(0, reach(index.templates[template]?.length ?? 0) - (best.last - best.first));
    const from = lowerBound(places, best.first - Math.max(margin, width));
    const to = lowerBound(places, best.last + Math.max(margin, width) + 1);
    if (to - from < LEAST_HITS) continue;
    const rival = densest(index, sightings.keyAt, template, places, from, to);
    if (rival !== null && rival.first <= best.last && rival.last >= best.first && rival.estimate >= best.estimate - slack)
      rivals.push(rival);
  }
  return rivals.sort((a, b) => (isAhead(a, b) ? -1 : 1)).slice(0, MAX_ALIGNED);
}

function lowerBound(places: readonly number[], wanted: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Words that one copy of a license of this length may stretch over. */
export function reach(length: number): number {
  return Math.ceil(length * 1.3) + 60;
}

/** The first stretch with the most samples. */
function densest(
  index: LicenseIndex,
  keyAt: Int32Array,
  template: number,
  places: readonly number[],
  from = 0,
  to = places.length,
): Candidate | null {
  const known = index.templates[template];
  if (known === undefined || to - from < Math.max(LEAST_HITS, known.samples * LEAST_SHARE)) return null;
  const { length, samples } = known;
  const width = reach(length);
  let most = 0;
  let start = from;
  let left = from;
  for (let right = from; right < to && most < samples; right += 1) {
    while ((places[right] ?? 0) - (places[left] ?? 0) > width) left += 1;
    if (right - left + 1 > most) {
      most = right - left + 1;
      start = left;
    }
  }
  const first = places[start] ?? 0;
  const last = places[start + most - 1] ?? 0;
  // A sample seen twice belongs to a second copy and says nothing about the first.
  const different = countDifferent(index, keyAt, places, start, start + most);
  const share = different / samples;
  if (different < LEAST_HITS || share < LEAST_SHARE) return null;
  const words = share * length;
  // Words of the template that are not there, and words of the text that are not in the template, count against it.
  return { template, share, estimate: 2 * words - length - Math.max(0, last - first - words), first, last };
}

function countDifferent(index: LicenseIndex, keyAt: Int32Array, places: readonly number[], start: number, end: number): number {
  makeRoom(index);
  mark += 1;
  let different = 0;
  for (let at = start; at < end; at += 1) {
    const key = keyAt[places[at] ?? 0] ?? 0;
    if (marks[key] === mark) continue;
    marks[key] = mark;
    different += 1;
  }
  return different;
}

/** Forgets what was seen in a stretch that is settled. */
export function forget(sightings: Sightings, start: number, end: number, only?: ReadonlySet<number>): void {
  for (const [template, places] of sightings.places) {
    if (only !== undefined && !only.has(template)) continue;
    const from = lowerBound(places, start);
    const to = lowerBound(places, end);
    if (from === to) continue;
    sightings.densest.delete(template);
    if (to - from === places.length) sightings.places.delete(template);
    else sightings.places.set(template, [...places.slice(0, from), ...places.slice(to)]);
  }
}
