// Columns of ids: check digits pass by chance, so that a table of invoice numbers holds a card in every tenth row.
import { Around, ContextPattern } from "./around.ts";
import { type MatchRule, patternRules } from "./rule.ts";
import { type Validator, validatorNamed } from "./validators/index.ts";

/** Counts of one rule over cells of one column; they add up, in whatever order. */
export interface CellCounts {
  readonly cells: number;
  /** Cells that have the rule's shape and hold nothing else. */
  readonly shaped: number;
  /** Of these, cells that the validator agrees with. */
  readonly passed: number;
}

/** Share of cells with the shape from which on the column is about such numbers. */
const COLUMN_SHARE = 0.2;
/** In a column of real numbers nearly all pass; by chance one in ten does, for the weakest of the check digits. */
const CHANCE_SHARE = 0.35;
/** Fewer cells with the shape say nothing about the others. */
const LEAST_SHAPED = 20;
/** A longer cell holds more than a number. */
const LONGEST_CELL = 64;

/** Whether what the rule finds in the column is chance: many cells have the shape and few of them pass. Data audit, section A. */
export function isIdColumn({ cells, shaped, passed }: CellCounts): boolean {
  return shaped >= LEAST_SHAPED && shaped > cells * COLUMN_SHARE && passed < shaped * CHANCE_SHARE;
}

/** Tells of a cell which rules with a check digit it has the shape of, and holds nothing else. */
export class CellShapes {
  readonly #rules: readonly Watched[];

  constructor(rules: readonly MatchRule[] = rulesOfNumbers()) {
    this.#rules = rules.map((rule) => ({
      id: rule.id,
      regex: new RegExp(`^(?:${rule.regex})$`, rule.ignoreCase ? "i" : ""),
      validator: validatorNamed(rule.validator ?? ""),
      words: rule.context === null ? null : new ContextPattern(rule.context),
      needsWord: rule.context?.demand === "always",
    }));
  }

  /** Calls `tell` with the id of each such rule and whether it finds the number in a field of this name, as far as the number alone says. */
  each(cell: string, field: string, tell: (rule: string, passed: boolean) => void): void {
    const value = cell.slice(0, LONGEST_CELL + 1).trim();
    if (value.length > LONGEST_CELL || !/\d{3}/.test(value)) return;
    for (const { id, regex, validator, words, needsWord } of this.#rules) {
      if (!regex.test(value)) continue;
      const around = new Around(value, 0, value.length, { field }, words);
      tell(id, (!needsWord || around.isTold) && validator(value, around) !== null);
    }
  }
}

interface Watched {
  readonly id: string;
  readonly regex: RegExp;
  readonly validator: Validator;
  readonly words: ContextPattern | null;
  /** Nothing is found without a word, which in such a cell only the column's name can be. */
  readonly needsWord: boolean;
}

function rulesOfNumbers(): readonly MatchRule[] {
  return patternRules().filter(
    (rule): rule is MatchRule =>
      rule.kind === "match" && rule.area === "personal" && rule.validator !== null && rule.prefilter.kind === "digits",
  );
}
