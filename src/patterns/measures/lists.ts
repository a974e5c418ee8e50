// Lines that are lists of phrases for search engines, and texts that are mostly links.
import { simplify } from "../../text/simplified.ts";
import { limitOf, type Measure } from "./measure.ts";

/** Longer lines are looked at as far as this. */
const LONGEST_LINE = 4_000;
/** Of the text's body, so much says what it is about. */
const BODY_UNITS = 6_000;

interface Line {
  readonly start: number;
  readonly text: string;
}

function lineAt(text: string, start: number, end: number): Line {
  return { start, text: text.slice(start, Math.min(end, start + LONGEST_LINE)) };
}

/** First and last line that is not empty, where there are others. */
function outerLines(text: string): readonly Line[] {
  const first = text.search(/\S/);
  const last = text.trimEnd().length;
  const end = text.indexOf("\n", first);
  if (first < 0 || end < 0 || end >= last) return [];
  const start = text.lastIndexOf("\n", last - 1) + 1;
  return [lineAt(text, first, end), lineAt(text, start, last)];
}

const STOP = /[。！？!?；;]|\.(?:\s|$)/;
const TABLE = /^\s*\||^[\s|:+-]+$|\|\s*$/;

/** A first or last line of phrases between bars, without a stop, about something else than the text or in another script. */
export const pipeList: Measure = {
  texts: "all",
  find(text, { limits }, tell) {
    for (const line of outerLines(text)) {
      if (TABLE.test(line.text) || STOP.test(line.text)) continue;
      const segments = line.text.split(/[|｜¦]/).map((segment) => segment.trim());
      if (segments.length < limitOf(limits, "segments") || segments.some((segment) => segment === "")) continue;
      const mean = segments.reduce((sum, segment) => sum + lettersOf(segment), 0) / segments.length;
      if (mean < limitOf(limits, "length")) continue;
      const body = bodyOf(text, line);
      if (body.trim() === "" || !(isOtherScript(line.text, body) || isOtherTopic(segments, body))) continue;
      tell(line.start, line.start + line.text.length, "checked");
    }
  },
};

/** A Han character says as much as a few letters. */
function lettersOf(segment: string): number {
  return segment.length + (segment.match(/[\u3400-\u9fff]/g)?.length ?? 0) * 2;
}

function bodyOf(text: string, line: Line): string {
  const end = line.start + line.text.length;
  return line.start > text.length / 2 ? text.slice(Math.max(0, line.start - BODY_UNITS), line.start) : text.slice(end, end + BODY_UNITS);
}

interface Scripts {
  readonly han: number;
  readonly traditional: number;
  readonly latin: number;
}

function scriptsOf(text: string): Scripts {
  let [han, traditional, latin] = [0, 0, 0];
  for (const char of text) {
    if (char >= "\u3400" && char <= "\u9fff") {
      han += 1;
      if (simplify(char) !== char) traditional += 1;
    } else if (/[A-Za-z]/.test(char)) latin += 1;
  }
  return { han, traditional, latin };
}

/** Han and Latin, or traditional and simplified: one has a twentieth of the other's characters, the other none. */
function isOtherScript(line: string, body: string): boolean {
  const [a, b] = [scriptsOf(line), scriptsOf(body)];
  if (a.han >= 10 && b.han >= 20) {
    const [ours, theirs] = [a.traditional / a.han, b.traditional / b.han];
    return (ours === 0 && theirs > 0.05) || (theirs === 0 && ours > 0.05);
  }
  const isHan = ({ han, latin }: Scripts): boolean => han * 2 > latin;
  return a.han + a.latin > 20 && b.han + b.latin > 40 && isHan(a) !== isHan(b);
}

/** Hardly a phrase of the line stands in the text, word by word. */
function isOtherTopic(segments: readonly string[], body: string): boolean {
  const lower = body.toLowerCase();
  const known = segments.filter((segment) => wordsOf(segment).some((word) => lower.includes(word)));
  return known.length * 5 <= segments.length;
}

/** Words of four letters and more, and pairs of Han characters. */
function wordsOf(segment: string): readonly string[] {
  const words = segment.toLowerCase().match(/[\p{L}\d]{4,}/gu) ?? [];
  return words.flatMap((word) =>
    /[\u3400-\u9fff]/.test(word) ? Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)) : [word],
  );
}

const COMMAS = /[,，、]/g;

/** A line of many short phrases that repeat one word. */
export const keywordStuffing: Measure = {
  texts: "all",
  find(text, { limits }, tell) {
    const least = limitOf(limits, "phrases");
    for (let start = 0, end = 0; end < text.length; start = end + 1) {
      end = text.indexOf("\n", start);
      if (end < 0) end = text.length;
      if (end - start < least * 2) continue;
      const line = lineAt(text, start, end);
      if (isStuffed(line.text, least, limitOf(limits, "share"))) tell(start, start + line.text.length, "checked");
    }
  },
};

/** Phrases of a list of keywords are short. */
const LONGEST_PHRASE = 28;

function isStuffed(line: string, least: number, share: number): boolean {
  if (!line.includes(",") && !/[，、]/.test(line)) return false;
  if ((line.match(COMMAS)?.length ?? 0) < least - 1 || STOP.test(line.slice(0, -1))) return false;
  const phrases = line.split(COMMAS).map((phrase) => phrase.trim().toLowerCase());
  if (phrases.some((phrase) => phrase.length > LONGEST_PHRASE) || new Set(phrases).size < least / 2) return false;
  const counts = new Map<string, number>();
  for (const phrase of phrases) for (const word of new Set(wordsOf(phrase))) counts.set(word, (counts.get(word) ?? 0) + 1);
  // Numbers and codes in a row are a table.
  const most = [...counts].filter(([word]) => !/^\d+$/.test(word)).reduce((top, [, count]) => Math.max(top, count), 0);
  return most >= phrases.length * share;
}

const LINK = /https?:\/\/[^\s"'<>)\]]{1,400}/g;

/** Most of the text are addresses. */
export const linkStuffing: Measure = {
  texts: "all",
  find(text, { limits }, tell) {
    let count = 0;
    for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) count += 1;
    if (count < limitOf(limits, "links")) return;
    const links = text.match(LINK) ?? [];
    const units = links.reduce((sum, link) => sum + link.length, 0);
    if (new Set(links).size < links.length / 4 || units < text.length * limitOf(limits, "share")) return;
    const first = text.search(LINK);
    tell(first, first + (links[0]?.length ?? 1), "checked");
  },
};
