// License text -> licenses. Words, shingles, candidates, alignment, decision; then what is left over is read for terms.
import type { LicenseMatch, LicenseRecord } from "../core/license.ts";
import { LineIndex } from "../core/text.ts";
import { windowOf } from "./align.ts";
import { bestCandidate, type Candidate, forget, reach, rivalsAt, sightingsIn } from "./candidates.ts";
import { type Comparison, compareWith } from "./compare.ts";
import { differencesOf, linesOf } from "./differences.ts";
import { type Decision, decide } from "./judge.ts";
import { type LicenseIndex, licenseIndex } from "./license-index.ts";
import { locateNarrowing, reservedNotice } from "./narrowing.ts";
import { shortPointer, tagPointers } from "./pointers.ts";
import { recordAt } from "./records.ts";
import { bindingSentences, nearParts } from "./residue.ts";
import { locateRestrictions } from "./restrictions.ts";
import { shinglesOf } from "./shingles.ts";
import { readsLikeTerms } from "./unknown.ts";
import { type Words, wordsOf } from "./words.ts";

/** Matches and rejected places looked at in one text; a notice file beyond this gets no further answers. */
const MAX_ROUNDS = 400;
interface Place {
  readonly comparison: Comparison;
  readonly decision: Decision;
}

/**
 * All licenses recognised in a text, in order of place: identified, modified, pointers, and stretches that read like
 * unknown terms. Prose and code give an empty list. Analyses at most MAX_ANALYSED_CHARS characters, in linear time.
 */
export function identifyLicenses(text: string): readonly LicenseMatch[] {
  const words = wordsOf(text);
  const lines = new LineIndex(text.slice(0, words.ends[words.count - 1] ?? 0));
  const index = licenseIndex();
  const { places, nearest } = findPlaces(index, words);
  const licensePlaces = places.filter(({ comparison }) => index.templates[comparison.template]?.role === "license");
  const matches = [
    ...licensePlaces.map((place, at) => licenseMatch(index, words, lines, place, around(words, licensePlaces, places, at))),
    ...noticeMatches(index, words, lines, places),
    ...unknownMatches(index, words, lines, places, nearest),
    ...outside(licensePlaces, words, lines, tagPointers(words.cut ? text.slice(0, words.ends[words.count - 1]) : text, lines)),
  ];
  if (matches.length === 0) {
    const short = text.slice(0, 8000);
    const pointed =
      shortPointer(short, words.count, lines) ??
      (text.length > short.length ? null : reservedNotice(text, lines)) ??
      titledTerms(words, lines);
    return pointed === null ? [] : [pointed];
  }
  return matches.sort((a, b) => lineOf(a) - lineOf(b));
}

/** A title and what it forbids, too short to read like terms otherwise: 模型许可协议, 仅供学术研究使用. */
function titledTerms(words: Words, lines: LineIndex): LicenseMatch | null {
  const title = words.text.slice(0, MAX_TITLE_CHARS).trimStart().split("\n")[0]?.trim() ?? "";
  if (!TITLE.test(title) || words.count > MAX_TITLED_WORDS) return null;
  const restrictions = locateNarrowing(words, lines, 0, words.count);
  if (restrictions.length === 0) return null;
  return { outcome: "unknown-license", nearest: null, span: linesOf(words, lines, 0, words.count), form: "text", restrictions };
}

/** Terms longer than this are told by their wording. */
const MAX_TITLED_WORDS = 2_000;
const MAX_TITLE_CHARS = 200;
const TITLE =
  /^[#\s《【]{0,6}.{0,40}(?:许可|許可|授权|授權|使用)(?:协议|協議|证书|證書|证|證|条款|條款|书|書)[》】\s]{0,4}$|^[#\s]{0,6}.{0,60}\blicen[sc]e(?:\s+agreement)?\s{0,4}$/iu;

/** A license that prints its own tag points at nothing. */
function outside<T extends LicenseMatch>(places: readonly Place[], words: Words, lines: LineIndex, pointers: readonly T[]): T[] {
  const spans = places.map(({ comparison }) => linesOf(words, lines, comparison.start, comparison.end));
  return pointers.filter(
    (pointer) => !spans.some((span) => span.kind === "lines" && span.start < lineOf(pointer) && lineOf(pointer) <= span.end),
  );
}

function lineOf({ span }: LicenseMatch): number {
  return span.kind === "lines" ? span.start : 0;
}

function findPlaces(index: LicenseIndex, words: Words): { places: Place[]; nearest: Comparison | null } {
  const shingles = shinglesOf(words.hashes);
  const sightings = sightingsIn(index, shingles);
  const places: Place[] = [];
  let nearest: Comparison | null = null;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const best = bestCandidate(index, sightings);
    if (best === null) break;
    const rivals = rivalsAt(index, sightings, best);
    const winner = compareAll(index, rivals, words, shingles, places);
    const decision = winner === null ? "rejected" : decide(winner, index.templates[winner.template]?.role === "notice");
    if (winner === null || decision === "rejected") {
      if (winner !== null && winner.coverage > (nearest?.coverage ?? 0)) nearest = winner;
      forget(sightings, best.first, best.last + 1, new Set(rivals.map(({ template }) => template)));
      continue;
    }
    places.push({ comparison: winner, decision });
    forget(sightings, winner.start, winner.end);
  }
  return { places: places.sort((a, b) => a.comparison.start - b.comparison.start), nearest };
}

