// Several sets of patterns, asked in one pass over a text which of them may find something in it: most find nothing in most texts.
import type { PatternSet } from "./hit.ts";
import { MOST_BETWEEN, mostDigits } from "./numbers.ts";
import { WordFinder } from "./words.ts";

/** What a text must hold for a set to find something; a text that holds it need not hold more. */
export interface PatternNeeds {
  /** One of these words, or so many digits close together, or neither where nothing is known. */
  readonly words: readonly string[];
  /** Infinite where no rule begins at digits. */
  readonly digits: number;
  /** Whether it may find something in any text. */
  readonly nothing: boolean;
  /** Whether it may in a text that is not ASCII. */
  readonly wide: (text: string) => boolean;
}

/** Patterns that say what a text needs for them. */
export interface SievedPatterns extends PatternSet {
  /** Without it in a text, `find` finds nothing there, unless it is told the name of a field. */
  readonly needs: PatternNeeds;
}

const ASCII = 0x80;
/** Units of the longest thing that tells a disguise. */
const DISGUISE = 2;

const UNKNOWN: PatternNeeds = { words: [], digits: Number.POSITIVE_INFINITY, nothing: true, wide: () => true };

export class Sieve {
  /** Units before a text that are to be looked at with it where it goes on: what a set needs stands in no more. */
  readonly overlap: number;
  readonly #needs: readonly PatternNeeds[];
  readonly #words: WordFinder;
  readonly #may: Uint8Array;
  readonly #leastDigits: number;
  readonly #mark: (set: number) => void;

  /** @param sets those that do not say what they need may find something in any text */
  constructor(sets: readonly { readonly needs?: PatternNeeds }[]) {
    this.#needs = sets.map(({ needs }) => needs ?? UNKNOWN);
    this.#words = new WordFinder(this.#needs.flatMap(({ words }, payload) => words.map((word) => ({ word, payload }))));
    this.#leastDigits = Math.min(Number.POSITIVE_INFINITY, ...this.#needs.map(({ digits }) => digits));
    const words = this.#needs.flatMap((needs) => needs.words);
    const digits = this.#needs.map((needs) => needs.digits).filter(Number.isFinite);
    this.overlap = Math.max(DISGUISE, ...words.map(({ length }) => length), ...digits.map((count) => count * (MOST_BETWEEN + 1)));
    this.#may = new Uint8Array(sets.length);
    this.#mark = (set) => {
      this.#may[set] = 1;
    };
  }

  /** By set: 0 where it finds nothing in any of the texts. Valid until the next call. */
  which(texts: readonly { readonly text: string }[]): Uint8Array {
    this.#may.fill(0);
    for (const { text } of texts) this.#look(text);
    return this.#may;
  }

  #look(text: string): void {
    const may = this.#may;
    const units = this.#words.find(text, this.#mark);
    const digits = this.#leastDigits === Number.POSITIVE_INFINITY ? 0 : mostDigits(text);
    for (let set = 0; set < may.length; set += 1) {
      const needs = this.#needs[set];
      if (needs === undefined || may[set] === 1) continue;
      if (needs.nothing || digits >= needs.digits || (units >= ASCII && needs.wide(text))) may[set] = 1;
    }
  }
}
