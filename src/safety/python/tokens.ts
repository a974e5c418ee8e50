// Python source as tokens: names, strings and operators, so that words in comments and texts are not taken for code.

export interface PythonToken {
  readonly kind: "name" | "string" | "number" | "operator";
  readonly value: string;
  /** Characters from the start of the source. */
  readonly at: number;
}

/** Files beyond this many tokens are looked at so far. */
const MAX_TOKENS = 2_000_000;
const SKIP = /[ \t\f\r\n]+|#[^\n]*|\\\r?\n/uy;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?)j?/iuy;
const PREFIX = /(?:[rbuf]|br|rb|fr|rf)?(?:"""|'''|"|')/iuy;

/** Splits source; characters that are no Python are passed over. */
export function tokenizePython(source: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let at = 0;
  while (at < source.length && tokens.length < MAX_TOKENS) {
    const skipped = match(SKIP, source, at);
    if (skipped !== null) {
      at += skipped.length;
      continue;
    }
    const token = stringAt(source, at) ?? wordAt(source, at) ?? { kind: "operator", value: source[at] ?? "", at, end: at + 1 };
    tokens.push({ kind: token.kind, value: token.value, at });
    at = token.end;
  }
  return tokens;
}

interface Ended extends PythonToken {
  readonly end: number;
}

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

function wordAt(source: string, at: number): Ended | null {
  const name = match(NAME, source, at);
  if (name !== null) return { kind: "name", value: name, at, end: at + name.length };
  const number = match(NUMBER, source, at);
  return number === null ? null : { kind: "number", value: number, at, end: at + number.length };
}

function stringAt(source: string, at: number): Ended | null {
  const opening = match(PREFIX, source, at);
  if (opening === null) return null;
  const quote = opening.replace(/^[a-z]+/iu, "");
  const from = at + opening.length;
  let end = from;
  while (end < source.length && !source.startsWith(quote, end)) {
    // A string in one line ends with it, whatever is missing.
    if (quote.length === 1 && source[end] === "\n") return { kind: "string", value: source.slice(from, end), at, end };
    end += source[end] === "\\" ? 2 : 1;
  }
  return { kind: "string", value: source.slice(from, end), at, end: Math.min(source.length, end + quote.length) };
}
