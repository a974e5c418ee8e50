// `licensed`, `terms-seen`, `grants`: what the terms allow.
import { SCOPE_OF } from "../core/component.ts";
import type { LicenseKind } from "../core/license.ts";
import type { ComponentState, CoveringLicense, ReleaseView } from "../core/release.ts";
import type { Message, Outcome } from "../core/report.ts";
import type { GrantsCondition, LicensedCondition } from "./definition.ts";
import { type Evaluation, met } from "./evaluation.ts";
import type { Step, TermsGap } from "./steps.ts";
import { idsOf, stateOf } from "./view.ts";

const OPEN_KINDS: readonly LicenseKind[] = ["osi-approved", "open-data", "open-content", "unapproved-permissive"];
const NARROW_KINDS: readonly LicenseKind[] = ["use-restricted", "non-commercial", "no-derivatives", "proprietary"];

/** Whether a known license narrows the freedoms. What OSI approved is not second-guessed clause by clause. */
function isNarrow(license: CoveringLicense): boolean {
  if (license.record === null) return license.restrictions.length > 0;
  if (license.record.kind === "osi-approved") return false;
  return NARROW_KINDS.includes(license.record.kind) || license.restrictions.length > 0;
}

type Terms = "none" | "closed" | "narrow" | "unsettled" | "open";

/** One word for the terms over a component, on the cautious side whenever statements disagree. */
function termsOf(state: ComponentState): Terms {
  if (state.openness === "closed") return "closed";
  const narrow = state.licenses.some(isNarrow);
  const foreign = state.licenses.some((license) => license.record === null && !isNarrow(license));
  if (state.openness === "restricted") return narrow || !foreign ? "narrow" : "unsettled";
  if (state.licenses.length === 0) return "none";
  if (state.openness === "open") return narrow || foreign ? "unsettled" : "open";
  return state.licenses.every(isNarrow) ? "narrow" : "unsettled";
}

/** Judges whether the terms over a component are of an accepted kind. */
export function evaluateLicensed(condition: LicensedCondition, view: ReleaseView): Evaluation {
  const state = stateOf(view, condition.component);
  const terms = termsOf(state);
  if (terms === "closed" || terms === "narrow") return notOpen(condition.restricted, state, narrowMessages(state, terms));
  if (terms === "none") return notOpen("unknown", state, [{ id: "standards.terms.none", args: { component: state.id } }]);
  if (terms === "unsettled") return notOpen("unknown", state, [named("standards.terms.unsettled", state)]);
  const outside = state.licenses.filter((license) => license.record !== null && !condition.accept.includes(license.record.kind));
  if (outside.length > 0) return notOpen("unknown", state, [named("standards.terms.unapproved", state, outside)]);
  return met(named("standards.terms.open", state));
}

/** Judges whether anything is granted at all. */
export function evaluateTermsSeen(component: ComponentState): Evaluation {
  const terms = termsOf(component);
  if (terms === "closed") return notOpen("not-met", component, [named("standards.terms.closed", component)]);
  if (terms === "none") return notOpen("unknown", component, [{ id: "standards.terms.none", args: { component: component.id } }]);
  return met(named("standards.terms.some", component));
}

/** Judges access, use, modification and distribution: named restrictions fail, other restrictions are for a lawyer. */
export function evaluateGrants(condition: GrantsCondition, view: ReleaseView): Evaluation {
  const state = stateOf(view, condition.component);
  const terms = termsOf(state);
  if (terms === "open") return openGrants(state);
  if (terms === "closed") return notOpen("not-met", state, [named("standards.terms.closed", state)]);
  if (terms === "none") return notOpen("unknown", state, [{ id: "standards.terms.none", args: { component: state.id } }]);
  const failing = narrowMessages(state, "narrow", condition.disqualify);
  const barred = state.licenses.some((license) => license.record?.kind === "non-commercial" || license.record?.kind === "no-derivatives");
  if (terms === "narrow" && (failing.length > 0 || barred)) {
    return notOpen("not-met", state, failing.length > 0 ? failing : [named("standards.terms.kind", state)]);
  }
  const review: Message = named(terms === "narrow" ? "standards.terms.legal-review" : "standards.terms.unsettled", state);
  return notOpen("unknown", state, [review, ...narrowMessages(state, "narrow")]);
}

function openGrants(state: ComponentState): Evaluation {
  const known = state.licenses.every((license) => license.record !== null && OPEN_KINDS.includes(license.record.kind));
  return known ? met(named("standards.terms.open", state)) : notOpen("unknown", state, [named("standards.terms.unsettled", state)]);
}

/** One sentence per restriction, with its clause and the evidence where the clause stands. */
function narrowMessages(state: ComponentState, terms: "closed" | "narrow", only?: readonly string[]): readonly Message[] {
  const clauses = state.licenses.flatMap((license) =>
    isNarrow(license)
      ? license.restrictions
          .filter((restriction) => only === undefined || only.includes(restriction.term))
          .map((restriction) => ({
            id: "standards.terms.restriction",
            args: {
              component: state.id,
              license: license.id,
              clause: restriction.clause,
              term: restriction.term,
            },
            evidence: idsOf(restriction.evidence.length > 0 ? restriction.evidence : license.evidence),
          }))
      : [],
  );
  if (clauses.length > 0 || only !== undefined) return clauses;
  return [named(terms === "closed" ? "standards.terms.closed" : "standards.terms.kind", state)];
}

function named(id: string, state: ComponentState, licenses: readonly CoveringLicense[] = state.licenses): Message {
  const evidence = licenses.length > 0 ? licenses.flatMap((license) => license.evidence) : state.evidence;
  return {
    id,
    args: { component: state.id, licenses: [...new Set(licenses.map((license) => license.id))].join(", ") || "-" },
    evidence: idsOf(evidence),
  };
}

function notOpen(result: Outcome, state: ComponentState, because: readonly Message[]): Evaluation {
  if (result === "met") return met(...because);
  const missing: Message = { id: `standards.need.license.${SCOPE_OF[state.id]}`, args: { component: state.id } };
  return { result, because, missing: [missing], steps: [stepTo(state)] };
}

/** What is not there is to be published openly; what is linked without terms is to be told; the rest is to be licensed. */
function stepTo(state: ComponentState): Step {
  const { id, availability, places, licenses } = state;
  const terms = termsOf(state);
  const [place = ""] = places;
  if (availability === "absent" || availability === "claimed" || availability === "unknown") {
    const spokenOf = availability === "claimed" && place !== "" ? place : null;
    return { act: "publish", component: id, openly: true, spokenOf };
  }
  if (availability === "elsewhere" && terms === "none") return { act: "read", component: id, place, evidence: idsOf(state.evidence) };
  const gap: TermsGap = terms === "none" ? "none" : terms === "narrow" || terms === "closed" ? "narrow" : "unsettled";
  const meant = gap === "narrow" && licenses.some(isNarrow) ? licenses.filter(isNarrow) : licenses;
  const evidence = meant.flatMap((license) => license.evidence);
  return {
    act: "license",
    scope: SCOPE_OF[id],
    gap,
    components: [id],
    licenses: [...new Set(meant.map((license) => license.id))],
    place: evidence[0]?.path ?? place,
    evidence: idsOf(gap === "none" ? state.evidence : evidence),
  };
}
