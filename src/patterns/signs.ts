// What a text must have for a measure to find anything in it: units, or two side by side. One pass finds which of all of these are there.
import { characterClass } from "./character-class.ts";

/** Members of a set by UTF-16 unit, 1 where it has the unit; made on first use. */
export type Units = () => Uint8Array;

/** A unit of `second` stands right after one of `first`; anywhere where that is null. */
export interface Sign {
  readonly first: Units | null;
  readonly second: Units;
}

/** @param source as `characterClass` reads it */
export function units(source: string): Units {
  return () => characterClass(source);
}

const UNITS = 0x10000;
/** Bits of an integer that a machine works with at once. */
const MOST_SIGNS = 31;

/** Finds which of some signs a text has. */
export class SignFinder {
  readonly #signs: readonly Sign[];
  #tables: Tables | undefined;

  /** @throws RangeError for more signs than there are bits */
  constructor(signs: Iterable<Sign>) {
    this.#signs = [...new Set(signs)];
    if (this.#signs.length > MOST_SIGNS) throw new RangeError(`more than ${MOST_SIGNS} signs`);
  }

  /** The bits of these signs in what `find` returns. */
  maskOf(signs: readonly Sign[]): number {
    return signs.reduce((mask, sign) => mask | (1 << this.#signs.indexOf(sign)), 0);
  }

  /** @returns a bit for each sign that the text has */
  find(text: string): number {
    this.#tables ??= tablesOf(this.#signs);
    const { classes, firsts, seconds, start } = this.#tables;
    let found = 0;
    let before = start;
    for (let at = 0; at < text.length; at += 1) {
      const one = classes[text.charCodeAt(at)] as number;
      found |= before & (seconds[one] as number);
      before = firsts[one] as number;
    }
    return found;
  }
}

interface Tables {
  /** By unit; units that are the same to all signs are one class. */
  readonly classes: Uint16Array;
  /** By class: signs that it may be the first of, and the second. */
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  /** Signs that need nothing before. */
  readonly start: number;
}

function tablesOf(signs: readonly Sign[]): Tables {
  const [firsts, seconds] = [new Int32Array(UNITS), new Int32Array(UNITS)];
  let start = 0;
  for (const [bit, { first, second }] of signs.entries()) {
    mark(seconds, second(), 1 << bit);
    if (first !== null) mark(firsts, first(), 1 << bit);
    else start |= 1 << bit;
  }
  const known = new Map<number, Map<number, number>>();
  const pairs: { readonly first: number; readonly second: number }[] = [];
  const classes = new Uint16Array(UNITS);
  for (let unit = 0; unit < UNITS; unit += 1) {
    const [first, second] = [(firsts[unit] as number) | start, seconds[unit] as number];
    const ofFirst = known.get(first) ?? new Map<number, number>();
    known.set(first, ofFirst);
    let one = ofFirst.get(second);
    if (one === undefined) {
      one = pairs.length;
      ofFirst.set(second, one);
      pairs.push({ first, second });
    }
    classes[unit] = one;
  }
  const half = (which: "first" | "second"): Int32Array => Int32Array.from(pairs, (pair) => pair[which]);
  return { classes, firsts: half("first"), seconds: half("second"), start };
}

function mark(table: Int32Array, members: Uint8Array, bit: number): void {
  for (let unit = 0; unit < UNITS; unit += 1) if (members[unit] === 1) table[unit] = (table[unit] as number) | bit;
}
