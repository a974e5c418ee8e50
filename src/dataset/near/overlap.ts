// Whether items of given test sets occur in the data: n-grams of tokens, 13 where words are spaced and 30 where they are characters
// (13 words: Brown et al. 2020, appendix C). Exact overlap only: a paraphrase is not seen.
import type { Tokens } from "../text/tokens.ts";

const WORDS = 13;
const CHARACTERS = 30;
/** N-grams indexed of all test sets together; 16 bytes each. */
const MAX_GRAMS = 4_000_000;
const BASE1 = 0x01000193;
const BASE2 = 0x5bd1e995;

/** N-grams of the items of one test set. */
interface TestSet {
  readonly name: string;
  readonly items: number;
}

/** Lookup of n-grams, shareable between threads. */
export interface GramIndex {
  readonly sets: readonly TestSet[];
  /** Open addressing: two lanes of hash and the n-gram's number; `numbers[slot]` is -1 where it is empty. */
  readonly lane1: Uint32Array;
  readonly lane2: Uint32Array;
  readonly numbers: Int32Array;
  /** Set and item of each n-gram's number. */
  readonly setOf: Uint16Array;
  readonly itemOf: Int32Array;
  /** Items too short to have an n-gram, by set. */
  readonly short: readonly number[];
  /** N-grams left out because there were more than MAX_GRAMS. */
  readonly leftOut: number;
}

interface Gram {
  readonly a: number;
  readonly b: number;
  readonly set: number;
  readonly item: number;
}

/** Collects test sets and makes the index. */
export class GramIndexBuilder {
  readonly #sets: { name: string; items: number }[] = [];
  readonly #short: number[] = [];
  readonly #grams: Gram[] = [];
  #leftOut = 0;

  startSet(name: string): void {
    this.#sets.push({ name, items: 0 });
    this.#short.push(0);
  }

  addItem(tokens: Tokens): void {
    const set = this.#sets.length - 1;
    const current = this.#sets[set];
    if (current === undefined) return;
    const item = current.items;
    current.items += 1;
    const before = this.#grams.length + this.#leftOut;
    eachGram(tokens, sizeFor(tokens), (a, b) => {
      if (this.#grams.length < MAX_GRAMS) this.#grams.push({ a, b, set, item });
      else this.#leftOut += 1;
    });
    if (this.#grams.length + this.#leftOut === before) this.#short[set] = (this.#short[set] ?? 0) + 1;
  }

  build(): GramIndex {
    let length = 1024;
    while (length < this.#grams.length * 2) length *= 2;
    const lane1 = new Uint32Array(new SharedArrayBuffer(length * 4));
    const lane2 = new Uint32Array(new SharedArrayBuffer(length * 4));
    const numbers = new Int32Array(new SharedArrayBuffer(length * 4)).fill(-1);
    const setOf = new Uint16Array(new SharedArrayBuffer(this.#grams.length * 2));
    const itemOf = new Int32Array(new SharedArrayBuffer(this.#grams.length * 4));
    for (const [number, { a, b, set, item }] of this.#grams.entries()) {
      let slot = a & (length - 1);
      // Equal n-grams of two items both stand in the table, one behind the other.
      while ((numbers[slot] ?? -1) !== -1) slot = (slot + 1) & (length - 1);
      lane1[slot] = a;
      lane2[slot] = b;
      numbers[slot] = number;
      setOf[number] = set;
      itemOf[number] = item;
    }
    return { sets: this.#sets, lane1, lane2, numbers, setOf, itemOf, short: this.#short, leftOut: this.#leftOut };
  }
}

/** Numbers of the index's n-grams that a row holds. */
export function eachFound(index: GramIndex, tokens: Tokens, found: (number: number) => void): void {
  const mask = index.numbers.length - 1;
  for (const size of [WORDS, CHARACTERS]) {
    eachGram(tokens, size, (a, b) => {
      let slot = a & mask;
      for (let number = index.numbers[slot] ?? -1; number !== -1; number = index.numbers[slot] ?? -1) {
        if (index.lane1[slot] === a && index.lane2[slot] === b) found(number);
        slot = (slot + 1) & mask;
      }
    });
  }
}

/** Mostly Han and kana: characters count, not words. */
function sizeFor({ scripts }: Tokens): number {
  const unspaced = (scripts[1] ?? 0) + (scripts[2] ?? 0) + (scripts[3] ?? 0);
  const all = scripts.reduce((sum, count) => sum + count, 0);
  return unspaced * 2 > all ? CHARACTERS : WORDS;
}

/** Rolling hashes of all n-grams, two lanes each, different for different sizes. */
function eachGram({ count, lane1, lane2 }: Tokens, size: number, each: (a: number, b: number) => void): void {
  if (count < size) return;
  let out1 = 1;
  let out2 = 1;
  for (let at = 1; at < size; at += 1) {
    out1 = Math.imul(out1, BASE1);
    out2 = Math.imul(out2, BASE2);
  }
  let a = 0;
  let b = 0;
  for (let at = 0; at < count; at += 1) {
    if (at >= size) {
      a = (a - Math.imul(lane1[at - size] ?? 0, out1)) | 0;
      b = (b - Math.imul(lane2[at - size] ?? 0, out2)) | 0;
    }
    a = (Math.imul(a, BASE1) + (lane1[at] ?? 0)) | 0;
    b = (Math.imul(b, BASE2) + (lane2[at] ?? 0)) | 0;
    if (at >= size - 1) each((a ^ size) >>> 0, b >>> 0);
  }
}
