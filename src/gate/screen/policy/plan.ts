// A policy for one model and one key, compiled: what is looked for in requests and in responses.

import { compilePatterns } from "../../../patterns/compile.ts";
import type { FindContext } from "../../../patterns/hit.ts";
import { Sieve, type SievedPatterns } from "../../../patterns/sieve.ts";
import { rulesVersion } from "../../../rules/load.ts";
import type { Action, Part } from "../actions.ts";
import { compileExpression } from "../expressions.ts";
import type { Finder } from "../finder.ts";
import { type Hazard, hazards } from "../hazards/hazard-rules.ts";
import type { LexiconRule } from "../hazards/lexicon.ts";
import { compileLexicons, type Lexicons } from "../hazards/lexicons.ts";
import type { TextFilters } from "../text-screen.ts";
import type { ReadPolicy } from "./read-policy.ts";
import { refusal } from "./read-policy.ts";
import type { JudgeSettings, PolicyFilters } from "./schema.ts";

export interface Plan {
  readonly request: TextFilters | null;
  readonly response: TextFilters | null;
  readonly judges: readonly JudgeSettings[];
  /** What is done about a hazard in this direction. */
  readonly hazardAction: (category: string, part: Part) => Action;
}

/** Words around a match by which patterns are told, after it. */
const PATTERN_CONTEXT = 160;
/** A stream would be held longer than anybody waits. */
const LONGEST_EXPRESSION = 4096;
const EVERY_OTHER = "default";

/** Joins what a policy says of all, of a model and of a key; lists are taken whole, hazards one by one. */
export function filtersFor(policy: ReadPolicy, model: string, key: string): PolicyFilters {
  const { file } = policy;
  const layers: readonly (PolicyFilters | undefined)[] = [file, file.models[model], file.keys[key]];
  return layers.reduce<PolicyFilters>((joined, layer) => {
    if (layer === undefined) return joined;
    const { hazards: categories, patterns, terms, expressions, judges } = layer;
    return {
      hazards: { ...joined.hazards, ...categories },
      patterns: patterns ?? joined.patterns,
      terms: terms ?? joined.terms,
      expressions: expressions ?? joined.expressions,
      judges: judges ?? joined.judges,
    };
  }, {});
}

/** Checks what a form cannot: names of categories and patterns, expressions and their length. @throws AjarError BAD_CONFIG */
export function checkPolicy(policy: ReadPolicy, shown: string): void {
  const { file, lineOf } = policy;
  const layers: readonly (readonly [readonly PropertyKey[], PolicyFilters])[] = [
    [[], file],
    ...Object.entries(file.models).map(([name, layer]) => [["models", name], layer] as const),
    ...Object.entries(file.keys).map(([name, layer]) => [["keys", name], layer] as const),
  ];
  const known = new Set([EVERY_OTHER, ...hazards().map(({ id }) => id)]);
  const patternIds = new Set(compilePatterns().ids);
  for (const [path, layer] of layers) {
    for (const category of Object.keys(layer.hazards ?? {})) {
      if (!known.has(category)) throw refusal(shown, lineOf([...path, "hazards", category]), `there is no hazard ${category}`);
    }
    for (const [at, { ids }] of (layer.patterns ?? []).entries()) {
      const strange = ids?.find((id) => !patternIds.has(id));
      if (strange !== undefined) throw refusal(shown, lineOf([...path, "patterns", at]), `there is no pattern ${strange}`);
    }
    for (const [at, one] of (layer.expressions ?? []).entries()) checkExpression(one, shown, lineOf([...path, "expressions", at]));
  }
}

function checkExpression(
  { id, regex, ignoreCase, response }: NonNullable<PolicyFilters["expressions"]>[number],
  shown: string,
  line: number,
): void {
  let longest: number;
  try {
    ({ longest } = compileExpression(regex, ignoreCase));
  } catch (cause) {
    throw refusal(shown, line, `expression ${id}: ${cause instanceof Error ? cause.message : "is none that RE2 takes"}`);
  }
  if (response !== "allow" && longest > LONGEST_EXPRESSION) {
    throw refusal(
      shown,
      line,
      `expression ${id} can match more than ${LONGEST_EXPRESSION} units, for which a stream cannot wait; bound it, as in [a-z]{1,64}`,
    );
  }
}

/** @throws AjarError BAD_RULE_DATA */
export function compilePlan(policy: ReadPolicy, filters: PolicyFilters): Plan {
  const hazardAction = (category: string, part: Part): Action =>
    (filters.hazards?.[category] ?? filters.hazards?.[EVERY_OTHER])?.[part] ?? "allow";
  return {
    hazardAction,
    request: textFilters(policy, filters, hazardAction, "request"),
    response: textFilters(policy, filters, hazardAction, "response"),
    judges: filters.judges ?? [],
  };
}

