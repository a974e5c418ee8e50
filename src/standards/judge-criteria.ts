// Standards whose criteria are plainly met or not: all of them (OSAID, AI Act) or by label (G7).
import type { ReleaseView } from "../core/release.ts";
import type { Outcome } from "../core/report.ts";
import type { AllStandard, Criterion, Level, LevelStandard } from "./definition.ts";
import { evaluate } from "./evaluate.ts";
import { allOutcomes, type Evaluation } from "./evaluation.ts";
import { criterionResult, gapTo, type Judged } from "./judged.ts";

export type Results = ReadonlyMap<string, Evaluation>;

/** Evaluates every criterion, in the standard's order. */
export function evaluateCriteria(criteria: readonly Criterion[], view: ReleaseView): Results {
  return new Map(criteria.map((criterion) => [criterion.id, evaluate(criterion.when, view)]));
}

/** Met when every counting criterion is met. */
export function judgeAll(standard: AllStandard, results: Results): Judged {
  const counting = standard.criteria.filter((criterion) => criterion.counts).flatMap(({ id }) => results.get(id) ?? []);
  return {
    verdict: {
      standard: standard.id,
      result: allOutcomes(counting.map((evaluation) => evaluation.result)),
      criteria: published(results),
    },
    gap: gapTo({ standard: standard.id, to: "met" }, counting),
  };
}

/** The best label whose needs are all met; its result answers for the label that bears the standard's goal. */
export function judgeLevels(standard: LevelStandard, results: Results): Judged {
  const outcomes = standard.levels.map((level) => ({ level, outcome: outcomeOf(level, results) }));
  const reached = outcomes.findLastIndex(({ outcome }) => outcome === "met");
  const next = standard.levels[reached + 1];
  const needed = (next?.needs ?? []).flatMap((id) => results.get(id) ?? []);
  return {
    verdict: {
      standard: standard.id,
      result: outcomes.find(({ level }) => level.id === standard.goal)?.outcome ?? "unknown",
      level: standard.levels[reached]?.id ?? (outcomes[0]?.outcome === "not-met" ? "none" : "unknown"),
      criteria: published(results),
    },
    gap: next === undefined ? null : gapTo({ standard: standard.id, to: next.id }, needed),
  };
}

/** Whether a label's needs are met. */
function outcomeOf(level: Level, results: Results): Outcome {
  return allOutcomes(level.needs.map((id) => results.get(id)?.result ?? "unknown"));
}

function published(results: Results): Judged["verdict"]["criteria"] {
  return [...results].map(([id, evaluation]) => criterionResult(id, evaluation));
}
