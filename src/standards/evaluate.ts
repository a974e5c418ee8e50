// One condition against one release. Total: every condition of the language has an outcome for every view.
import { assertNever } from "../core/errors.ts";
import type { ReleaseView } from "../core/release.ts";
import { evaluateHas } from "./availability.ts";
import { evaluateCompute } from "./compute.ts";
import type { Condition } from "./definition.ts";
import { all, any, type Evaluation, not } from "./evaluation.ts";
import { evaluateMeasured } from "./measured.ts";
import { evaluateDataInformation, evaluateFreeAccess, evaluateStated } from "./stated.ts";
import { evaluateGrants, evaluateLicensed, evaluateTermsSeen } from "./terms.ts";
import { stateOf } from "./view.ts";

/** Judges one condition; pure. */
export function evaluate(condition: Condition, view: ReleaseView): Evaluation {
  switch (condition.kind) {
    case "all":
      return all(condition.of.map((part) => evaluate(part, view)));
    case "any":
      return any(condition.of.map((part) => evaluate(part, view)));
    case "not":
      return not(evaluate(condition.of, view));
    case "has":
      return evaluateHas(condition, view);
    case "licensed":
      return evaluateLicensed(condition, view);
    case "terms-seen":
      return evaluateTermsSeen(stateOf(view, condition.component));
    case "grants":
      return evaluateGrants(condition, view);
    case "free-access":
      return evaluateFreeAccess(condition.component, view);
    case "stated":
      return evaluateStated(condition, view);
    case "data-information":
      return evaluateDataInformation(condition, view);
    case "measured":
      return evaluateMeasured(condition, view);
    case "compute":
      return evaluateCompute(condition.relation, condition.flop, view);
    case "attest":
      return attest(condition.question);
    default:
      return assertNever(condition);
  }
}

function attest(question: string): Evaluation {
  return {
    result: "unknown",
    because: [],
    missing: [{ id: `standards.attest.${question}` }],
    steps: [{ act: "attest", key: question, message: { id: `standards.do.attest.${question}` } }],
  };
}