function textFilters(policy: ReadPolicy, filters: PolicyFilters, hazardAction: Plan["hazardAction"], part: Part): TextFilters | null {
  const wanted = hazards().filter(({ id }) => hazardAction(id, part) !== "allow");
  const lists = (filters.terms ?? []).filter((list) => list[part] !== "allow");
  const own = `@${policy.version.digest.slice("sha256:".length, "sha256:".length + 12)}`;
  const finders = [...patternFinders(filters, part), ...expressionFinders(filters, part, own)];
  if (wanted.length === 0 && lists.length === 0 && finders.length === 0) return null;
  const listActions = new Map(lists.map((list) => [termCategory(list.id), list[part]] as const));
  const categories = new Set(wanted.map(({ id }) => id));
  const lexical = [
    ...(wanted.length === 0 ? [] : [{ filter: `hazards@${rulesVersion()}`, has: (category: string) => categories.has(category) }]),
    ...lists.map(({ id }) => ({ filter: termCategory(id) + own, has: (category: string) => category === termCategory(id) })),
  ];
  return {
    lexicons: wanted.length === 0 && lists.length === 0 ? null : lexiconsOf(wanted, lists),
    lexical,
    ids: [...new Set([...lexical, ...finders].map(({ filter }) => filter))],
    sieve: new Sieve(finders),
    actionOf: (category) => listActions.get(category) ?? hazardAction(category, part),
    finders,
    redaction: policy.file.redaction,
  };
}

function termCategory(id: string): string {
  return `terms/${id}`;
}

const compiled = new Map<string, Lexicons>();

/** Most models and keys share their words; compiled once for the same set of them. */
function lexiconsOf(wanted: readonly Hazard[], lists: NonNullable<PolicyFilters["terms"]>): Lexicons {
  const key = JSON.stringify([wanted.map(({ id }) => id), lists.map(({ id, terms }) => [id, terms])]);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const groups = new Map<string, readonly string[]>(wanted.flatMap((hazard) => [...hazard.groups]));
  const rules: LexiconRule[] = wanted.flatMap((hazard) => hazard.rules);
  for (const { id, terms } of lists) {
    const name = termCategory(id);
    groups.set(name, terms);
    rules.push({ id: name, category: name, parts: [name], within: 1, unless: [] });
  }
  const made = compileLexicons({ groups, rules });
  compiled.clear();
  compiled.set(key, made);
  return made;
}

function patternFinders(filters: PolicyFilters, part: Part): Finder[] {
  return (filters.patterns ?? []).flatMap(({ ids, areas, regions, ...actions }): Finder[] => {
    if (actions[part] === "allow") return [];
    const choice = {
      ...(ids === undefined ? {} : { only: ids }),
      ...(areas === undefined && ids === undefined ? { areas: ["personal", "secret"] as const } : areas === undefined ? {} : { areas }),
    };
    const { ids: all } = compilePatterns(choice);
    const short = all.filter((id) => !OPENINGS.has(id));
    const long = all.filter((id) => OPENINGS.has(id));
    const sets = [...(short.length === 0 ? [] : [short]), ...long.map((id) => [id])];
    return sets.map((only) => patternFinder(compilePatterns({ only }), { regions }, actions, OPENINGS.get(only[0] ?? "")));
  });
}

/** Patterns so long that a stream is held for them only once they begin; each match begins with this (rules/patterns/secret). */
const OPENINGS: ReadonlyMap<string, string> = new Map([
  ["secret/private-key", "-----BEGIN "],
  ["secret/jwt", "eyJ"],
]);

function patternFinder(
  set: SievedPatterns,
  context: FindContext,
  actions: Readonly<Record<Part, Action>>,
  opening: string | undefined,
): Finder {
  return {
    filter: `patterns@${rulesVersion()}`,
    reach: set.longest + PATTERN_CONTEXT,
    needs: set.needs,
    ...(opening === undefined ? {} : { opening }),
    find: (text) => set.find(text, context).map(({ pattern, start, end }) => ({ rule: pattern, start, end })),
    action: (_rule, part) => actions[part],
  };
}

function expressionFinders(filters: PolicyFilters, part: Part, own: string): Finder[] {
  return (filters.expressions ?? []).flatMap(({ id, regex, ignoreCase, ...actions }): Finder[] => {
    if (actions[part] === "allow") return [];
    const expression = compileExpression(regex, ignoreCase);
    return [
      {
        filter: `expressions/${id}${own}`,
        reach: expression.longest + 2,
        find: (text) => expression.find(text).map((span) => ({ rule: `expressions/${id}`, ...span })),
        action: (_rule, direction) => actions[direction],
      },
    ];
  });
}
