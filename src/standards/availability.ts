// `has`: is the component there?
import type { Availability } from "../core/component.ts";
import type { ComponentState, ReleaseView } from "../core/release.ts";
import type { Message, Outcome } from "../core/report.ts";
import type { HasCondition } from "./definition.ts";
import { type Evaluation, met } from "./evaluation.ts";
import type { Step } from "./steps.ts";
import { idsOf, searched, stateOf } from "./view.ts";

type Reading = "there" | "unread" | "part" | "gated" | "refused" | "claimed" | "absent" | "unsearched" | "unknown";

/** Judges whether a component is available in one of the ways that count. */
export function evaluateHas(condition: HasCondition, view: ReleaseView): Evaluation {
  const state = stateOf(view, condition.component);
  const reading = readingOf(condition, state, searched(view));
  const because: Message = {
    id: `standards.has.${reading}${reading === "there" && state.places.length > 1 ? "-in-many" : ""}`,
    args: { component: state.id, place: state.places[0] ?? "", places: state.places.length },
    evidence: idsOf(state.evidence),
  };
  if (reading === "there") return met(because);
  const result: Outcome = reading === "absent" || reading === "refused" ? "not-met" : "unknown";
  const step = stepFor(reading, state);
  return {
    result,
    because: [because],
    missing: [{ id: `standards.need.${step.act}`, args: { component: state.id } }],
    steps: [step],
  };
}

function readingOf(condition: HasCondition, state: ComponentState, complete: boolean): Reading {
  const { availability } = state;
  if (condition.refuse.includes(availability)) return "refused";
  if (condition.through.includes(availability)) {
    // A link whose terms nobody read may lead to anything.
    if (availability === "elsewhere" && state.openness === "unknown") return "unread";
    return condition.whole && state.partial ? "part" : "there";
  }
  return notThere(availability, complete);
}

function notThere(availability: Availability, complete: boolean): Reading {
  if (availability === "absent") return complete ? "absent" : "unsearched";
  if (availability === "gated" || availability === "claimed") return availability;
  return availability === "elsewhere" ? "unread" : "unknown";
}

function stepFor(reading: Reading, state: ComponentState): Step {
  const act = STEP_OF[reading];
  const evidence = idsOf(state.evidence);
  const [place = ""] = state.places;
  if (act !== undefined) return { act, component: state.id, place, evidence };
  const spokenOf = reading === "claimed" && place !== "" ? place : null;
  return { act: "publish", component: state.id, openly: false, spokenOf, ...(spokenOf === null ? {} : { evidence }) };
}

const STEP_OF: Readonly<Partial<Record<Reading, "read" | "complete" | "ungate">>> = {
  unread: "read",
  part: "complete",
  gated: "ungate",
  refused: "ungate",
};
