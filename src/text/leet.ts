// Digits and signs that stand for letters inside a word. An l becomes an i like everything that looks like both, so text and
// terms must both go through this step; it is for looking a second time, not instead.

import { NONE, type Run, type Stage } from "./run.ts";
import { KIND, kindOf } from "./scripts.ts";

function unitsOf(pairs: string): ReadonlyMap<number, number> {
  return new Map(Array.from({ length: pairs.length / 2 }, (_, at) => [pairs.charCodeAt(at * 2), pairs.charCodeAt(at * 2 + 1)] as const));
}

const ALWAYS = unitsOf("0o1i3e4a5s7t8b9g@a$sli");
/** Signs of their own elsewhere: letters only between letters. */
const BETWEEN = unitsOf("!i|i");

const letters = new Uint16Array(0x80);
for (const [from, to] of ALWAYS) letters[from] = to;

/** The letter that a unit stands for wherever it stands, itself where it stands for none. */
export function leetLetter(unit: number): number {
  const letter = unit < 0x80 ? (letters[unit] ?? 0) : 0;
  return letter === 0 ? unit : letter;
}

/** Whether a unit stands for a letter between letters only. */
export function isLetterBetween(unit: number): boolean {
  return BETWEEN.has(unit);
}

export class Leet implements Stage {
  /** A sign that waits for what follows, and whether a letter stood before it. */
  #waiting: { readonly unit: number; readonly place: number; readonly gap: number } | null = null;
  #afterWord = false;

  push({ units, places, gaps, length }: Run, out: Run): void {
    for (let at = 0; at < length; at += 1) this.#take(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0, out);
  }

  end(out: Run): void {
    if (this.#waiting !== null) this.#settle(false, out);
    this.#afterWord = false;
  }

  pending(): number {
    return this.#waiting?.place ?? NONE;
  }

  #take(unit: number, place: number, gap: number, out: Run): void {
    const letter = unit < 0x80 ? (letters[unit] ?? 0) : 0;
    const isWord = letter !== 0 || kindOf(unit) === KIND.word;
    if (this.#waiting !== null) this.#settle(isWord, out);
    if (!isWord && this.#afterWord && BETWEEN.has(unit)) this.#waiting = { unit, place, gap };
    else out.add(letter === 0 ? unit : letter, place, gap);
    this.#afterWord = isWord;
  }

  #settle(isBetween: boolean, out: Run): void {
    if (this.#waiting === null) return;
    const { unit, place, gap } = this.#waiting;
    out.add(isBetween ? (BETWEEN.get(unit) ?? unit) : unit, place, gap);
    this.#waiting = null;
  }
}
