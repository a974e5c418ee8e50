// What a reader found odd becomes hits of a rule, with one sentence for each kind of oddity.
import type { Severity } from "../core/report.ts";
import type { SafetyHit } from "../core/scan.ts";
import type { FormatProblem } from "../formats/problem.ts";
import { hitOf } from "./rules.ts";

/** Id of a problem, without its format -> the rule, and a severity where it is not the rule's own. */
export type ProblemRules = Readonly<Record<string, readonly [rule: string, severity?: Severity]>>;

/** One hit for each problem that has a rule; its sentence is `safety.<rule>.<problem>`. */
export function problemHits(problems: readonly FormatProblem[], rules: ProblemRules, sizeBytes: number): readonly SafetyHit[] {
  return problems.flatMap(({ id, offset, args }) => {
    const variant = id.slice(id.indexOf(".") + 1);
    const [rule, severity] = rules[variant] ?? [];
    if (rule === undefined) return [];
    const start = Math.min(offset, sizeBytes);
    return [hitOf(rule, { start, end: Math.min(start + 1, sizeBytes), variant, args, ...(severity === undefined ? {} : { severity }) })];
  });
}
