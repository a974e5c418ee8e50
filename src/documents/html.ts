// A tokenizer for the HTML that people put into Markdown. It never builds a tree and never runs anything:
// text, tags and their attributes come out in order, in time linear in the input whatever the input is.
import { MAX_TAG_CHARS } from "./limits.ts";

export type HtmlToken =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "tag";
      readonly name: string;
      readonly closing: boolean;
      readonly attributes: ReadonlyMap<string, string>;
      /** Line breaks inside the tag itself. */
      readonly newlines: number;
    }
  /** Comment, declaration, script or style: only its line breaks matter. */
  | { readonly kind: "hidden"; readonly newlines: number };

/** Reads tags at given offsets of one text, remembering failed searches so that repeats cost nothing. */
export class TagScanner {
  readonly #text: string;
  readonly #lastClose: number;
  #budget: number;
  readonly #missing = new Set<string>();

  constructor(text: string) {
    this.#text = text;
    this.#lastClose = text.lastIndexOf(">");
    // Characters that failed scans may look at in all; past it quotes are no longer honoured.
    this.#budget = 2 * text.length + MAX_TAG_CHARS;
  }

  /** End (exclusive) of the comment, declaration or tag that starts at `at`, or -1. */
  endOf(at: number): number {
    const text = this.#text;
    if (at > this.#lastClose) return -1;
    if (text.startsWith("<!--", at)) return this.#after("-->", at + 4);
    if (text.startsWith("<?", at)) return this.#after("?>", at + 2);
    if (text.startsWith("<!", at)) return this.#after(">", at + 2);
    return /^<\/?[A-Za-z]/u.test(text.slice(at, at + 3)) ? this.#endOfTag(at + 2) : -1;
  }

  #after(mark: string, from: number): number {
    if (this.#missing.has(mark)) return -1;
    const found = this.#text.indexOf(mark, from);
    if (found === -1) this.#missing.add(mark);
    return found === -1 ? -1 : found + mark.length;
  }

  #endOfTag(from: number): number {
    const text = this.#text;
    const limit = Math.min(text.length, from + MAX_TAG_CHARS);
    if (this.#budget <= 0) return this.#after(">", from);
    let quote = "";
    let previous = "";
    for (let at = from; at < limit; at += 1) {
      const character = text[at] ?? "";
      if (quote !== "") {
        if (character === quote) quote = "";
      } else if (character === ">") return at + 1;
      else if (character === "<") return this.#fail(at - from);
      else if ((character === '"' || character === "'") && previous === "=") quote = character;
      if (character.trim() !== "") previous = character;
    }
    return this.#fail(limit - from);
  }

  #fail(looked: number): -1 {
    this.#budget -= looked;
    return -1;
  }
}

const ATTRIBUTE = /([A-Za-z_:][\w:.-]{0,63})\s{0,8}(?:=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gu;

/** Attributes worth reading; others are skipped without being kept. */
const WANTED = new Set(["href", "src", "alt", "title"]);

/** Attributes looked at in one tag; what follows is ignored. */
const MAX_ATTRIBUTES = 64;

/** Reads one tag, e.g. `<a href="x">`. */
export function readTag(tag: string): HtmlToken {
  const newlines = tag.split("\n").length - 1;
  const name = /^<\/?([A-Za-z][A-Za-z0-9-]{0,31})/u.exec(tag.slice(0, 40));
  if (name === null) return { kind: "hidden", newlines };
  const attributes = new Map<string, string>();
  const closing = tag.startsWith("</");
  const word = (name[1] ?? "").toLowerCase();
  if (!closing && (word === "a" || word === "img" || word === "source" || word === "iframe" || word === "video")) {
    let seen = 0;
    for (const [, key = "", double, single, bare] of tag.slice(name[0].length).matchAll(ATTRIBUTE)) {
      seen += 1;
      if (seen > MAX_ATTRIBUTES) break;
      const lower = key.toLowerCase();
      if (WANTED.has(lower) && !attributes.has(lower)) attributes.set(lower, decodeEntities(double ?? single ?? bare ?? ""));
    }
  }
  return { kind: "tag", name: word, closing, attributes, newlines };
}

/** Splits HTML into text, tags and hidden parts, in order; joined lengths cover the whole input. */
export function* tokenizeHtml(html: string): Generator<HtmlToken> {
  const scanner = new TagScanner(html);
  let textStart = 0;
  for (let at = html.indexOf("<"); at !== -1; ) {
    const end = scanner.endOf(at);
    if (end === -1) {
      at = html.indexOf("<", at + 1);
      continue;
    }
    if (at > textStart) yield { kind: "text", text: decodeEntities(html.slice(textStart, at)) };
    const token = readTag(html.slice(at, end));
    yield token;
    textStart = end;
    if (token.kind === "tag" && !token.closing && RAW.has(token.name)) {
      const close = rawEnd(html, end, token.name);
      yield { kind: "hidden", newlines: html.slice(end, close).split("\n").length - 1 };
      textStart = close;
    }
    at = html.indexOf("<", textStart);
  }
  if (textStart < html.length) yield { kind: "text", text: decodeEntities(html.slice(textStart)) };
}

const RAW = new Set(["script", "style", "textarea", "xmp"]);

function rawEnd(html: string, from: number, name: string): number {
  const close = new RegExp(`</${name}`, "giu");
  close.lastIndex = from;
  return close.exec(html)?.index ?? html.length;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  copy: "©",
  reg: "®",
  trade: "™",
  mdash: "—",
  ndash: "–",
  hellip: "…",
  times: "×",
  middot: "·",
  bull: "•",
  rarr: "→",
  ldquo: "“",
  rdquo: "”",
  lsquo: "‘",
  rsquo: "’",
};

/** Decodes the character references that cards use; unknown ones stay as written. */
function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/gu,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number.parseInt(decimal, 10);
      // A line break smuggled in as a reference would shift every line number after it.
      if (code === 10 || code === 13) return " ";
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\uFFFD";
    },
  );
}
