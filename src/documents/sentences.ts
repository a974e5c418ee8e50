/** A sentence with its place in the text it was cut from. */
export interface Sentence {
  readonly text: string;
  /** Character offset of its first character. */
  readonly start: number;
  readonly end: number;
}

// Words that end in a dot without ending a sentence.
const ABBREVIATION =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|et al|vs|cf|ca|approx|resp|fig|figs|eq|sec|no|nos|vol|dr|mr|ms|mrs|prof|inc|ltd|co|corp|st|u\.s|v|ver|dept|est|ref|refs|[A-Za-z])$/iu;

const CJK_END = /[。！？；]/u;
const CLOSER = /["'”’」』）)\]》*_]/u;

/** Longest look back for an abbreviation. */
const LOOK_BACK = 12;

/**
 * Cuts English and Chinese text into sentences. Line breaks inside a paragraph do not end one; blank lines do.
 * Works in one pass, so time is linear in the text.
 */
export function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const ends = /[.!?。！？；\n]/gu;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    const at = match.index;
    if (!endsAt(text, at)) continue;
    let end = at + 1;
    while (end < text.length && end - at < 4 && CLOSER.test(text[end] ?? "")) end += 1;
    push(sentences, text, start, end);
    start = end;
    ends.lastIndex = end;
  }
  push(sentences, text, start, text.length);
  return sentences;
}

function endsAt(text: string, at: number): boolean {
  const character = text[at] ?? "";
  if (CJK_END.test(character)) return true;
  if (character === "\n") return text[at + 1] === "\n";
  if (character !== "." && character !== "!" && character !== "?") return false;
  let next = at + 1;
  while (next < text.length && next - at < 4 && CLOSER.test(text[next] ?? "")) next += 1;
  const follower = text[next];
  if (follower === undefined) return true;
  if (!/\s/u.test(follower)) return false;
  return character !== "." || !isAbbreviation(text, at, next);
}

function isAbbreviation(text: string, dot: number, next: number): boolean {
  if (!ABBREVIATION.test(text.slice(Math.max(0, dot - LOOK_BACK), dot))) return false;
  // "et al. [12]" and "e.g. foo" go on; a single capital before a capital does too ("J. Smith").
  const after = text.slice(next, next + 4).trimStart();
  return after !== "";
}

function push(sentences: Sentence[], text: string, from: number, to: number): void {
  let start = from;
  let end = to;
  while (start < end && /\s/u.test(text[start] ?? "x")) start += 1;
  while (end > start && /\s/u.test(text[end - 1] ?? "x")) end -= 1;
  if (end > start) sentences.push({ text: text.slice(start, end), start, end });
}

/** Text around an offset, cut to its sentence (of `splitSentences(text)`) and to `limit` characters, white space folded. */
export function sentenceAround(text: string, sentences: readonly Sentence[], offset: number, limit: number): string {
  const sentence = sentenceAt(sentences, offset);
  const from = Math.max(sentence?.start ?? 0, offset - (limit >> 1));
  const short = sentence !== undefined && sentence.text.length <= limit;
  const around = short ? sentence.text : text.slice(from, Math.min(sentence?.end ?? text.length, from + limit));
  return around.replace(/\s+/gu, " ").trim();
}

/** The sentence that an offset lies in, or the next one when it lies between two. */
function sentenceAt(sentences: readonly Sentence[], offset: number): Sentence | undefined {
  let low = 0;
  let high = sentences.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sentences[middle]?.end ?? 0) >= offset) high = middle;
    else low = middle + 1;
  }
  return sentences[low];
}

/** Line of an offset in a block's text: blocks keep the line breaks of their source. Offsets must be asked for in rising order. */
export function lineCounter(block: { readonly startLine: number; readonly endLine: number }, text: string): (offset: number) => number {
  let line = block.startLine;
  let newline = text.indexOf("\n");
  return (offset) => {
    for (; newline !== -1 && newline < offset; newline = text.indexOf("\n", newline + 1)) line += 1;
    return Math.min(line, block.endLine);
  };
}
