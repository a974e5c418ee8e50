/** A URL standing in plain text. */
export interface BareUrl {
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

const SCHEME = /(?:https?|ftp|s3|gs|hf|oss):\/\/|magnet:\?/giu;

// Ends a URL in running text, Chinese punctuation included: cards write 链接：https://…。without a space.
const STOP = /[\s<>"'`{}|\\^，。；：、！？（）《》【】「」『』“”‘’]/u;

/** Longest URL taken from plain text; browsers stop near this too. */
const MAX_URL_CHARS = 2_048;

/** Finds URLs that no markup marks as links. Linear: each character is looked at once. */
export function findBareUrls(text: string): readonly BareUrl[] {
  if (!text.includes(":")) return [];
  const found: BareUrl[] = [];
  SCHEME.lastIndex = 0;
  for (let match = SCHEME.exec(text); match !== null; match = SCHEME.exec(text)) {
    const start = match.index;
    if (start > 0 && /[A-Za-z0-9]/u.test(text[start - 1] ?? "")) continue;
    const bodyStart = start + match[0].length;
    let end = bodyStart;
    while (end < text.length && end - start < MAX_URL_CHARS && !STOP.test(text[end] ?? " ")) end += 1;
    end = trimEnd(text, bodyStart, end);
    SCHEME.lastIndex = end;
    if (end > bodyStart) found.push({ url: text.slice(start, end), start, end });
  }
  return found;
}

/** Drops the sentence's own punctuation from the end: a dot, a comma, a bracket that was opened outside. */
function trimEnd(text: string, start: number, from: number): number {
  let end = from;
  let opened = 0;
  for (let at = start; at < end; at += 1) {
    if (text[at] === "(") opened += 1;
    else if (text[at] === ")") opened -= 1;
  }
  while (end > start) {
    const last = text[end - 1] ?? "";
    if (last === ")" && opened < 0) opened += 1;
    else if (!/[.,;:!?*_~\]]/u.test(last)) break;
    end -= 1;
  }
  return end;
}
