// Terms in groups and rules over groups, compiled: what is looked for in every text, and what must stand near what.
import { fold } from "../../../text/fold.ts";
import type { FoldStep } from "../../../text/folded.ts";
import { KIND, kindOf } from "../../../text/scripts.ts";
import { Automaton } from "./automaton.ts";

/** What terms and texts have in common before they are compared. */
export const CHARACTER_STEPS: readonly FoldStep[] = ["compatibility", "case", "ignorable", "confusable", "simplified"];
const TERM_STEPS: readonly FoldStep[] = [...CHARACTER_STEPS, "spaces"];

/** Words that a rule may reach over: the longest that a stream is held for a word that may mean nothing. */
export const MAX_WITHIN = 24;

export interface LexiconRule {
  /** `violent-crimes/kill-person`. */
  readonly id: string;
  readonly category: string;
  /** Names of groups, each of which must have a term, in this order. */
  readonly parts: readonly string[];
  /** Words from the first to the last, at most. */
  readonly within: number;
  /** Groups of which no term may stand near. */
  readonly unless: readonly string[];
}

export interface LexiconSource {
  /** Terms by group. `kill*` takes every word that begins so; terms without it are whole words, or any place in Han. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly rules: readonly LexiconRule[];
}

/** A rule with its groups as numbers. */
export interface CompiledRule {
  readonly id: string;
  readonly category: string;
  readonly parts: Int32Array;
  readonly within: number;
  readonly unless: Int32Array;
}

/** Where a group takes part: rule, and which part of it. */
export interface Seat {
  readonly rule: number;
  readonly part: number;
}

export interface TermFlags {
  /** Whether a word must begin where the term begins, and end where it ends. */
  readonly begins: boolean;
  readonly ends: boolean;
  readonly groups: readonly number[];
}

export class Lexicon {
  /** By term, as it is looked for. */
  readonly terms: readonly string[];
  readonly automaton: Automaton;
  readonly flags: readonly TermFlags[];
  readonly rules: readonly CompiledRule[];
  readonly seats: readonly (readonly Seat[])[];
  readonly groupCount: number;

  /** @param steps what terms go through besides the steps for characters: `leet` for texts that went through it */
  constructor({ groups, rules }: LexiconSource, steps: readonly FoldStep[] = []) {
    const names = [...groups.keys()];
    const numbers = new Map(names.map((name, at) => [name, at]));
    const numberOf = (name: string): number => {
      const number = numbers.get(name);
      if (number === undefined) throw new Error(`no group ${name}`);
      return number;
    };
    const terms = new Map<string, { begins: boolean; ends: boolean; groups: number[] }>();
    for (const [name, list] of groups) for (const written of list) addTerm(terms, written, steps, numberOf(name));
    this.terms = [...terms.keys()];
    this.automaton = new Automaton(this.terms);
    this.flags = [...terms.values()];
    this.rules = rules.map(({ id, category, parts, within, unless }) => ({
      id,
      category,
      within,
      parts: Int32Array.from(parts, numberOf),
      unless: Int32Array.from(unless, numberOf),
    }));
    this.groupCount = names.length;
    this.seats = names.map((_, group) => seatsOf(this.rules, group));
  }
}

function addTerm(
  terms: Map<string, { begins: boolean; ends: boolean; groups: number[] }>,
  written: string,
  steps: readonly FoldStep[],
  group: number,
): void {
  const isStem = written.endsWith("*");
  const { text } = fold(isStem ? written.slice(0, -1) : written, [...TERM_STEPS, ...steps]);
  const term = text.trim();
  if (term === "") return;
  const begins = kindOf(term.charCodeAt(0)) === KIND.word;
  const ends = !isStem && kindOf(term.charCodeAt(term.length - 1)) === KIND.word;
  const known = terms.get(term);
  if (known === undefined) {
    terms.set(term, { begins, ends, groups: [group] });
    return;
  }
  // Two ways to write one term: the wider one holds.
  known.ends &&= ends;
  if (!known.groups.includes(group)) known.groups.push(group);
}

function seatsOf(rules: readonly CompiledRule[], group: number): Seat[] {
  return rules.flatMap((rule, at) =>
    // Last part first, so that one occurrence does not fill two parts.
    [...rule.parts.keys()].reverse().flatMap((part) => (rule.parts[part] === group ? [{ rule: at, part }] : [])),
  );
}