function compareAll(
  index: LicenseIndex,
  rivals: readonly Candidate[],
  words: Words,
  shingles: Uint32Array,
  places: readonly Place[],
): Comparison | null {
  let [start, end] = [words.count, 0];
  for (const { template, first, last } of rivals) {
    const width = reach(index.templates[template]?.length ?? 0);
    start = Math.min(start, last - width);
    end = Math.max(end, first + width);
  }
  [start, end] = freeRange(places, rivals[0], Math.max(0, start), Math.min(words.count, end));
  const window = windowOf(shingles, start, end);
  let winner: Comparison | null = null;
  for (const { template, share } of rivals) {
    if (winner !== null && cannotWin(index, template, share, winner)) continue;
    const comparison = compareWith(index, template, words, shingles, window);
    if (comparison !== null && (winner === null || isBetter(comparison, winner))) winner = comparison;
  }
  return winner;
}

/** Estimates are off by what a few unsampled words make; below this share of samples some of the license is missing for certain. */
const SURE_SHARE = 0.97;

/** Against a license that is there word for word, only a longer one that seems to be there in full has a chance. */
function cannotWin(index: LicenseIndex, template: number, share: number, winner: Comparison): boolean {
  const isExact = winner.gaps.every(({ inserted, deleted }) => inserted === "free" && deleted === "free");
  if (!isExact) return false;
  return share < SURE_SHARE || (index.templates[template]?.length ?? 0) * 1.05 < winner.matched;
}

function isBetter(a: Comparison, b: Comparison): boolean {
  return a.score > b.score || (a.score === b.score && a.coverage > b.coverage);
}

/** Text that another match has settled is not matched twice. */
function freeRange(places: readonly Place[], best: Candidate | undefined, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  for (const { comparison } of places) {
    if (best === undefined) break;
    if (comparison.end <= best.first) start = Math.max(start, comparison.end);
    else if (comparison.start > best.last) end = Math.min(end, comparison.start);
  }
  return [start, end];
}

interface Around {
  readonly before: readonly { readonly start: number; readonly end: number }[];
  readonly after: readonly { readonly start: number; readonly end: number }[];
}

/** Unmatched stretches next to a license: those behind it are its own, those before the first one too. */
function around(words: Words, licenses: readonly Place[], all: readonly Place[], at: number): Around {
  const matched = all.reduce((sum, { comparison }) => sum + comparison.end - comparison.start, 0);
  const here = licenses[at]?.comparison;
  if (here === undefined) return { before: [], after: [] };
  const next = all.find(({ comparison }) => comparison.start >= here.end)?.comparison.start ?? words.count;
  const previous = all.findLast(({ comparison }) => comparison.end <= here.start)?.comparison.end ?? 0;
  const parts = (start: number, end: number, isBefore: boolean) =>
    end <= start ? [] : nearParts(start, end, matched, words.count, !isBefore, isBefore || next < words.count);
  return { before: at === 0 ? parts(previous, here.start, true) : [], after: parts(here.end, next, false) };
}

function licenseMatch(index: LicenseIndex, words: Words, lines: LineIndex, place: Place, { before, after }: Around): LicenseMatch {
  const { comparison, decision } = place;
  const span = linesOf(words, lines, comparison.start, comparison.end);
  const license = knownRecord(comparison.record);
  const around = [...before, ...after]
    .filter((part) => !readsLikeTerms(words, part.start, part.end))
    .flatMap((part) => bindingSentences(words, lines, part.start, part.end));
  if (decision === "identified" && around.length === 0) {
    const restrictions = index.record(comparison.record).restrictions;
    return {
      outcome: "identified",
      license,
      coverage: comparison.coverage,
      span,
      restrictions: locateRestrictions(words, lines, restrictions, comparison.start, comparison.end),
    };
  }
  const differences = [...differencesOf(words, lines, comparison.gaps), ...around].sort((a, b) => startLine(a.span) - startLine(b.span));
  return { outcome: "modified", base: license, coverage: comparison.coverage, span, differences };
}

function startLine(span: LicenseMatch["span"]): number {
  return span.kind === "lines" ? span.start : 0;
}

function knownRecord(position: number): LicenseRecord {
  const record = recordAt(position);
  if (record === null) throw new RangeError(`license index has no record ${position}`);
  return record;
}

/** Notices of a license whose text is in the same file say nothing new. */
function noticeMatches(index: LicenseIndex, words: Words, lines: LineIndex, places: readonly Place[]): LicenseMatch[] {
  const roleOf = ({ comparison }: Place) => index.templates[comparison.template]?.role;
  const inFull = new Set(places.filter((place) => roleOf(place) === "license").map(({ comparison }) => comparison.record));
  return places
    .filter((place) => roleOf(place) === "notice" && !inFull.has(place.comparison.record))
    .map(({ comparison }) => {
      const license = knownRecord(comparison.record);
      return { outcome: "pointer", license, to: license.id, span: linesOf(words, lines, comparison.start, comparison.end) };
    });
}

/** Stretches that no match covers and that read like terms. */
function unknownMatches(
  index: LicenseIndex,
  words: Words,
  lines: LineIndex,
  places: readonly Place[],
  nearest: Comparison | null,
): LicenseMatch[] {
  const matches: LicenseMatch[] = [];
  let at = 0;
  for (const end of [...places.map(({ comparison }) => comparison), null]) {
    const stop = end?.start ?? words.count;
    if (stop > at && readsLikeTerms(words, at, stop)) {
      const near = nearest !== null && nearest.start >= at && nearest.end <= stop ? nearest : null;
      matches.push({
        outcome: "unknown-license",
        nearest: near === null ? null : { id: index.record(near.record).id, coverage: near.coverage },
        span: linesOf(words, lines, at, stop),
        form: "text",
        restrictions: locateNarrowing(words, lines, at, stop),
      });
    }
    at = Math.max(at, end?.end ?? at);
  }
  return matches;
}
