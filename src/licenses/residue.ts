// Text around a matched license. A condition appended below MIT is outside the match and still changes the terms.
import type { TextDifference } from "../core/license.ts";
import type { LineIndex } from "../core/text.ts";
import { isStrongWord } from "./binding.ts";
import { linesOf, textOf } from "./differences.ts";
import { findPhrase } from "./restrictions.ts";
import { hashWord, type Words } from "./words.ts";

/** Words next to a license that are always read. */
const NEAR_WORDS = 60;
/** When the rest of a file is no longer than this, or than the licenses in it, all of it is read. */
const SHORT_REST = 400;
/** A sentence of fewer words is a heading. */
const LEAST_SENTENCE = 4;

const SUBJECTS: ReadonlySet<number> = new Set(
  (
    "software model models weights use used using uses license licensed licensee licensees distribute distributed redistribute commercial commercially product " +
    "products service services derivative derivatives work works material materials you user users copy copies permission content " +
    "code author authors application applications outputs"
  )
    .split(" ")
    .concat([..."用模型许可您你商软件"])
    .map(hashWord),
);

// Sentences that say which license applies to what; they add no terms.
const STATEMENTS: readonly string[] = [
  "licensed under",
  "released under",
  "distributed under",
  "available under",
  "under the terms of",
  "governed by",
  "subject to the",
  "at your option",
  "see the license",
  "see license",
  "license file",
  "following license",
  "licenses apply",
  "license applies",
  "all rights reserved",
  "everyone is permitted to copy",
  "end of terms and conditions",
  "this notice",
  "third party",
  "not a law firm",
  "does not constitute legal advice",
  "may be used only",
  // Disclaimers protect the licensor and ask nothing of the reader.
  "in no event",
  "as is",
  "express or implied",
  "without warranty",
  "without any warranty",
];

export interface Region {
  readonly start: number;
  readonly end: number;
}

/** Binding sentences in a stretch of unmatched text next to a license, as insertions. */
export function bindingSentences(words: Words, lines: LineIndex, start: number, end: number): TextDifference[] {
  const found: TextDifference[] = [];
  let at = start;
  while (at < end) {
    let next = at + 1;
    while (next < end && words.sentences[next] === words.sentences[at]) next += 1;
    if (binds(words, at, next)) {
      found.push({ kind: "inserted", text: textOf(words, at, next), span: linesOf(words, lines, at, next), normative: true });
    }
    at = next;
  }
  return found;
}

function binds(words: Words, start: number, end: number): boolean {
  if (end - start < LEAST_SENTENCE) return false;
  let isStrong = false;
  let hasSubject = false;
  for (let at = start; at < end; at += 1) {
    const hash = words.hashes[at] ?? 0;
    if (isStrongWord(hash)) isStrong = true;
    if (SUBJECTS.has(hash)) hasSubject = true;
  }
  if (!isStrong || !hasSubject) return false;
  return !STATEMENTS.some((phrase) => findPhrase(words, phrase, start, end) !== -1);
}

/** The parts of the unmatched stretch between two matches that belong to the one before it and the one behind it. */
export function nearParts(start: number, end: number, matched: number, total: number, hasBefore: boolean, hasAfter: boolean): Region[] {
  const rest = total - matched;
  if (rest <= Math.max(SHORT_REST, matched)) return [{ start, end }];
  const parts: Region[] = [];
  if (hasBefore) parts.push({ start, end: Math.min(end, start + NEAR_WORDS) });
  if (hasAfter) parts.push({ start: Math.max(start, end - NEAR_WORDS, parts[0]?.end ?? 0), end });
  return parts.filter((part) => part.end > part.start);
}
