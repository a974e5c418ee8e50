// Which terms stand near which: the rules of a lexicon over one text, with what is open and must be held.
import { NONE } from "../../../text/run.ts";
import type { Lexicon } from "./lexicon.ts";

export interface LexicalHit {
  readonly rule: string;
  readonly category: string;
  /** Place of the first unit, and of the last one (inclusive), in the text as written. */
  readonly first: number;
  readonly last: number;
}

/** Words on either side in which an exception counts. */
const EXCEPTION_WORDS = 6;

const NOTHING = new Float64Array(0);
const NO_WORDS = new Int32Array(0);

interface Candidate {
  readonly rule: number;
  readonly first: number;
  readonly last: number;
  /** Word from which on no exception counts. */
  readonly until: number;
}

/** Where a term stands. */
interface Occurrence {
  /** Places. */
  readonly first: number;
  readonly last: number;
  /** Units of the reading, counted from its beginning. */
  readonly from: number;
  readonly to: number;
  readonly fromWord: number;
  readonly toWord: number;
}

export class Near {
  readonly hits: LexicalHit[] = [];
  readonly #lexicon: Lexicon;
  /** By rule and part: where the parts up to this one begin, in places and in words; -1 where there are none. Made with the first term: most texts have none. */
  #starts: Float64Array = NOTHING;
  #startWords: Int32Array = NO_WORDS;
  /** Unit of the reading with which the parts up to this one end. */
  #lasts: Float64Array = NOTHING;
  #lastSeen: Int32Array = NO_WORDS;
  /** Rule and part of what is open, as an index into `#starts`. */
  #open: number[] = [];
  #candidates: Candidate[] = [];

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
  }

  /** A term of these groups stands there. */
  take(groups: readonly number[], at: Occurrence): void {
    if (this.#starts.length === 0) this.#make();
    for (const group of groups) {
      this.#lastSeen[group] = at.toWord;
      for (const candidate of this.#candidates) this.#except(candidate, group);
    }
    if (this.#candidates.length > 0) this.#candidates = this.#candidates.filter(({ until }) => until !== NEVER);
    for (const group of groups) for (const { rule, part } of this.#lexicon.seats[group] ?? []) this.#fill(rule, part, at);
  }

  #make(): void {
    const size = this.#lexicon.rules.length * MAX_PARTS;
    this.#starts = new Float64Array(size).fill(-1);
    this.#startWords = new Int32Array(size);
    this.#lasts = new Float64Array(size);
    this.#lastSeen = new Int32Array(this.#lexicon.groupCount).fill(NEVER);
  }

  /** So many words were read. */
  words(count: number): void {
    if (this.#candidates.length > 0) this.#settle(count);
  }

  end(): void {
    this.#settle(Number.MAX_SAFE_INTEGER);
    this.#open = [];
  }

  /** Place from which on the text may still become part of a hit. */
  pending(words: number): number {
    let least = NONE;
    let kept = 0;
    for (const index of this.#open) {
      const rule = this.#lexicon.rules[Math.floor(index / MAX_PARTS)];
      if (rule === undefined || words - (this.#startWords[index] ?? 0) > rule.within) continue;
      this.#open[kept] = index;
      kept += 1;
      least = Math.min(least, this.#starts[index] ?? NONE);
    }
    this.#open.length = kept;
    for (const { first } of this.#candidates) least = Math.min(least, first);
    return least;
  }

  #fill(ruleAt: number, part: number, at: Occurrence): void {
    const rule = this.#lexicon.rules[ruleAt];
    if (rule === undefined) return;
    const index = ruleAt * MAX_PARTS + part;
    let first = at.first;
    let word = at.fromWord;
    if (part > 0) {
      const before = index - 1;
      const start = this.#starts[before] ?? -1;
      word = this.#startWords[before] ?? 0;
      if (start < 0 || at.toWord - word > rule.within || (this.#lasts[before] ?? 0) >= at.from) return;
      first = start;
    }
    if (part === rule.parts.length - 1) {
      this.#propose(ruleAt, first, word, at);
      return;
    }
    this.#starts[index] = first;
    this.#startWords[index] = word;
    this.#lasts[index] = at.to;
    if (!this.#open.includes(index)) this.#open.push(index);
  }

  #propose(ruleAt: number, first: number, fromWord: number, at: Occurrence): void {
    const rule = this.#lexicon.rules[ruleAt];
    if (rule === undefined) return;
    for (const group of rule.unless) if ((this.#lastSeen[group] ?? NEVER) >= fromWord - EXCEPTION_WORDS) return;
    const found = { rule: ruleAt, first, last: at.last };
    if (rule.unless.length === 0) this.#accept(found);
    else this.#candidates.push({ ...found, until: at.toWord + EXCEPTION_WORDS });
  }

  #except(candidate: Candidate, group: number): void {
    if (this.#lexicon.rules[candidate.rule]?.unless.includes(group) === true) Object.assign(candidate, { until: NEVER });
  }

  #settle(words: number): void {
    const open: Candidate[] = [];
    for (const candidate of this.#candidates) {
      if (words > candidate.until) this.#accept(candidate);
      else open.push(candidate);
    }
    this.#candidates = open;
  }

  #accept({ rule, first, last }: Omit<Candidate, "until">): void {
    const { id, category } = this.#lexicon.rules[rule] ?? { id: "", category: "" };
    this.hits.push({ rule: id, category, first, last });
  }
}

/** Groups that one rule may join. */
export const MAX_PARTS = 4;
const NEVER = -0x4000_0000;
