// Words that every match of a regular expression holds, read from its source.

/** Lower-case texts of which at least one stands in every match. */
type Literals = readonly string[];

/** Of each group one text stands in every match; empty when nothing is known. */
type Needs = readonly Literals[];

/** One alternative of a regular expression. */
export interface Alternative {
  readonly source: string;
  readonly needs: Needs;
  /** It is one plain text and nothing else: what holds that text matches. */
  readonly isWord: boolean;
}

/** More words than this cost as much as the pattern itself. */
const MAX_LITERALS = 64;
/** Words beyond this length tell no more. */
const LONG = 6;

/** Reads the alternatives of a regular expression's source; null for a source it does not understand. */
export function alternativesOf(source: string): readonly Alternative[] | null {
  const reader = new SourceReader(source);
  const found = reader.alternatives();
  return reader.isUnderstood ? found : null;
}

class SourceReader {
  readonly #source: string;
  #at = 0;
  #isStrange = false;

  constructor(source: string) {
    this.#source = source;
  }

  get isUnderstood(): boolean {
    return this.#at === this.#source.length && !this.#isStrange;
  }

  get #atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Reads up to a closing bracket or the end. */
  alternatives(): readonly Alternative[] {
    const all: Alternative[] = [];
    for (;;) {
      const start = this.#at;
      const { needs, isWord } = this.#sequence();
      all.push({ source: this.#source.slice(start, this.#at), needs, isWord });
      if (this.#source[this.#at] !== "|") return all;
      this.#at += 1;
    }
  }

  #sequence(): Pick<Alternative, "needs" | "isWord"> {
    const needs: Literals[] = [];
    let run = "";
    let isPlain = true;
    const offer = (found: Literals): void => {
      if (weight(found) > 0) needs.push(found);
    };
    const endRun = (): void => {
      offer([run]);
      run = "";
    };
    while (!this.#atEnd && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") {
      const item = this.#item();
      if (item.kind !== "char") isPlain = false;
      if (item.kind === "edge") continue;
      const repeat = this.#repeat();
      if (repeat !== "once") isPlain = false;
      if (item.kind === "char" && repeat !== "optional") run += item.text;
      if (item.kind === "char" && repeat === "once") continue;
      endRun();
      if (item.kind === "group" && repeat !== "optional") item.needs.forEach(offer);
    }
    endRun();
    needs.sort((a, b) => weight(b) - weight(a));
    return { needs, isWord: isPlain && needs.length > 0 };
  }

  #item(): Item {
    const char = this.#source[this.#at] ?? "";
    this.#at += 1;
    if (char === "^" || char === "$") return EDGE;
    if (char === "(") return this.#group();
    if (char === "[") return this.#set();
    if (char === "\\") return this.#escape();
    return char === "." ? ANY : charItem(char);
  }

  #group(): Item {
    const opening = /^\?(?:[:=!]|<[=!]|<\w+>)/u.exec(this.#source.slice(this.#at, this.#at + 60))?.[0] ?? "";
    if (opening === "" && this.#source[this.#at] === "?") this.#isStrange = true;
    this.#at += opening.length;
    const found = this.alternatives();
    this.#at += 1;
    return /^\?<?[=!]$/u.test(opening) ? EDGE : { kind: "group", needs: joined(found) };
  }

  #set(): Item {
    while (!this.#atEnd && this.#source[this.#at] !== "]") this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    this.#at += 1;
    return ANY;
  }

  #escape(): Item {
    const char = this.#source[this.#at] ?? "";
    this.#at += 1;
    if (char === "b" || char === "B") return EDGE;
    if (!/[a-z\d]/iu.test(char)) return charItem(char);
    const rest = this.#source.slice(this.#at, this.#at + 60);
    const argument = char === "u" || char === "p" || char === "P" || char === "k" ? /^(?:\{[^}]*\}|<\w+>|[\da-f]{4})/iu : /^$^/u;
    const hex = char === "x" ? /^[\da-f]{2}/iu : argument;
    this.#at += hex.exec(rest)?.[0].length ?? 0;
    return ANY;
  }

  #repeat(): "once" | "many" | "optional" {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/u.exec(this.#source.slice(this.#at, this.#at + 20));
    if (found === null) return "once";
    this.#at += found[0].length;
    return found[0].startsWith("*") || found[0].startsWith("?") || Number(found[1] ?? 1) === 0 ? "optional" : "many";
  }
}

type Item =
  | { readonly kind: "char"; readonly text: string }
  | { readonly kind: "group"; readonly needs: Needs }
  /** Takes no room: what stands on both sides of it is adjacent. */
  | { readonly kind: "edge" }
  | { readonly kind: "any" };

const EDGE: Item = { kind: "edge" };
const ANY: Item = { kind: "any" };

/** Letters outside ASCII may have cases of their own; Chinese characters have none. */
function charItem(char: string): Item {
  return /[\u0020-\u007e\u3400-\u9fff]/u.test(char) ? { kind: "char", text: char.toLowerCase() } : ANY;
}

/** What a choice needs: all of it for a single way, else the best words of every way together. */
function joined(ways: readonly Alternative[]): Needs {
  const [only, ...others] = ways;
  if (only === undefined || others.length === 0) return only?.needs ?? [];
  const best = ways.map(({ needs }) => needs[0]);
  if (best.includes(undefined)) return [];
  const words = [...new Set(best.flatMap((literals) => literals ?? []))];
  return words.length > MAX_LITERALS ? [] : [words];
}

/** How well a choice of words tells texts apart: by its shortest word, then by how few they are; 0 when not at all. */
function weight(literals: Literals): number {
  if (literals.length === 0) return 0;
  const shortest = Math.min(...literals.map((literal) => (/[^\u0020-\u007e]/u.test(literal) ? literal.length * 2 : literal.length)));
  return shortest < 2 ? 0 : Math.min(shortest, LONG) * MAX_LITERALS - literals.length;
}
