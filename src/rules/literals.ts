// Words that every match of a regular expression holds one of, read from its source.

/** Lower-case texts of which at least one stands in every match; empty when nothing is known. */
export type Literals = readonly string[];

/** More words than this cost as much as the pattern itself. */
const MAX_LITERALS = 64;
/** Words beyond this length tell no more. */
const LONG = 6;

/** Reads the literals of a regular expression's source; for any text it does not understand, none. */
export function literalsOf(source: string): Literals {
  const reader = new SourceReader(source);
  const found = reader.alternatives();
  return reader.isUnderstood ? (found ?? []) : [];
}

class SourceReader {
  readonly #source: string;
  #at = 0;
  #isStrange = false;

  constructor(source: string) {
    this.#source = source;
  }

  get isUnderstood(): boolean {
    return this.#atEnd && !this.#isStrange;
  }

  get #atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Reads up to a closing bracket or the end; null when some alternative needs no word. */
  alternatives(): Literals | null {
    let all: string[] | null = [];
    for (;;) {
      const found = this.#sequence();
      all = found === null || all === null ? null : [...all, ...found];
      if (this.#source[this.#at] !== "|") break;
      this.#at += 1;
    }
    return all === null || all.length > MAX_LITERALS ? null : [...new Set(all)];
  }

  #sequence(): Literals | null {
    let best: Literals | null = null;
    let run = "";
    const offer = (found: Literals | null): void => {
      if (found !== null && weight(found) > weight(best)) best = found;
    };
    const endRun = (): void => {
      offer([run]);
      run = "";
    };
    while (!this.#atEnd && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") {
      const item = this.#item();
      if (item.kind === "edge") continue;
      const repeat = this.#repeat();
      if (item.kind === "char" && repeat !== "optional") run += item.text;
      if (item.kind === "char" && repeat === "once") continue;
      endRun();
      if (item.kind === "group" && repeat !== "optional") offer(item.literals);
    }
    endRun();
    return best;
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
    const literals = this.alternatives();
    this.#at += 1;
    return /^\?<?[=!]$/u.test(opening) ? EDGE : { kind: "group", literals };
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
  | { readonly kind: "group"; readonly literals: Literals | null }
  /** Takes no room: what stands on both sides of it is adjacent. */
  | { readonly kind: "edge" }
  | { readonly kind: "any" };

const EDGE: Item = { kind: "edge" };
const ANY: Item = { kind: "any" };

/** Letters outside ASCII may have cases of their own; Chinese characters have none. */
function charItem(char: string): Item {
  return /[\u0020-\u007e\u3400-\u9fff]/u.test(char) ? { kind: "char", text: char.toLowerCase() } : ANY;
}

/** How well a choice of words tells texts apart: by its shortest word, then by how few they are. */
function weight(literals: Literals | null): number {
  if (literals === null || literals.length === 0) return 0;
  const shortest = Math.min(...literals.map((literal) => (/[^\u0020-\u007e]/u.test(literal) ? literal.length * 2 : literal.length)));
  return shortest < 2 ? 0 : Math.min(shortest, LONG) * MAX_LITERALS - literals.length;
}
