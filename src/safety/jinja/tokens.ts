// Jinja2 source as tokens (jinja2/lexer.py): text, and what stands in {{ }} and {% %}. Nothing is rendered.

export type Token =
  /** Text outside of any tag, also from raw blocks. */
  | { readonly kind: "text"; readonly value: string; readonly at: number }
  | { readonly kind: "open"; readonly value: "{{" | "{%"; readonly at: number }
  | { readonly kind: "close"; readonly value: "}}" | "%}"; readonly at: number }
  | { readonly kind: "name"; readonly value: string; readonly at: number }
  /** Decoded: `"\x5f"` is `_`. */
  | { readonly kind: "string"; readonly value: string; readonly at: number }
  | { readonly kind: "number"; readonly value: string; readonly at: number }
  | { readonly kind: "operator"; readonly value: string; readonly at: number };

/** Tokens beyond this are not looked at; the longest honest templates have a few thousand. */
const MAX_TOKENS = 500_000;
const OPENING = /\{\{|\{%|\{#/gu;
const RAW = /\{%[-+]?\s*raw\s*[-+]?%\}/uy;
const END_RAW = /\{%[-+]?\s*endraw\s*[-+]?%\}/gu;
const SPACE = /\s+/uy;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?/iuy;
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/uy;

export interface Tokens {
  readonly list: readonly Token[];
  /** Place where tokenising stopped: something that is no Jinja, or too much of it; null at the end. */
  readonly stopped: number | null;
}

/** Splits a template; what cannot be split ends the list, never throws. */
export function tokenize(source: string): Tokens {
  const list: Token[] = [];
  let at = 0;
  while (at < source.length && list.length < MAX_TOKENS) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(source);
    if (opening === null) {
      list.push({ kind: "text", value: source.slice(at), at });
      return { list, stopped: null };
    }
    if (opening.index > at) list.push({ kind: "text", value: source.slice(at, opening.index), at });
    const next = tag(source, opening.index, list);
    if (next === null) return { list, stopped: opening.index };
    at = next;
  }
  return { list, stopped: at < source.length ? at : null };
}

/** Place behind the tag at `at`; null when it does not end. */
function tag(source: string, at: number, list: Token[]): number | null {
  if (source.startsWith("{#", at)) {
    const end = source.indexOf("#}", at + 2);
    return end === -1 ? null : end + 2;
  }
  RAW.lastIndex = at;
  const raw = RAW.exec(source);
  if (raw !== null) return rawBlock(source, at + raw[0].length, list);
  return expression(source, at, list);
}

function rawBlock(source: string, from: number, list: Token[]): number | null {
  END_RAW.lastIndex = from;
  const end = END_RAW.exec(source);
  if (end === null) return null;
  list.push({ kind: "text", value: source.slice(from, end.index), at: from });
  return end.index + end[0].length;
}

function expression(source: string, start: number, list: Token[]): number | null {
  const opening = source.startsWith("{{", start) ? "{{" : "{%";
  list.push({ kind: "open", value: opening, at: start });
  let at = start + (/[-+]/u.test(source[start + 2] ?? "") ? 3 : 2);
  let depth = 0;
  while (at < source.length && list.length < MAX_TOKENS) {
    const end = depth === 0 ? closingAt(source, at, opening) : null;
    if (end !== null) {
      list.push({ kind: "close", value: opening === "{{" ? "}}" : "%}", at });
      return end;
    }
    const token = oneToken(source, at);
    if (token === null) return null;
    if (token.token !== null) list.push(token.token);
    depth = Math.max(0, depth + bracket(token.token));
    at = token.end;
  }
  return null;
}

/** Place behind the end of a tag, which may carry a sign; null when it does not end here. */
function closingAt(source: string, at: number, opening: "{{" | "{%"): number | null {
  const closing = opening === "{{" ? "}}" : "%}";
  if (source.startsWith(closing, at)) return at + 2;
  return /[-+]/u.test(source[at] ?? "") && source.startsWith(closing, at + 1) ? at + 3 : null;
}

/** How a token changes the depth of brackets. */
function bracket(token: Token | null): number {
  if (token?.kind !== "operator") return 0;
  if ("([{".includes(token.value)) return 1;
  return ")]}".includes(token.value) ? -1 : 0;
}

function oneToken(source: string, at: number): { readonly token: Token | null; readonly end: number } | null {
  const space = match(SPACE, source, at);
  if (space !== null) return { token: null, end: at + space.length };
  const quote = source[at];
  if (quote === '"' || quote === "'") return stringAt(source, at, quote);
  const name = match(NAME, source, at);
  if (name !== null) return { token: { kind: "name", value: name, at }, end: at + name.length };
  const number = match(NUMBER, source, at);
  if (number !== null) return { token: { kind: "number", value: number, at }, end: at + number.length };
  const operator = match(OPERATOR, source, at);
  return operator === null ? null : { token: { kind: "operator", value: operator, at }, end: at + operator.length };
}

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

function stringAt(source: string, at: number, quote: string): { readonly token: Token; readonly end: number } | null {
  let end = at + 1;
  while (end < source.length && source[end] !== quote) end += source[end] === "\\" ? 2 : 1;
  if (end >= source.length) return null;
  return { token: { kind: "string", value: decodeEscapes(source.slice(at + 1, end)), at }, end: end + 1 };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v" };
const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|N\{[^}]*\}|([0-7]{1,3})|([\s\S]))/giu;

/** As jinja2 does: Python's unicode-escape. */
function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (whole, hex?: string, short?: string, long?: string, octal?: string, other?: string) => {
    const digits = hex ?? short ?? long;
    const code = digits === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(digits, 16);
    if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    return other === undefined ? whole : (ESCAPES[other] ?? other);
  });
}
