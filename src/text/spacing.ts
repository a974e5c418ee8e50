// Separators between single characters, as in b-o-m-b or 敏.感.词, go. A Han character is single wherever it stands; a letter
// is when no other stands next to it. What stood apart is marked as a gap, since "a b o m b" may be two words.

import { NONE, Run, type Stage } from "./run.ts";
import { KIND, type Kind, kindOf } from "./scripts.ts";

/** Longer runs of signs separate texts, not letters. */
export const MAX_SEPARATORS = 16;

export class Spacing implements Stage {
  /** Separators after a single character, then perhaps one letter of which it is not known whether it stands alone. */
  readonly #held = new Run(8);
  /** Whether the last unit of `#held` is such a letter. */
  #letterHeld = false;
  /** Units of the word at the end of what was given out, as far as one counts: 0, 1 or 2 for more. */
  #word = 0;
  #lastKind: Kind = KIND.sign;

  push(input: Run, out: Run): void {
    const { units, places, gaps, length } = input;
    for (let at = 0; at < length; at += 1) this.#take(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0, out);
  }

  end(out: Run): void {
    if (this.#letterHeld) this.#join(out);
    this.#release(out);
    this.#word = 0;
    this.#lastKind = KIND.sign;
  }

  pending(): number {
    return this.#held.length === 0 ? NONE : (this.#held.places[0] ?? NONE);
  }

  #take(unit: number, place: number, gap: number, out: Run): void {
    const kind = kindOf(unit);
    const isSingle = kind === KIND.word || kind === KIND.han;
    if (this.#letterHeld) {
      if (kind === KIND.word) this.#release(out);
      else this.#join(out);
    }
    if (!isSingle) this.#takeSign(unit, place, gap, out);
    else if (this.#held.length > 0) this.#takeAfterSigns(kind, unit, place, gap, out);
    else {
      this.#word = kind === KIND.han || this.#word === 0 || this.#lastKind === KIND.han ? 1 : 2;
      this.#lastKind = kind;
      out.add(unit, place, gap);
    }
  }

  #takeSign(unit: number, place: number, gap: number, out: Run): void {
    if (this.#word === 1) {
      this.#held.add(unit, place, gap);
      if (this.#held.length > MAX_SEPARATORS) this.#release(out);
    } else {
      this.#word = 0;
      out.add(unit, place, gap);
    }
  }

  #takeAfterSigns(kind: Kind, unit: number, place: number, gap: number, out: Run): void {
    if (kind === KIND.word) {
      this.#held.add(unit, place, gap);
      this.#letterHeld = true;
      return;
    }
    const isApart = this.#lastKind === KIND.han && this.#endsSentence();
    if (isApart) this.#release(out);
    this.#held.clear();
    out.add(unit, place, isApart ? 0 : 1);
    this.#word = 1;
    this.#lastKind = kind;
  }

  #endsSentence(): boolean {
    const { units, length } = this.#held;
    for (let at = 0; at < length; at += 1) {
      const unit = units[at] ?? 0;
      // A full stop of ASCII separates in 敏.感.词.
      if (unit !== 0x2e && kindOf(unit) === KIND.sentence) return true;
    }
    return false;
  }

  /** The held letter stands alone: the separators before it go. */
  #join(out: Run): void {
    const at = this.#held.length - 1;
    out.add(this.#held.units[at] ?? 0, this.#held.places[at] ?? 0, 1);
    this.#held.clear();
    this.#letterHeld = false;
    this.#word = 1;
    this.#lastKind = KIND.word;
  }

  /** What is held was no disguise. */
  #release(out: Run): void {
    const { units, places, gaps, length } = this.#held;
    for (let at = 0; at < length; at += 1) out.add(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0);
    this.#word = this.#letterHeld ? 1 : 0;
    if (this.#letterHeld) this.#lastKind = KIND.word;
    this.#letterHeld = false;
    this.#held.clear();
  }
}
