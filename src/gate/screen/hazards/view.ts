// One reading of a text, scanned as it comes: which terms stand in it, and from where on it must be held.
import { NONE, type Run } from "../../../text/run.ts";
import { KIND, kindOf } from "../../../text/scripts.ts";
import type { Lexicon } from "./lexicon.ts";
import { Near } from "./near.ts";

/** Words that an end of a sentence counts for, so that what stands in two sentences is not near. */
const SENTENCE_WORDS = 3;

interface Waiting {
  readonly term: number;
  readonly from: number;
  readonly to: number;
}

export class View {
  readonly #lexicon: Lexicon;
  readonly #near: Near;
  /** The last units, by index modulo the size: places, words before and with it, whether a letter, whether after a gap. */
  readonly #mask: number;
  readonly #places: number[];
  readonly #words: number[];
  readonly #letters: number[];
  readonly #gaps: number[];
  #count = 0;
  #word = 0;
  #afterLetter = false;
  #state = 0;
  /** Terms that end with the last unit, if no letter follows. */
  #waiting: Waiting[] = [];

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#near = new Near(lexicon);
    let size = 8;
    while (size < lexicon.automaton.longest + 2) size *= 2;
    this.#mask = size - 1;
    // A typed array of that size lies outside the heap and costs more to make than a short text to read.
    this.#places = new Array<number>(size).fill(0);
    this.#words = new Array<number>(size).fill(0);
    this.#letters = new Array<number>(size).fill(0);
    this.#gaps = new Array<number>(size).fill(0);
  }

  get hits(): Near["hits"] {
    return this.#near.hits;
  }

  push({ units, places, gaps, length }: Run): void {
    for (let at = 0; at < length; at += 1) this.#take(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0);
    this.#near.words(this.#word);
  }

  end(): void {
    this.#settle(true);
    this.#near.end();
  }

  /** Place from which on the text may still become part of a hit; `NONE` when none of it may. */
  pending(): number {
    let least = this.#near.pending(this.#word);
    for (const { from } of this.#waiting) least = Math.min(least, this.#places[from & this.#mask] ?? NONE);
    const { depths, fails } = this.#lexicon.automaton;
    for (let state = this.#state; state !== 0; state = fails[state] ?? 0) {
      const from = this.#count - (depths[state] ?? 0);
      // A letter inside a word begins no term; the longest beginning that may is the oldest.
      if (this.#beginsAt(from)) return Math.min(least, this.#places[from & this.#mask] ?? NONE);
    }
    return least;
  }

  #take(unit: number, place: number, gap: number): void {
    const { automaton } = this.#lexicon;
    const at = this.#count & this.#mask;
    const kind = kindOf(unit);
    const isLetter = kind === KIND.word;
    if (this.#waiting.length > 0) this.#settle(!isLetter || gap === 1);
    this.#places[at] = place;
    this.#gaps[at] = gap;
    this.#letters[at] = isLetter ? 1 : 0;
    // Letters that stood apart are one word.
    if (kind === KIND.han || (isLetter && !this.#afterLetter)) this.#word += 1;
    else if (kind === KIND.sentence) this.#word += SENTENCE_WORDS;
    this.#afterLetter = isLetter;
    this.#words[at] = this.#word;
    this.#count += 1;
    this.#state = automaton.next(this.#state, unit);
    for (let state = automaton.firstEnd(this.#state); state !== 0; state = automaton.nextEnd(state)) this.#found(automaton.termAt(state));
  }

  /** Whether a word may begin at that unit: nothing, no letter, or a gap stands before. */
  #beginsAt(index: number): boolean {
    if (index === 0) return true;
    const at = index & this.#mask;
    return this.#letters[at] === 0 || this.#gaps[at] === 1 || this.#letters[(index - 1) & this.#mask] === 0;
  }

  #found(term: number): void {
    const flags = this.#lexicon.flags[term];
    const to = this.#count - 1;
    const from = to - (this.#lexicon.automaton.lengths[term] ?? 0) + 1;
    if (flags === undefined || (flags.begins && !this.#beginsAt(from))) return;
    if (flags.ends) this.#waiting.push({ term, from, to });
    else this.#emit(term, from, to);
  }

  #settle(ends: boolean): void {
    if (ends) for (const { term, from, to } of this.#waiting) this.#emit(term, from, to);
    this.#waiting.length = 0;
  }

  #emit(term: number, from: number, to: number): void {
    const mask = this.#mask;
    this.#near.words(this.#words[to & mask] ?? 0);
    this.#near.take(this.#lexicon.flags[term]?.groups ?? [], {
      first: this.#places[from & mask] ?? 0,
      last: this.#places[to & mask] ?? 0,
      from,
      to,
      fromWord: this.#words[from & mask] ?? 0,
      toWord: this.#words[to & mask] ?? 0,
    });
  }
}
