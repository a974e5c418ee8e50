// What is said of the patterns beside what they find: nothing of it needs them compiled.
import { compareText } from "../../core/text.ts";
import type { SqlRule } from "../../dataset/emit-sql.ts";
import type { RuleInfo } from "../../dataset/result.ts";
import { patternRules as allRules } from "../../patterns/rule.ts";

/** Ids of all rules, sorted. */
export function patternIds(): readonly string[] {
  return allRules()
    .map(({ id }) => id)
    .sort(compareText);
}

/** What rules say of themselves, by id. */
export function ruleInfos(): ReadonlyMap<string, RuleInfo> {
  return new Map(allRules().map(({ id, level, messages }) => [id, { level, ...messages }]));
}

/** Rules that an expression finds, for engines that run expressions themselves. */
export function patternRules(): readonly SqlRule[] {
  return allRules().flatMap((rule) => (rule.kind === "match" ? [{ id: rule.id, regex: rule.regex, ignoreCase: rule.ignoreCase }] : []));
}
