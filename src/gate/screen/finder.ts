// Filters that look at a text as it is written and say how long a match can be: personal data, secrets, expressions.
import type { PatternNeeds } from "../../patterns/sieve.ts";
import type { Action, Decision, Part } from "./actions.ts";

/** What finds something, run over a window of a stream and over whole texts alike. */
export interface Finder {
  /** Filter id for the log, `personal@1`. */
  readonly filter: string;
  /** UTF-16 units that a match and what decides about it can span; infinite means that a text must be whole. */
  readonly reach: number;
  /** What every match begins with, where that is one text: without it in sight, nothing needs to be held for the whole reach. */
  readonly opening?: string;
  /** What a text needs for a match; nothing is known of expressions. */
  readonly needs?: PatternNeeds;
  find(text: string): readonly { readonly rule: string; readonly start: number; readonly end: number }[];
  action(rule: string, part: Part): Action;
}

/** Text before the undecided part that is looked at again, so that words around a match still count. */
const LOOK_BACK = 256;
/** Looking again for every few characters of a stream would cost more than it tells. */
const EVERY = 48;

/** One finder over one text as it comes. */
export class Finding {
  readonly #finder: Finder;
  readonly #part: Part;
  #tail = "";
  #tailStart = 0;
  #length = 0;
  /** All matches that begin before this place are decided. */
  #decided = 0;
  #looked = 0;
  /** Place before which something stands that a match needs; none does behind it. */
  #needed = 0;
  readonly decisions: Decision[] = [];

  constructor(finder: Finder, part: Part) {
    this.#finder = finder;
    this.#part = part;
  }

  get filter(): string {
    return this.#finder.filter;
  }

  /** @param mayMatch false where nothing that a match needs stands in the text, or in what came before and the text together */
  push(text: string, mayMatch: boolean): void {
    this.#tail += text;
    this.#length += text.length;
    if (mayMatch) this.#needed = this.#length;
    if (this.#length - this.#looked >= EVERY) this.#look(Math.max(this.#length - this.#finder.reach, this.#unopened()));
  }

  end(): void {
    this.#look(this.#length);
  }

  /** Place from which on a match may still begin. */
  pending(): number {
    return this.#decided;
  }

  /** Place before which no match can begin, by what matches begin with. */
  #unopened(): number {
    const { opening } = this.#finder;
    if (opening === undefined) return 0;
    const at = this.#tail.indexOf(opening, Math.max(0, this.#decided - this.#tailStart));
    // The end of the text may be the beginning of an opening.
    return at === -1 ? this.#length - opening.length + 1 : at + this.#tailStart;
  }

  #look(until: number): void {
    this.#looked = this.#length;
    if (until <= this.#decided) return;
    const found = this.#needed > this.#tailStart ? this.#finder.find(this.#tail) : [];
    for (const { rule, start, end } of found) {
      const from = start + this.#tailStart;
      if (from < this.#decided || from >= until) continue;
      const action = this.#finder.action(rule, this.#part);
      if (action === "allow") continue;
      this.decisions.push({ filter: this.#finder.filter, rule, action, start: from, end: end + this.#tailStart });
    }
    this.#decided = until;
    const keepFrom = this.#decided - LOOK_BACK;
    if (keepFrom > this.#tailStart) {
      this.#tail = this.#tail.slice(keepFrom - this.#tailStart);
      this.#tailStart = keepFrom;
    }
  }
}
