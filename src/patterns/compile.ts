// Patterns put together: one pass over a text finds the places where any of them can begin, and only there they are tried.
import { compareText } from "../core/text.ts";
import { fold } from "../text/fold.ts";
import type { FoldStep } from "../text/folded.ts";
import type { FindContext, Hit, PatternArea } from "./hit.ts";
import { Matcher } from "./matcher.ts";
import { type Measure, measureNamed } from "./measures/index.ts";
import { findRuns, RUN_DIGITS, type Run } from "./numbers.ts";
import { withoutOverlaps } from "./overlaps.ts";
import { type MatchRule, type MeasureRule, type PatternRule, patternRules } from "./rule.ts";
import type { PatternNeeds, SievedPatterns } from "./sieve.ts";
import { type Sign, SignFinder, units } from "./signs.ts";
import { type Listed, WordFinder } from "./words.ts";

/** Which of the rules. */
export interface PatternChoice {
  /** All where absent. */
  readonly areas?: readonly PatternArea[];
  /** Ids; all of the areas where absent. */
  readonly only?: readonly string[];
}

/** Compiles rules of rules/patterns. @throws AjarError BAD_RULE_DATA */
export function compilePatterns(choice: PatternChoice = {}): SievedPatterns {
  const { areas, only } = choice;
  return compileRules(
    patternRules().filter((rule) => (areas === undefined || areas.includes(rule.area)) && (only === undefined || only.includes(rule.id))),
  );
}

/** Compiles these rules, wherever they come from. @throws SyntaxError for a regular expression that is none */
export function compileRules(rules: readonly PatternRule[]): SievedPatterns {
  return new CompiledPatterns(rules);
}

const NO_CONTEXT: FindContext = {};
/** A text with a unit from here on is not ASCII. */
const WIDE = 0x80;
/** What folding undoes: readings and other things in brackets after Han characters, characters without width, full width; styled letters. */
const DISGUISES: readonly Sign[] = [
  { first: units("<han>"), second: units("(（[{【<〈") },
  { first: null, second: units("\u00ad\u200b-\u200f\u2060-\u2064\ufeff\uff10-\uff5a") },
  { first: units("\ud835"), second: units("\udc00-\udfff") },
];

class CompiledPatterns implements SievedPatterns {
  readonly ids: readonly string[];
  readonly longest: number;
  readonly needs: PatternNeeds;
  readonly #rules: ReadonlyMap<string, PatternRule>;
  readonly #plain: MatcherSet;
  readonly #folded: MatcherSet;
  readonly #steps: readonly FoldStep[];
  readonly #measures: readonly Measuring[];
  readonly #signs: SignFinder;
  readonly #disguised: number;

