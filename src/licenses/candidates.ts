// Which known texts a stretch of text may be, from sampled shingles: cheap, and never a decision by itself.
import { keyPosition, type LicenseIndex } from "./license-index.ts";

/** Sightings recorded per text; more come only from texts made to be slow. */
const MAX_SIGHTINGS = 3_000_000;
/** Places of one shingle that count; a notice file repeats the same license a few hundred times at most. */
const MAX_PLACES = 400;
/** Share of a template's samples below which it is not looked at. */
const LEAST_SHARE = 0.4;
const LEAST_HITS = 3;

/** Places where each template's samples were seen, in order of place. */
export type Sightings = Map<number, number[]>;

export function sightingsIn(index: LicenseIndex, shingles: Uint32Array): Sightings {
  const sightings: Sightings = new Map();
  const places = new Map<number, number>();
  let total = 0;
  for (let at = 0; at < shingles.length && total < MAX_SIGHTINGS; at += 1) {
    const key = keyPosition(index, shingles[at] ?? 0);
    if (key === -1) continue;
    const seen = places.get(key) ?? 0;
    if (seen >= MAX_PLACES) continue;
    places.set(key, seen + 1);
    const end = index.offsets[key + 1] ?? 0;
    for (let posting = index.offsets[key] ?? 0; posting < end; posting += 1) {
      const template = index.postings[posting] ?? 0;
      const list = sightings.get(template);
      if (list === undefined) sightings.set(template, [at]);
      else list.push(at);
      total += 1;
    }
  }
  return sightings;
}

export interface Candidate {
  readonly template: number;
  /** Words of the template that are probably there. */
  readonly words: number;
  /** What its score will probably be. */
  readonly estimate: number;
  /** First and last sample seen. */
  readonly first: number;
  readonly last: number;
}

/** The densest place of each template, those that are worth aligning, best first. */
export function candidatesIn(index: LicenseIndex, sightings: Sightings): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [template, places] of sightings) {
    const known = index.templates[template];
    if (known === undefined || places.length < Math.max(LEAST_HITS, known.samples * LEAST_SHARE)) continue;
    const candidate = densest(template, places, known.length, known.samples);
    if (candidate !== null) candidates.push(candidate);
  }
  return candidates.sort((a, b) => b.estimate - a.estimate || a.template - b.template);
}

/** Words that one copy of a license of this length may stretch over. */
export function reach(length: number): number {
  return Math.ceil(length * 1.3) + 60;
}

function densest(template: number, places: readonly number[], length: number, samples: number): Candidate | null {
  const width = reach(length);
  let best = 0;
  let first = 0;
  let last = 0;
  let left = 0;
  for (let right = 0; right < places.length; right += 1) {
    while ((places[right] ?? 0) - (places[left] ?? 0) > width) left += 1;
    if (right - left + 1 > best) {
      best = right - left + 1;
      first = places[left] ?? 0;
      last = places[right] ?? 0;
    }
  }
  const share = Math.min(1, best / samples);
  if (best < LEAST_HITS || share < LEAST_SHARE) return null;
  const words = share * length;
  // Words of the template that are not there, and words of the text that are not in the template, count against it.
  return { template, words, estimate: 2 * words - length - Math.max(0, last - first - words), first, last };
}

/** Forgets what was seen in a stretch that is settled. Templates with nothing left are dropped. */
export function forget(sightings: Sightings, start: number, end: number, only?: ReadonlySet<number>): void {
  for (const [template, places] of sightings) {
    if (only !== undefined && !only.has(template)) continue;
    const kept = places.filter((place) => place < start || place >= end);
    if (kept.length === 0) sightings.delete(template);
    else if (kept.length < places.length) sightings.set(template, kept);
  }
}
