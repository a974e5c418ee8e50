// Training compute against a threshold: C = 6 P D for dense transformers, with the guidelines' own error margin
// (C(2025) 5045, paragraphs 123-132). Mixtures of experts use less than this, so 6 P D bounds them from above only.
import { type Fact, factsOf, type QuantityFact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import { type Evaluation, met } from "./evaluation.ts";
import { idsOf } from "./view.ts";

/** C(2025) 5045, paragraph 129: an estimate may be off by 30 %. */
const MARGIN = 0.3;
/** Floating-point operations per parameter and token, forward and backward. */
const FLOP_PER_PARAMETER_TOKEN = 6;

export interface ComputeEstimate {
  /** FLOP, with the margin taken off; 0 when nothing bounds it from below. */
  readonly low: number;
  /** FLOP, with the margin added. */
  readonly high: number;
  readonly method: "stated" | "6PD";
  readonly facts: readonly Fact[];
}

/** Largest training compute that the release's own figures give, or null when they give none. */
export function estimateCompute(view: ReleaseView): ComputeEstimate | null {
  const quantities = factsOf(view.facts, "quantity");
  const stated = largest(quantities.filter((fact) => fact.quantity === "flop"));
  if (stated !== null) {
    return { low: stated.value * (1 - MARGIN), high: stated.value * (1 + MARGIN), method: "stated", facts: [stated] };
  }
  const parameters = quantities.filter((fact) => fact.quantity === "parameters");
  const tokens = quantities.filter((fact) => fact.quantity === "tokens");
  const [p, d] = [largest(parameters), largest(tokens)];
  if (p === null || d === null) return null;
  const upper = FLOP_PER_PARAMETER_TOKEN * p.value * d.value;
  const pairs = parameters.flatMap((a) => tokens.filter((b) => b.subject === a.subject).map((b) => a.value * b.value));
  const lower = FLOP_PER_PARAMETER_TOKEN * pairs.reduce((most, pair) => Math.max(most, pair), 0);
  return { low: lower * (1 - MARGIN), high: upper * (1 + MARGIN), method: "6PD", facts: [p, d] };
}

function largest(facts: readonly QuantityFact[]): QuantityFact | null {
  return facts.reduce<QuantityFact | null>(
    (best, fact) => (Number.isFinite(fact.value) && fact.value > 0 && fact.value > (best?.value ?? 0) ? fact : best),
    null,
  );
}

/** Judges whether training compute is surely under (or surely over) `flop`; what lies within the margin is unknown. */
export function evaluateCompute(relation: "under" | "over", flop: number, view: ReleaseView): Evaluation {
  const estimate = estimateCompute(view);
  const missing: readonly Message[] = [{ id: "standards.need.compute", args: { limit: short(flop) } }];
  const steps = [{ act: "other", key: "compute", message: { id: "standards.do.compute" } }] as const;
  if (estimate === null)
    return { result: "unknown", because: [{ id: "standards.compute.unknown", args: { limit: short(flop) } }], missing, steps };
  const args = { low: short(estimate.low), high: short(estimate.high), limit: short(flop) };
  const evidence = idsOf(estimate.facts.flatMap((fact) => fact.evidence));
  const because: Message = { id: `standards.compute.${estimate.method}`, args, evidence };
  // What the base model cost counts too, and the figures here may be those of the tuning alone.
  const derived = view.facts.some((fact) => fact.kind === "relation" && fact.relation !== "dataset");
  const isUnder = estimate.high < flop && !derived;
  const isOver = estimate.low > flop;
  if (relation === "under" ? isUnder : isOver) return met(because);
  const opposite = relation === "under" ? isOver : isUnder;
  return { result: opposite ? "not-met" : "unknown", because: [because], missing, steps: opposite ? [] : steps };
}

function short(flop: number): string {
  return flop.toExponential(1).replace("+", "");
}
