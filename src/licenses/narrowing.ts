// Sentences that narrow use in terms that Ajar has no record of, and notices that reserve all rights.
import { quoteOf } from "../core/evidence.ts";
import type { LicenseMatch, LicenseRecord, LocatedRestriction } from "../core/license.ts";
import { LineIndex } from "../core/text.ts";
import { loadRules } from "../rules/load.ts";
import { Pattern } from "../rules/pattern.ts";
import { linesOf, textOf } from "./differences.ts";
import { licenseById } from "./records.ts";
import { type Words, wordsOf } from "./words.ts";

interface NarrowingRules {
  readonly terms: readonly { readonly term: string; readonly any: readonly Pattern[] }[];
  readonly unless: Pattern;
  readonly reserved: Pattern;
  readonly banned: Pattern;
  readonly granting: Pattern;
}

/** Sentences looked at in one stretch of terms, and located in one. */
const MAX_SENTENCES = 2_000;
const MAX_LOCATED = 24;
/** A sentence longer than this is cut: patterns see one clause, not a page. */
const MAX_SENTENCE_CHARS = 600;
/** A notice that reserves rights is short; a page with these words in its footer is a page. */
const MAX_NOTICE_CHARS = 1_500;

/** The record for what grants nothing: package managers' `UNLICENSED`, `proprietary`, "all rights reserved". */
const RESERVED_ID = "LicenseRef-All-Rights-Reserved";

let loaded: NarrowingRules | undefined;

function narrowingRules(): NarrowingRules {
  loaded ??= readRules(Object(loadRules("detectors").get("narrowing")));
  return loaded;
}

/** Shape as in rules/detectors/narrowing.yaml, which ships with Ajar and is held by a test. */
function readRules(data: Readonly<Record<string, unknown>>): NarrowingRules {
  const regex = (value: unknown): Pattern => new Pattern(String(value).trim(), "iu");
  const terms = (data["terms"] as readonly { term: string; any: readonly string[] }[]).map(({ term, any }) => ({
    term,
    any: any.map(regex),
  }));
  return {
    terms,
    unless: regex(data["unless"]),
    reserved: regex(data["reserved"]),
    banned: regex(data["banned"]),
    granting: regex(data["granting"]),
  };
}

/** Terms that one sentence is about, e.g. `non-commercial`; the narrowest reading of each pattern, never of the whole text. */
export function narrowingTerms(sentence: string): readonly string[] {
  const text = sentence.slice(0, MAX_SENTENCE_CHARS);
  const { terms, unless } = narrowingRules();
  if (unless.test(text)) return [];
  return terms.filter(({ any }) => any.some((pattern) => pattern.test(text))).map(({ term }) => term);
}

/** Narrowing sentences in a range of words (end excluded), in order of place, each once per term. */
export function locateNarrowing(words: Words, lines: LineIndex, start: number, end: number): readonly LocatedRestriction[] {
  const found: LocatedRestriction[] = [];
  let at = start;
  for (let sentence = 0; sentence < MAX_SENTENCES && at < end && found.length < MAX_LOCATED; sentence += 1) {
    let next = at + 1;
    while (next < end && words.sentences[next] === words.sentences[at]) next += 1;
    const text = textOf(words, at, next);
    const span = linesOf(words, lines, at, next);
    for (const term of narrowingTerms(text)) {
      if (found.length < MAX_LOCATED) found.push({ term, clause: clauseOf(words, at), summary: "", span, quote: quoteOf(text) });
    }
    at = next;
  }
  return found;
}

/** Narrowing sentences of a whole text. */
export function narrowingIn(text: string): readonly LocatedRestriction[] {
  const words = wordsOf(text);
  return locateNarrowing(words, new LineIndex(text), 0, words.count);
}

/** Longest numbering of a clause, and how far into its line it is looked for. */
const MAX_LABEL_CHARS = 16;

/** Numbering at the start of the sentence's line, as the text writes it: `3.2`, `（二）`, `第四条`. */
function clauseOf(words: Words, at: number): string {
  const start = words.starts[at] ?? 0;
  const lineStart = words.text.lastIndexOf("\n", start) + 1;
  const before = words.text.slice(lineStart, Math.min(start, lineStart + MAX_LABEL_CHARS) + MAX_LABEL_CHARS);
  const label = /^\s*(?:第[一二三四五六七八九十百\d]{1,4}[条條]|[（(]?[\d一二三四五六七八九十]{1,3}(?:\.\d{1,2}){0,3}[)）.、])/u.exec(
    before,
  )?.[0];
  return label === undefined ? "" : label.replace(/^[\s（(]+|[)）.、\s]+$/gu, "");
}

/** How strongly a sentence reserves rights: `banned` forbids use without leave, `reserved` is a copyright line; null for neither. */
export function reservation(sentence: string): "banned" | "reserved" | null {
  const { banned, reserved } = narrowingRules();
  const text = sentence.slice(0, MAX_SENTENCE_CHARS);
  if (banned.test(text)) return "banned";
  return reserved.test(text) ? "reserved" : null;
}

/** A short text that reserves all rights and grants none, e.g. `版权所有，未经许可不得转载`; null for anything else. */
export function reservedNotice(text: string, lines: LineIndex): LicenseMatch | null {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_NOTICE_CHARS) return null;
  const { reserved, granting } = narrowingRules();
  const words = reserved.exec(trimmed);
  const license = reservedRecord();
  if (words === null || license === null || granting.test(trimmed)) return null;
  const start = text.indexOf(trimmed);
  const span = { kind: "lines", start: lines.lineAt(start), end: lines.lineAt(start + trimmed.length - 1) } as const;
  return { outcome: "pointer", license, to: words[0], span };
}

/** What an absence of any grant is recorded as. */
export function reservedRecord(): LicenseRecord | null {
  return licenseById(RESERVED_ID);
}
