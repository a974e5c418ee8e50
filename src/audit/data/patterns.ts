// All that data are looked through for.
import type { RuleInfo } from "../../dataset/result.ts";
import { compilePatterns } from "../../patterns/compile.ts";
import type { PatternSet } from "../../patterns/hit.ts";
import { patternRules } from "../../patterns/rule.ts";

export function dataPatterns(): PatternSet {
  return compilePatterns();
}

/** What rules say of themselves, by id. */
export function ruleInfos(): ReadonlyMap<string, RuleInfo> {
  return new Map(patternRules().map(({ id, level, messages }) => [id, { level, ...messages }]));
}
