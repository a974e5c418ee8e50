// A verdict together with what stands between the release and the next level.
import type { CriterionResult, Gap, StandardId, Verdict } from "../core/report.ts";
import type { Evaluation } from "./evaluation.ts";
import { groupSteps, type Step, stepKey, stepMessage } from "./steps.ts";

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
 * The steps that the target's open criteria ask for, each once, the most effective first: what undoes a failure before what
 * settles a doubt, what a publisher can do before what only a human can say. Among equals a step counts for its share of
 * every criterion it helps, so one that settles a criterion alone comes before one of ten that are needed together; then the
 * standard's order. Null when nothing is left to do.
 */
export function gapTo(target: GapTarget, evaluations: readonly Evaluation[]): Gap | null {
  const open = evaluations.filter(({ result }) => result !== "met");
  const steps = groupSteps(open.flatMap((evaluation) => evaluation.steps));
  if (steps.size === 0) return null;
  const effects = new Map([...steps].map(([key, step]) => [key, effectOf(key, step, open)]));
  const rank = ([key]: readonly [string, Step]): Effect => effects.get(key) ?? { isHuman: true, undoes: false, share: 0 };
  const sorted = [...steps].sort((a, b) => byEffect(rank(a), rank(b)));
  return { ...target, do: sorted.map(([, step]) => stepMessage(step)) };
}

interface Effect {
  readonly isHuman: boolean;
  /** Some criterion fails for want of it. */
  readonly undoes: boolean;
  readonly share: number;
}

function effectOf(key: string, step: Step, open: readonly Evaluation[]): Effect {
  const helped = open.filter((evaluation) => evaluation.steps.some((one) => stepKey(one) === key));
  return {
    isHuman: step.act === "attest",
    undoes: helped.some(({ result }) => result === "not-met"),
    share: helped.reduce((sum, evaluation) => sum + 1 / evaluation.steps.length, 0),
  };
}

function byEffect(a: Effect, b: Effect): number {
  return Number(a.isHuman) - Number(b.isHuman) || Number(b.undoes) - Number(a.undoes) || b.share - a.share;
}
