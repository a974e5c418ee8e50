// All that data are looked through for.
import type { SqlRule } from "../../dataset/emit-sql.ts";
import type { RuleInfo } from "../../dataset/result.ts";
import { compilePatterns } from "../../patterns/compile.ts";
import type { PatternSet } from "../../patterns/hit.ts";
import { patternRules as allRules } from "../../patterns/rule.ts";

export function dataPatterns(): PatternSet {
  return compilePatterns();
}

/** What rules say of themselves, by id. */
export function ruleInfos(): ReadonlyMap<string, RuleInfo> {
  return new Map(allRules().map(({ id, level, messages }) => [id, { level, ...messages }]));
}

/** Rules that an expression finds, for engines that run expressions themselves. */
export function patternRules(): readonly SqlRule[] {
  return allRules().flatMap((rule) => (rule.kind === "match" ? [{ id: rule.id, regex: rule.regex, ignoreCase: rule.ignoreCase }] : []));
}