  constructor(rules: readonly PatternRule[]) {
    const matches = rules.filter((rule): rule is MatchRule => rule.kind === "match");
    const foldable = matches.filter((rule) => rule.fold.length > 0);
    this.ids = rules.map(({ id }) => id).sort(compareText);
    this.longest = Math.max(0, ...rules.map(({ longest }) => longest));
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#plain = new MatcherSet(matches);
    this.#folded = new MatcherSet(foldable);
    this.#steps = [...new Set(foldable.flatMap((rule) => rule.fold))];
    const measured = rules.filter((rule): rule is MeasureRule => rule.kind === "measure");
    const measures = measured.map((rule) => ({ rule, measure: measureNamed(rule.measure) }));
    this.#signs = new SignFinder([...(foldable.length > 0 ? DISGUISES : []), ...measures.flatMap(({ measure }) => measure.signs ?? [])]);
    this.#disguised = foldable.length > 0 ? this.#signs.maskOf(DISGUISES) : 0;
    this.#measures = measures.map(({ rule, measure }) => ({
      rule,
      measure,
      signs: measure.signs?.map((sign) => this.#signs.maskOf([sign])) ?? null,
      needs: measure.signs === undefined ? null : this.#signs.maskOf(measure.signs),
    }));
    this.needs = this.#needs(matches);
  }

  #needs(rules: readonly MatchRule[]): PatternNeeds {
    const begins = rules.map(({ prefilter }) => prefilter);
    const looksWide = this.#disguised !== 0 || this.#measures.length > 0;
    return {
      words: begins.flatMap((prefilter) => (prefilter.kind === "words" ? prefilter.words : [])),
      digits: Math.min(
        Number.POSITIVE_INFINITY,
        ...begins.map((prefilter) => (prefilter.kind === "digits" ? prefilter.least : Number.POSITIVE_INFINITY)),
      ),
      nothing: this.#measures.some(({ measure }) => measure.texts === "all"),
      wide: (text) => looksWide && this.#mayWide(this.#signs.find(text)),
    };
  }

  #mayWide(signs: number): boolean {
    return (signs & this.#disguised) !== 0 || this.#measures.some((measuring) => mayBeIn(measuring, true, signs));
  }

  find(text: string, context: FindContext = NO_CONTEXT): readonly Hit[] {
    const hits: Hit[] = [];
    const isWide = this.#plain.find(text, context, hits) >= WIDE;
    const signs = isWide ? this.#signs.find(text) : 0;
    if ((signs & this.#disguised) !== 0) this.#findFolded(text, context, hits);
    for (const measuring of this.#measures) if (mayBeIn(measuring, isWide, signs)) tellMeasured(text, measuring, signs, hits);
    return hits.length === 0 ? hits : withoutOverlaps(hits, this.#rules);
  }

  /** Hits of a text as it reads once disguises are undone, at their places in the text as it was written. */
  #findFolded(text: string, context: FindContext, hits: Hit[]): void {
    const folded = fold(text, this.#steps);
    if (folded.text === text) return;
    const found: Hit[] = [];
    this.#folded.find(folded.text, context, found);
    for (const hit of found) {
      const start = folded.places[hit.start] ?? 0;
      const end = (folded.places[hit.end - 1] ?? 0) + 1;
      if (end - start <= (this.#rules.get(hit.pattern)?.longest ?? 0)) hits.push({ ...hit, start, end });
    }
  }
}

interface Measuring {
  readonly rule: MeasureRule;
  readonly measure: Measure;
  /** The bit of each of its signs among all that are looked for; null where the measure has none. */
  readonly signs: readonly number[] | null;
  /** All of these, of which the text must have one. */
  readonly needs: number | null;
}

function mayBeIn({ measure, needs }: Measuring, isWide: boolean, signs: number): boolean {
  if (measure.texts === "all") return true;
  return isWide && (needs === null || (signs & needs) !== 0);
}

/** A hit of a measure says where to look; what is longer is cut. */
function tellMeasured(text: string, { rule, measure, signs }: Measuring, found: number, hits: Hit[]): void {
  const tell: Parameters<Measure["find"]>[2] = (start, end, certainty) => {
    hits.push({ pattern: rule.id, start, end: Math.min(end, start + rule.longest), certainty });
  };
  const own = signs === null ? 0 : signs.reduce((bits, mask, at) => bits | ((found & mask) === 0 ? 0 : 1 << at), 0);
  measure.find(text, { limits: rule.limits, terms: rule.terms, signs: own }, tell);
}

/** Rules with a regular expression, found together. */
class MatcherSet {
  readonly #matchers: readonly Matcher[];
  readonly #numbers: readonly Matcher[];
  readonly #columns: readonly Matcher[];
  readonly #words: WordFinder;

  constructor(rules: readonly MatchRule[]) {
    this.#matchers = rules.map((rule) => new Matcher(rule));
    this.#numbers = this.#matchers.filter(({ rule }) => rule.prefilter.kind === "digits").sort((a, b) => leastOf(a) - leastOf(b));
    this.#columns = this.#matchers.filter(({ rule }) => rule.column !== null);
    const list = this.#matchers.flatMap(({ rule: { prefilter } }, payload) =>
      prefilter.kind === "words" ? prefilter.words.map((word): Listed => ({ word, payload })) : [],
    );
    this.#words = new WordFinder(list);
  }

  /** @returns all units of the text or-ed */
  find(text: string, context: FindContext, hits: Hit[]): number {
    for (const matcher of this.#matchers) matcher.begin();
    const units = this.#words.find(text, (payload, start) => this.#matchers[payload]?.tryAt(text, start, context, hits));
    if (this.#numbers.length > 0 && text.length >= RUN_DIGITS) findRuns(text, (run) => this.#tryRun(text, run, context, hits));
    if (context.field !== undefined) for (const matcher of this.#columns) matcher.tryCell(text, context.field, hits);
    return units;
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
