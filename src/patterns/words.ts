// Finds every place of many words in one pass over a text: an Aho–Corasick automaton with all transitions filled in
// (Aho, Corasick: Efficient string matching, CACM 18(6), 1975), over classes of characters instead of characters.

/** A word and what is to be done where it stands. */
export interface Listed {
  readonly word: string;
  readonly payload: number;
}

/** Words of an accepting state: how long each is, and its payload. */
interface Found {
  readonly lengths: readonly number[];
  readonly payloads: readonly number[];
}

const NOTHING: Found = { lengths: [], payloads: [] };
const UNITS = 0x10000;

/** Case of ASCII letters is ignored, and a space is any white space; other characters stand for themselves. */
export class WordFinder {
  readonly #classes = new Uint16Array(UNITS);
  readonly #width: number;
  /** `[state + class]`: the state after it; states are multiples of the number of classes. */
  readonly #next: Int32Array;
  /** By state divided by the number of classes; those from `#accepting` on have words. */
  readonly #found: readonly Found[];
  readonly #accepting: number;

  constructor(list: readonly Listed[]) {
    this.#width = this.#classify(list);
    const trie = new Trie(this.#width);
    for (const { word, payload } of list)
      trie.add(
        Array.from({ length: word.length }, (_, at) => this.#classes[word.charCodeAt(at)] ?? 0),
        payload,
      );
    const { next, found, accepting } = trie.close();
    this.#next = next;
    this.#found = found;
    this.#accepting = accepting * this.#width;
  }

  /** Gives every character of the words a class; class 0 is for all others. */
  #classify(list: readonly Listed[]): number {
    let count = 1;
    for (const { word } of list) {
      for (let at = 0; at < word.length; at += 1) {
        const lower = word.charCodeAt(at) | (isUpper(word.charCodeAt(at)) ? 0x20 : 0);
        if (this.#classes[lower] !== 0) continue;
        this.#classes[lower] = count;
        if (isLower(lower)) this.#classes[lower & ~0x20] = count;
        count += 1;
      }
    }
    // What is written over two lines, or with spaces that do not break, is the same phrase.
    for (const space of [0x09, 0x0a, 0x0d, 0xa0]) if (this.#classes[space] === 0) this.#classes[space] = this.#classes[0x20] as number;
    return count;
  }

  /**
   * Calls `each` with payload and start of every word of a text, in the order in which they end.
   * @returns all units of the text or-ed: below 0x80 the text is ASCII
   */
  find(text: string, each: (payload: number, start: number) => void): number {
    const classes = this.#classes;
    const next = this.#next;
    const accepting = this.#accepting;
    let state = 0;
    let units = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      units |= unit;
      state = next[state + (classes[unit] as number)] as number;
      if (state >= accepting) this.#report(state, at, each);
    }
    return units;
  }

  #report(state: number, at: number, each: (payload: number, start: number) => void): void {
    const { lengths, payloads } = this.#found[state / this.#width] ?? NOTHING;
    for (let which = 0; which < lengths.length; which += 1) each(payloads[which] as number, at + 1 - (lengths[which] as number));
  }
}

function isUpper(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

interface Closed {
  readonly next: Int32Array;
  readonly found: readonly Found[];
  /** First state with words: those without come before. */
  readonly accepting: number;
}

class Trie {
  readonly #width: number;
  readonly #next: Int32Array[];
  readonly #words: [length: number, payload: number][][] = [[]];

  constructor(width: number) {
    this.#width = width;
    this.#next = [new Int32Array(width)];
  }

  add(classes: readonly number[], payload: number): void {
    let state = 0;
    for (const one of classes) {
      const row = this.#next[state] as Int32Array;
      if (row[one] === 0) {
        row[one] = this.#next.length;
        this.#next.push(new Int32Array(this.#width));
        this.#words.push([]);
      }
      state = row[one] as number;
    }
    this.#words[state]?.push([classes.length, payload]);
  }

  /** Fills in where each state goes when a word breaks off, breadth first, and numbers states with words last. */
  close(): Closed {
    const fail = new Int32Array(this.#next.length);
    const queue = [...new Set(this.#next[0])].filter((state) => state !== 0);
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] as number;
      const row = this.#next[state] as Int32Array;
      const other = this.#next[fail[state] as number] as Int32Array;
      this.#words[state]?.push(...(this.#words[fail[state] as number] ?? []));
      for (let one = 0; one < this.#width; one += 1) {
        const to = row[one] as number;
        if (to === 0) row[one] = other[one] as number;
        else {
          fail[to] = other[one] as number;
          queue.push(to);
        }
      }
    }
    return this.#renumber();
  }

  #renumber(): Closed {
    const states = this.#next.map((_, state) => state);
    const isPlain = (state: number): boolean => this.#words[state]?.length === 0;
    const order = [...states.filter(isPlain), ...states.filter((state) => !isPlain(state))];
    const places = new Int32Array(order.length);
    order.forEach((state, place) => {
      places[state] = place;
    });
    const next = new Int32Array(order.length * this.#width);
    order.forEach((state, place) => {
      const row = this.#next[state] as Int32Array;
      for (let one = 0; one < this.#width; one += 1) next[place * this.#width + one] = (places[row[one] as number] as number) * this.#width;
    });
    const found = order.map((state) => {
      const words = this.#words[state] ?? [];
      return words.length === 0 ? NOTHING : { lengths: words.map(([length]) => length), payloads: words.map(([, payload]) => payload) };
    });
    return { next, found, accepting: states.filter(isPlain).length };
  }
}
