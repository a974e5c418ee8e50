// Regular expressions of the operator, run in time linear in the text (RE2 syntax, by re2js), and how long a match can be.
import { RE2JS } from "re2js";

export interface Expression {
  /** Spans of all matches, from left to right, not overlapping; empty matches are none. */
  find(text: string): readonly { readonly start: number; readonly end: number }[];
  /** UTF-16 units of the longest match; infinite where the expression has no bound. */
  readonly longest: number;
}

/** @throws Error saying what RE2 does not take */
export function compileExpression(source: string, ignoreCase: boolean): Expression {
  const compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return {
    longest: longestMatch(source),
    find(text) {
      const matcher = compiled.matcher(text);
      const spans: { start: number; end: number }[] = [];
      while (matcher.find()) if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() });
      return spans;
    },
  };
}

/** An upper bound, read from the expression; what is not understood has none. A character may be two units. */
export function longestMatch(source: string): number {
  const reader = new Reader(source);
  const length = reader.alternatives();
  return reader.isAtEnd ? length : Number.POSITIVE_INFINITY;
}

const UNITS_OF_A_CHARACTER = 2;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  alternatives(): number {
    let longest = this.#sequence();
    while (this.#take("|")) longest = Math.max(longest, this.#sequence());
    return longest;
  }

  #sequence(): number {
    let length = 0;
    while (!this.isAtEnd && !"|)".includes(this.#peek())) length += this.#repeated();
    return length;
  }

  #repeated(): number {
    let length = this.#atom();
    for (;;) {
      const times = /^(?:\*|\+|\?|\{(\d+)(,?)(\d*)\})\??/u.exec(this.#source.slice(this.#at, this.#at + 32));
      if (times === null) return length;
      this.#at += times[0].length;
      const [sign, least, comma, most] = times;
      if (sign.startsWith("?")) continue;
      const count = least === undefined || (comma === "," && most === "") ? Number.POSITIVE_INFINITY : Number(most === "" ? least : most);
      length = length === 0 ? 0 : length * count;
    }
  }

  #atom(): number {
    if (this.#take("(")) return this.#group();
    if (this.#take("[")) return this.#characterClass();
    if (this.#take("\\")) return this.#escape();
    if (this.#take("^") || this.#take("$")) return 0;
    this.#at += (this.#source.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1;
    return UNITS_OF_A_CHARACTER;
  }

  #group(): number {
    const opening = /^\?(?:P?<[^>]*>|[a-zA-Z-]*[:)])/u.exec(this.#source.slice(this.#at));
    if (opening !== null) {
      this.#at += opening[0].length;
      if (opening[0].endsWith(")")) return 0;
    }
    const length = this.alternatives();
    return this.#take(")") ? length : Number.POSITIVE_INFINITY;
  }

  #characterClass(): number {
    this.#take("^");
    this.#take("]");
    while (!this.isAtEnd && !this.#take("]")) {
      const named = /^(?:\[:\^?\w+:\]|\\Q[\s\S]*?\\E|\\[\s\S])/u.exec(this.#source.slice(this.#at));
      this.#at += named === null ? 1 : named[0].length;
    }
    return UNITS_OF_A_CHARACTER;
  }

  #escape(): number {
    const rest = this.#source.slice(this.#at);
    const [taken = ""] = /^(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|Q|[0-7]{1,3}|[\s\S])/u.exec(rest) ?? [];
    this.#at += taken.length;
    if (taken === "Q") return Number.POSITIVE_INFINITY;
    return /^[bBAz]$/u.test(taken) ? 0 : UNITS_OF_A_CHARACTER;
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #take(char: string): boolean {
    if (this.#peek() !== char || this.isAtEnd) return false;
    this.#at += 1;
    return true;
  }
}
