// The steps that look at one character at a time, put together in one table.
import { foldCase } from "./case.ts";
import { compatibility } from "./compatibility.ts";
import { lookalike } from "./confusable.ts";
import type { FoldStep } from "./folded.ts";
import { dropIgnorable } from "./ignorable.ts";
import { NONE, type Run } from "./run.ts";
import { simplify } from "./simplified.ts";

const STEPS: readonly (readonly [FoldStep, (char: string) => string])[] = [
  ["compatibility", compatibility],
  ["case", foldCase],
  ["ignorable", dropIgnorable],
  ["confusable", lookalike],
  ["simplified", simplify],
];

/** What one step makes can be what an earlier one undoes; two rounds settle every character of Unicode 15, the others are for later ones. */
const MAX_ROUNDS = 4;

const UNKNOWN = -1;
const SEVERAL = -2;

interface Table {
  /** By unit: the unit it becomes, or one of the above. */
  readonly single: Int32Array;
  readonly several: Map<number, string>;
  readonly fold: (char: string) => string;
}

const tables = new Map<string, Table>();

function tableOf(steps: ReadonlySet<FoldStep>): Table {
  const wanted = STEPS.filter(([step]) => steps.has(step));
  const key = wanted.map(([step]) => step).join();
  const known = tables.get(key);
  if (known !== undefined) return known;
  const once = (text: string): string => wanted.reduce((now, [, step]) => Array.from(now, step).join(""), text);
  const fold = (char: string): string => {
    let now = once(char);
    for (let round = 1; round < MAX_ROUNDS; round += 1) {
      const next = once(now);
      if (next === now) break;
      now = next;
    }
    return now;
  };
  const table = { single: new Int32Array(0x1_0000).fill(UNKNOWN), several: new Map<number, string>(), fold };
  tables.set(key, table);
  return table;
}

/** Folds text character by character, fed in pieces that may end inside a surrogate pair. */
export class CharacterFolder {
  readonly #table: Table;
  /** First half of a pair whose second has not come, and its place. */
  #half = 0;
  #halfPlace = 0;

  constructor(steps: ReadonlySet<FoldStep>) {
    this.#table = tableOf(steps);
  }

  /** @param place of the first unit of `text` @param step 1 where `text` is as written, 0 where all of it stands for what is at `place` */
  push(text: string, place: number, out: Run, step: 0 | 1 = 1): void {
    const { single } = this.#table;
    let at = 0;
    if (this.#half !== 0 && text.length > 0) at = this.#joinHalf(text, out);
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const to = single[unit] ?? UNKNOWN;
      if (to >= 0) out.add(to, place + at * step, 0);
      else if (unit >= 0xd800 && unit <= 0xdbff) {
        if (at + 1 === text.length) {
          this.#half = unit;
          this.#halfPlace = place + at * step;
          break;
        }
        at += this.#addPair(unit, text.charCodeAt(at + 1), place + at * step, out);
      } else this.#addOne(unit, place + at * step, out);
    }
  }

  end(out: Run): void {
    if (this.#half !== 0) out.add(this.#half, this.#halfPlace, 0);
    this.#half = 0;
  }

  pending(): number {
    return this.#half === 0 ? NONE : this.#halfPlace;
  }

  /** Gives how many units of `text` belong to the pair. */
  #joinHalf(text: string, out: Run): number {
    const first = this.#half;
    this.#half = 0;
    return this.#addPair(first, text.charCodeAt(0), this.#halfPlace, out);
  }

  /** Gives how many units more than the first were used. */
  #addPair(first: number, second: number, place: number, out: Run): 0 | 1 {
    if (second < 0xdc00 || second > 0xdfff) {
      out.add(first, place, 0);
      return 0;
    }
    const code = (first - 0xd800) * 0x400 + (second - 0xdc00) + 0x1_0000;
    this.#addText(this.#several(code), place, out);
    return 1;
  }

  #addOne(unit: number, place: number, out: Run): void {
    const { single, fold } = this.#table;
    if (single[unit] === SEVERAL) {
      this.#addText(this.#several(unit), place, out);
      return;
    }
    // A lone half has no form of its own.
    const folded = unit >= 0xd800 && unit <= 0xdfff ? String.fromCharCode(unit) : fold(String.fromCharCode(unit));
    single[unit] = folded.length === 1 ? folded.charCodeAt(0) : SEVERAL;
    this.#addText(folded, place, out);
  }

  #several(code: number): string {
    const { several, fold } = this.#table;
    const known = several.get(code);
    if (known !== undefined) return known;
    const folded = fold(String.fromCodePoint(code));
    several.set(code, folded);
    return folded;
  }

  #addText(text: string, place: number, out: Run): void {
    for (let at = 0; at < text.length; at += 1) out.add(text.charCodeAt(at), place, 0);
  }
}
