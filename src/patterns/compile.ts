// Patterns put together: one pass over a text finds the places where any of them can begin, and only there they are tried.
import { compareText } from "../core/text.ts";
import type { FindContext, Hit, PatternArea, PatternSet } from "./hit.ts";
import { Matcher } from "./matcher.ts";
import { findRuns, RUN_DIGITS, type Run } from "./numbers.ts";
import { withoutOverlaps } from "./overlaps.ts";
import { type MatchRule, type PatternRule, patternRules } from "./rule.ts";
import { type Listed, WordFinder } from "./words.ts";

/** Which of the rules. */
export interface PatternChoice {
  /** All where absent. */
  readonly areas?: readonly PatternArea[];
  /** Ids, or beginnings of ids up to a `/`; all of the areas where absent. */
  readonly only?: readonly string[];
}

/** Compiles rules of rules/patterns. @throws AjarError BAD_RULE_DATA */
export function compilePatterns(choice: PatternChoice = {}): PatternSet {
  const { areas, only } = choice;
  return compileRules(
    patternRules().filter((rule) => (areas === undefined || areas.includes(rule.area)) && (only === undefined || only.includes(rule.id))),
  );
}

/** Compiles these rules, wherever they come from. @throws SyntaxError for a regular expression that is none */
export function compileRules(rules: readonly PatternRule[]): PatternSet {
  return new CompiledPatterns(rules);
}

const NO_CONTEXT: FindContext = {};

class CompiledPatterns implements PatternSet {
  readonly ids: readonly string[];
  readonly longest: number;
  readonly #rules: ReadonlyMap<string, PatternRule>;
  readonly #matchers: readonly Matcher[];
  readonly #numbers: readonly Matcher[];
  readonly #words: WordFinder | null;

  constructor(rules: readonly PatternRule[]) {
    this.ids = rules.map(({ id }) => id).sort(compareText);
    this.longest = Math.max(0, ...rules.map(({ longest }) => longest));
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#matchers = rules.filter((rule): rule is MatchRule => rule.kind === "match").map((rule) => new Matcher(rule));
    this.#numbers = this.#matchers.filter(({ rule }) => rule.prefilter.kind === "digits").sort((a, b) => leastOf(a) - leastOf(b));
    const list = this.#matchers.flatMap(({ rule: { prefilter } }, payload) =>
      prefilter.kind === "words" ? prefilter.words.map((word): Listed => ({ word, payload })) : [],
    );
    this.#words = list.length === 0 ? null : new WordFinder(list);
  }

  find(text: string, context: FindContext = NO_CONTEXT): readonly Hit[] {
    const hits: Hit[] = [];
    for (const matcher of this.#matchers) matcher.begin();
    this.#words?.find(text, (payload, start) => this.#matchers[payload]?.tryAt(text, start, context, hits));
    if (this.#numbers.length > 0 && text.length >= RUN_DIGITS) findRuns(text, (run) => this.#tryRun(text, run, context, hits));
    return hits.length === 0 ? hits : withoutOverlaps(hits, this.#rules);
  }

  #tryRun(text: string, run: Run, context: FindContext, hits: Hit[]): void {
    for (const matcher of this.#numbers) {
      const { prefilter } = matcher.rule;
      if (prefilter.kind !== "digits" || (run.digits[0] ?? 0) < prefilter.least) return;
      if (run.dots < prefilter.dots) continue;
      for (let which = 0; which < run.groups.length && (run.digits[which] as number) >= prefilter.least; which += 1) {
        matcher.tryAt(text, run.groups[which] as number, context, hits);
      }
    }
  }
}

function leastOf({ rule: { prefilter } }: Matcher): number {
  return prefilter.kind === "digits" ? prefilter.least : 0;
}
