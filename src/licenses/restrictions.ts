import { quoteOf } from "../core/evidence.ts";
import type { LocatedRestriction } from "../core/license.ts";
import type { LineIndex } from "../core/text.ts";
import { linesOf, sentenceAround, textOf } from "./differences.ts";
import type { IndexedRestriction } from "./license-index.ts";
import { type Words, wordsOf } from "./words.ts";

const phraseCache = new Map<string, Uint32Array>();

function phraseHashes(phrase: string): Uint32Array {
  let hashes = phraseCache.get(phrase);
  if (hashes === undefined) {
    hashes = wordsOf(phrase).hashes;
    phraseCache.set(phrase, hashes);
  }
  return hashes;
}

/** Word position of a phrase between two positions, -1 when it is not there. */
export function findPhrase(words: Words, phrase: string, start: number, end: number): number {
  const wanted = phraseHashes(phrase);
  const first = wanted[0];
  if (first === undefined) return -1;
  for (let at = start; at + wanted.length <= end; at += 1) {
    if (words.hashes[at] !== first) continue;
    let length = 1;
    while (length < wanted.length && words.hashes[at + length] === wanted[length]) length += 1;
    if (length === wanted.length) return at;
  }
  return -1;
}

/** Finds the clauses that a license's restrictions rest on in the text itself; lines and quote are of the clause's sentence. */
export function locateRestrictions(
  words: Words,
  lines: LineIndex,
  restrictions: readonly IndexedRestriction[],
  start: number,
  end: number,
): LocatedRestriction[] {
  return restrictions.map(({ term, clause, summary, locate }) => {
    for (const phrase of locate) {
      const at = findPhrase(words, phrase, start, end);
      if (at === -1) continue;
      const [from, to] = sentenceAround(words, at, at + phraseHashes(phrase).length);
      return { term, clause, summary, span: linesOf(words, lines, from, to), quote: quoteOf(textOf(words, from, to)) };
    }
    // The license is identified, so the clause is in it; only its exact place is not known.
    return {
      term,
      clause,
      summary,
      span: linesOf(words, lines, start, end),
      quote: quoteOf(textOf(words, start, Math.min(end, start + 40))),
    };
  });
}
