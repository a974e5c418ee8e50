// Differences as a reader wants them: whole sentences of the audited text, and what is missing from it.
import type { Span } from "../core/evidence.ts";
import type { TextDifference } from "../core/license.ts";
import type { LineIndex } from "../core/text.ts";
import type { Gap } from "./compare.ts";
import type { Words } from "./words.ts";

/** Longest difference quoted; the rest is cut with an ellipsis. */
const MAX_DIFFERENCE_CHARS = 2000;
/** Differences listed for one text. */
const MAX_DIFFERENCES = 40;

/** Lines that a range of words (end excluded) stands on. */
export function linesOf(words: Words, lines: LineIndex, start: number, end: number): Span {
  const last = Math.max(start, end - 1);
  return { kind: "lines", start: lines.lineAt(words.starts[start] ?? 0), end: lines.lineAt(Math.max(0, (words.ends[last] ?? 1) - 1)) };
}

/** First and last word (excluded) of the sentences that a range of words touches. */
export function sentenceAround(words: Words, start: number, end: number): readonly [number, number] {
  let from = start;
  let to = Math.max(end, start + 1);
  while (from > 0 && words.sentences[from - 1] === words.sentences[start]) from -= 1;
  while (to < words.count && words.sentences[to] === words.sentences[to - 1]) to += 1;
  return [from, to];
}

/** Text of a range of words as written, up to the full stop behind it. */
export function textOf(words: Words, start: number, end: number): string {
  const from = words.starts[start] ?? 0;
  let to = words.ends[end - 1] ?? from;
  while (to < words.text.length && /[.,;:!?)"'”’。；）]/u.test(words.text[to] ?? "")) to += 1;
  const text = words.text.slice(from, to).trim();
  return text.length > MAX_DIFFERENCE_CHARS ? `${text.slice(0, MAX_DIFFERENCE_CHARS - 1)}…` : text;
}

/** Differences of a text from the license it resembles, in order of place. */
export function differencesOf(words: Words, lines: LineIndex, gaps: readonly Gap[]): TextDifference[] {
  const found: TextDifference[] = [];
  let sentenceEnd = -1;
  for (const gap of gaps) {
    if (gap.inserted !== "free" && gap.textEnd > gap.textStart && gap.textStart >= sentenceEnd) {
      const [start, end] = sentenceAround(words, gap.textStart, gap.textEnd);
      sentenceEnd = end;
      found.push({
        kind: "inserted",
        text: textOf(words, start, end),
        span: linesOf(words, lines, start, end),
        normative: gap.inserted === "binding",
      });
    }
    if (gap.deleted !== "free") {
      const at = Math.min(gap.textStart, Math.max(0, words.count - 1));
      const text = gap.deletedWords === 1 ? "1 word" : `${gap.deletedWords} words`;
      found.push({ kind: "deleted", text, span: linesOf(words, lines, at, at + 1), normative: gap.deleted === "binding" });
    }
  }
  return found.slice(0, MAX_DIFFERENCES);
}
