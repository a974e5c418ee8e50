// A verdict together with what stands between the release and the next level.
import type { CriterionResult, Gap, Message, StandardId, Verdict } from "../core/report.ts";
import type { Evaluation } from "./evaluation.ts";

export interface Judged {
  readonly verdict: Verdict;
  readonly gap: Gap | null;
}

/** One criterion's published result. */
export function criterionResult(id: string, evaluation: Evaluation, level?: string): CriterionResult {
  const { result, because, missing } = evaluation;
  return { id, result, because, ...(missing.length === 0 ? {} : { missing }), ...(level === undefined ? {} : { level }) };
}

export interface GapTarget {
  readonly standard: StandardId;
  readonly profile?: string;
  /** Level or result that the steps lead to. */
  readonly to: string;
}

/**
 * The steps that the target's open criteria ask for, each once, the most effective first: a step counts for its share
 * of every criterion it helps, so one that settles a criterion alone comes before one of ten that are needed together.
 * Equal steps keep the standard's order. Null when nothing is left to do.
 */
export function gapTo(target: GapTarget, evaluations: readonly Evaluation[]): Gap | null {
  const effect = new Map<string, { readonly message: Message; share: number }>();
  for (const evaluation of evaluations) {
    if (evaluation.result === "met") continue;
    for (const { key, message } of evaluation.steps) {
      const known = effect.get(key) ?? { message, share: 0 };
      known.share += 1 / evaluation.steps.length;
      effect.set(key, known);
    }
  }
  if (effect.size === 0) return null;
  const steps = [...effect.values()].sort((a, b) => b.share - a.share);
  return { ...target, do: steps.map((step) => step.message) };
}
