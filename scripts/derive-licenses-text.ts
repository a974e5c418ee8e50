// Turns one license text into index entries: shingles with a flag for words that may vary and for words that bind.
import { holdsNumber, isBindingWord } from "../src/licenses/binding.ts";
import { FLAG_BINDING, FLAG_BITS, FLAG_OPTIONAL, shinglesOf } from "../src/licenses/shingles.ts";
import { type Words, wordsOf } from "../src/licenses/words.ts";

/** Character range of a text. */
export type Range = readonly [start: number, end: number];

// SPDX templates mark these with <<var>> and <<beginOptional>>; the package has the texts without the marks.
const OPTIONAL_PATTERNS: readonly RegExp[] = [
  /^[^\p{L}\p{N}\n]*(?:software )?copyright(?: and related rights)?[^\p{L}\p{N}\n]*(?:\(c\)|©|\d{4}|<|\[|\{|by\b|year\b)[^\n]*/gimu,
  /^[^\p{L}\p{N}\n]*(?:\(c\)|©)\s*(?:\d{4}|copyright|<|\[|by\b)[^\n]*/gimu,
  /\ball rights reserved\b/giu,
  /<[^<>\n]{1,80}>/gu,
  /\[[^[\]\n]{0,60}(?:name|year|yyyy|owner|holder|software|organization|date|author|insert|company)[^[\]\n]{0,60}\]/giu,
  /\{[^{}\n]{1,80}\}/gu,
  /https?:\/\/[^\s)>\]]+/gu,
  /\b\d{2,3} \w+ (?:street|place|avenue|ave)\b[^.\n]{0,80}(?:\d{5}(?:-\d{4})?)(?:,? +usa)?/giu,
  /\b(?:temple place|franklin street)[^.\n]{0,80}/giu,
];
// Slots for a name: the group `name` may be any other name.
const NAME_SLOTS: readonly RegExp[] = [
  /\bprovided\s+by\s+(?<name>[^.]{1,120}?)\s+\W{0,3}as\s+is/dgiu,
  /\bno\s+event\s+(?:shall|will)\s+(?<name>[^.]{1,160}?)\s+be\s+liable/dgiu,
  /\bneither\s+the\s+names?\s+(?:of\s+)?(?<name>[^.]{1,120}?)\s+nor\b/dgiu,
  /\bnor\s+the\s+names?\s+of\s+(?<name>[^.]{1,80}?)\s+(?:may|nor|shall)\b/dgiu,
  /\bthe\s+names?\s+(?:of\s+)?(?<name>[^.]{1,100}?)\s+(?:may|must|shall)\s+not\s+be\s+used/dgiu,
  /\bas\s+is\W{1,4}\s*and\s+(?<name>[^.]{1,60}?)\s+disclaims?\s+all/dgiu,
  /(?:^|\.)\s*(?<name>[^.\n]{1,60}?)\s+(?:disclaims?|makes\s+no\s+representations)\b/dgimu,
];
const TITLE_WORDS = 10;
const TITLE_LINES = 4;

/** Ranges of a license text that copies leave out or fill in. */
export function optionalRanges(text: string): Range[] {
  const ranges: Range[] = [];
  for (const pattern of OPTIONAL_PATTERNS) {
    for (const match of text.matchAll(pattern)) ranges.push([match.index, match.index + match[0].length]);
  }
  for (const pattern of NAME_SLOTS) {
    for (const match of text.matchAll(pattern)) {
      const range = match.indices?.groups?.["name"];
      if (range !== undefined) ranges.push(range);
    }
  }
  return [...ranges, ...titleRange(text)];
}

/** The short lines above the first sentence. */
function titleRange(text: string): Range[] {
  let at = 0;
  let lines = 0;
  let end = 0;
  for (const line of text.split("\n")) {
    const words = line.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    if (
      words > TITLE_WORDS ||
      lines >= TITLE_LINES ||
      /^\s*(?:\d+\.|[-*]\s)|[:;,]\s*$|\b(?:permission|permitted|granted|may|distribut)/iu.test(line)
    )
      break;
    at += line.length + 1;
    if (words > 0) {
      lines += 1;
      end = at;
    }
  }
  // A text that is nothing but short lines is not a title.
  return end > 0 && end < text.length / 2 ? [[0, end]] : [];
}

/** Index entries of a text: `hash << FLAG_BITS | flags`, one a word. */
export function entriesOf(text: string, optional: readonly Range[]): Uint32Array {
  const words = wordsOf(text);
  const shingles = shinglesOf(words.hashes);
  const isOptional = optionalWords(words, optional);
  return Uint32Array.from(shingles, (hash, at) => {
    const binds = isBindingWord(words.hashes[at] ?? 0) || holdsNumber(words, at);
    const flags = (isOptional[at] === 1 ? FLAG_OPTIONAL : 0) | (binds ? FLAG_BINDING : 0);
    return ((hash << FLAG_BITS) | flags) >>> 0;
  });
}

function optionalWords(words: Words, ranges: readonly Range[]): Uint8Array {
  const flags = new Uint8Array(words.count);
  for (const [start, end] of ranges) {
    for (let at = 0; at < words.count; at += 1) {
      if ((words.starts[at] ?? 0) >= start && (words.ends[at] ?? 0) <= end) flags[at] = 1;
    }
  }
  return flags;
}
