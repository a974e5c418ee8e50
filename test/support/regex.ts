// Regular expressions of rules taken apart: how long a match can be, texts that match, and how many steps a backtracking
// engine takes, counted. It reads what rules may use: RE2's syntax without flags, and every repetition bounded.

type Node =
  | { readonly kind: "set"; readonly has: (unit: number) => boolean; readonly members: readonly number[] }
  | { readonly kind: "edge"; readonly isWord: boolean }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly ways: readonly Node[] }
  | { readonly kind: "repeat"; readonly of: Node; readonly least: number; readonly most: number; readonly isLazy: boolean };

class UnreadableRegex extends Error {}

const SPACES = [9, 10, 11, 12, 13, 32];
const UNBOUNDED = Number.POSITIVE_INFINITY;

class Reader {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  read(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new UnreadableRegex(`what is ${this.#source.slice(this.#at)}`);
    return node;
  }

  #choice(): Node {
    const ways = [this.#sequence()];
    while (this.#take("|")) ways.push(this.#sequence());
    return ways.length === 1 ? (ways[0] as Node) : { kind: "choice", ways };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source.charAt(this.#at))) parts.push(this.#repeat(this.#atom()));
    return { kind: "sequence", parts };
  }

  #atom(): Node {
    if (this.#take("(?:") || this.#take("(")) {
      const inner = this.#choice();
      if (!this.#take(")")) throw new UnreadableRegex("an open group");
      return inner;
    }
    if (this.#take("[")) return this.#set();
    if (this.#take("^")) return { kind: "start" };
    if (this.#take("$")) return { kind: "end" };
    if (this.#take("\\b")) return { kind: "edge", isWord: true };
    if (this.#take(".")) return setOf((unit) => unit !== 10 && unit !== 13, [97, 32, 0x6743]);
    const [members, isNegated] = this.#member();
    return this.#of(members, isNegated);
  }

  #repeat(of: Node): Node {
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/.exec(this.#source.slice(this.#at, this.#at + 16));
    if (found === null) return of;
    this.#at += found[0].length;
    const [all, least, comma, most, lazy] = found;
    const isLazy = lazy === "?";
    if (all.startsWith("?")) return { kind: "repeat", of, least: 0, most: 1, isLazy };
    if (all.startsWith("*")) return { kind: "repeat", of, least: 0, most: UNBOUNDED, isLazy };
    if (all.startsWith("+")) return { kind: "repeat", of, least: 1, most: UNBOUNDED, isLazy };
    const upTo = comma === undefined ? Number(least) : most === "" ? UNBOUNDED : Number(most);
    return { kind: "repeat", of, least: Number(least), most: upTo, isLazy };
  }

  #set(): Node {
    const isNegated = this.#take("^");
    const members: number[] = [];
    while (!this.#take("]")) {
      const [from, isNegatedClass] = this.#member();
      if (isNegatedClass) throw new UnreadableRegex("a negated class in a set");
      const isRange = from.length === 1 && this.#source.charAt(this.#at) === "-" && this.#source.charAt(this.#at + 1) !== "]";
      if (!isRange) members.push(...from);
      else {
        this.#at += 1;
        const [to] = this.#member();
        for (let unit = from[0] as number; unit <= (to[0] as number); unit += 1) members.push(unit);
      }
    }
    return this.#of(members, isNegated);
  }

  #of(members: readonly number[], isNegated: boolean): Node {
    const all = new Set(members);
    if (this.#ignoreCase)
      for (const unit of members) {
        const char = String.fromCharCode(unit);
        for (const other of [char.toLowerCase(), char.toUpperCase()]) if (other.length === 1) all.add(other.charCodeAt(0));
      }
    if (!isNegated) return setOf((unit) => all.has(unit), [...all]);
    return setOf(
      (unit) => !all.has(unit),
      [97, 49, 32, 0x6743].filter((unit) => !all.has(unit)),
    );
  }

  /** Members of one character or class, and whether they are the ones left out. */
  #member(): [readonly number[], boolean] {
    if (!this.#take("\\")) {
      const unit = this.#source.charCodeAt(this.#at);
      this.#at += 1;
      return [[unit], false];
    }
    const char = this.#source.charAt(this.#at);
    this.#at += 1;
    if (char === "x") {
      const unit = Number.parseInt(this.#source.slice(this.#at, this.#at + 2), 16);
      this.#at += 2;
      return [[unit], false];
    }
    const named: Readonly<Record<string, readonly number[]>> = {
      s: SPACES,
      d: range(48, 57),
      w: [...range(48, 57), ...range(65, 90), 95, ...range(97, 122)],
    };
    const plain: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };
    const set = named[char.toLowerCase()];
    if (set !== undefined) return [set, char !== char.toLowerCase()];
    if (plain[char] !== undefined) return [[plain[char]], false];
    if (/[a-z0-9]/i.test(char)) throw new UnreadableRegex(`\\${char}`);
    return [[char.charCodeAt(0)], false];
  }

  #take(what: string): boolean {
    if (!this.#source.startsWith(what, this.#at)) return false;
    this.#at += what.length;
    return true;
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function setOf(has: (unit: number) => boolean, members: readonly number[]): Node {
  return { kind: "set", has, members };
}

/** @throws UnreadableRegex for what rules may not use */
export function readRegex(source: string, ignoreCase: boolean): Node {
  return new Reader(source, ignoreCase).read();
}

/** Characters of the longest match; Infinity where a repetition has no bound. */
export function longestMatch(node: Node): number {
  if (node.kind === "set") return 1;
  if (node.kind === "sequence") return node.parts.reduce((sum, part) => sum + longestMatch(part), 0);
  if (node.kind === "choice") return Math.max(...node.ways.map(longestMatch));
  if (node.kind !== "repeat") return 0;
  const of = longestMatch(node.of);
  return of === 0 ? 0 : node.most * of;
}

/** A text that matches. @param draw a number from 0 up to and without its argument */
export function matching(node: Node, draw: (below: number) => number): string {
  if (node.kind === "set") return String.fromCharCode(node.members[draw(node.members.length)] ?? 97);
  if (node.kind === "sequence") return node.parts.map((part) => matching(part, draw)).join("");
  if (node.kind === "choice") return matching(node.ways[draw(node.ways.length)] as Node, draw);
  if (node.kind !== "repeat") return "";
  const times = node.least + draw(Math.min(node.most - node.least, 12) + 1);
  return Array.from({ length: times }, () => matching(node.of, draw)).join("");
}

/** Tries the expression at one place as a backtracking engine does. */
export class Steps {
  readonly #text: string;
  count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** End of the match that begins at `at`; -1 where there is none. */
  tryAt(node: Node, at: number): number {
    let end = -1;
    this.#run(node, at, (after) => {
      end = after;
      return true;
    });
    return end;
  }

  #run(node: Node, at: number, then: (at: number) => boolean): boolean {
    this.count += 1;
    switch (node.kind) {
      case "set":
        return at < this.#text.length && node.has(this.#text.charCodeAt(at)) && then(at + 1);
      case "edge":
        return this.#isWord(at - 1) !== this.#isWord(at) && then(at);
      case "start":
        return at === 0 && then(at);
      case "end":
        return at === this.#text.length && then(at);
      case "sequence":
        return this.#sequence(node.parts, 0, at, then);
      case "choice":
        return node.ways.some((way) => this.#run(way, at, then));
      case "repeat":
        return this.#repeat(node, 0, at, then);
    }
  }

  #sequence(parts: readonly Node[], which: number, at: number, then: (at: number) => boolean): boolean {
    const part = parts[which];
    return part === undefined ? then(at) : this.#run(part, at, (after) => this.#sequence(parts, which + 1, after, then));
  }

  #repeat(node: Extract<Node, { kind: "repeat" }>, times: number, at: number, then: (at: number) => boolean): boolean {
    const more = (): boolean =>
      times < node.most &&
      this.#run(node.of, at, (after) => (after > at || times < node.least) && this.#repeat(node, times + 1, after, then));
    if (times < node.least) return more();
    return node.isLazy ? then(at) || more() : more() || then(at);
  }

  #isWord(at: number): boolean {
    return at >= 0 && at < this.#text.length && /\w/.test(this.#text.charAt(at));
  }
}

/** A generator of pseudo-random numbers (mulberry32), so that every run tries the same texts. */
export function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
