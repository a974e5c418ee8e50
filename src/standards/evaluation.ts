// Three-valued results and how they combine: Kleene's strong logic, with the reasons carried along.
import type { Message, Outcome } from "../core/report.ts";
import { distinctSteps, type Step } from "./steps.ts";

export interface Evaluation {
  readonly result: Outcome;
  readonly because: readonly Message[];
  readonly missing: readonly Message[];
  readonly steps: readonly Step[];
}

/** Met: nothing is missing. */
export function met(...because: readonly Message[]): Evaluation {
  return { result: "met", because, missing: [], steps: [] };
}

/** The outcome of all of them. */
export function allOutcomes(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("not-met")) return "not-met";
  return outcomes.includes("unknown") ? "unknown" : "met";
}

/** The outcome of any of them. */
function anyOutcome(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("met")) return "met";
  return outcomes.includes("unknown") ? "unknown" : "not-met";
}

/** Conjunction: a single not-met decides, and then only what failed is given as the reason. */
export function all(parts: readonly Evaluation[]): Evaluation {
  const result = allOutcomes(parts.map((part) => part.result));
  const reasons = result === "not-met" ? parts.filter((part) => part.result === "not-met") : parts;
  const open = parts.filter((part) => part.result !== "met");
  return {
    result,
    because: distinct(reasons.flatMap((part) => part.because)),
    missing: distinct(open.flatMap((part) => part.missing)),
    steps: distinctSteps(open.flatMap((part) => part.steps)),
  };
}

/** Disjunction: a single met decides; otherwise the way with the fewest steps is the one proposed. */
export function any(parts: readonly Evaluation[]): Evaluation {
  const result = anyOutcome(parts.map((part) => part.result));
  if (result === "met") return met(...distinct(parts.filter((part) => part.result === "met").flatMap((part) => part.because)));
  const [first, ...others] = parts;
  const cheapest = others.reduce((best, part) => (part.steps.length < (best?.steps.length ?? 0) ? part : best), first);
  return {
    result,
    because: distinct(parts.flatMap((part) => part.because)),
    missing: distinct(parts.flatMap((part) => part.missing)),
    steps: cheapest?.steps ?? [],
  };
}

/** Negation: reasons stay, nothing is asked for. */
export function not(part: Evaluation): Evaluation {
  const result = part.result === "unknown" ? "unknown" : part.result === "met" ? "not-met" : "met";
  return { result, because: part.because, missing: [], steps: [] };
}

/** Messages without repeats, first come first. */
export function distinct(messages: readonly Message[]): readonly Message[] {
  return [...new Map(messages.map((message) => [JSON.stringify([message.id, message.args]), message])).values()];
}
