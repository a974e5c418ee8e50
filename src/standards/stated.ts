// `stated`, `data-information`, `free-access`: what documents and hosts say.
import type { ComponentId } from "../core/component.ts";
import { type AccessFact, DATA_ASPECTS, type DataAspect, type Fact, factsOf } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import type { DataInformationCondition, StatedCondition } from "./definition.ts";
import { type Evaluation, met } from "./evaluation.ts";
import type { Step } from "./steps.ts";
import { idsOf, isAbsent, stateOf } from "./view.ts";

/** Judges whether a document states something. Silence counts only where the standard lets it. */
export function evaluateStated(condition: StatedCondition, view: ReleaseView): Evaluation {
  const { fact, value } = condition;
  const seen = view.facts.filter((candidate) => states(candidate, fact, value));
  const args = { [fact === "data-aspect" ? "aspect" : fact]: value };
  if (seen.length > 0) return met({ id: `standards.seen.${fact}`, args, evidence: idsOf(seen.flatMap((one) => one.evidence)) });
  const silent = condition.closedWorld || (condition.silentWhen.length > 0 && condition.silentWhen.every((id) => isAbsent(view, id)));
  return {
    result: silent ? "not-met" : "unknown",
    because: [{ id: `standards.${silent ? "silent" : "unseen"}.${fact}`, args }],
    missing: [{ id: `standards.need.${fact}`, args }],
    steps: [stepTo(fact, value, { id: `standards.do.${fact}`, args })],
  };
}

function stepTo(fact: StatedCondition["fact"], value: string, message: Message): Step {
  if (fact === "usage-info") return { act: "tell-users", topics: [value] };
  const aspect = DATA_ASPECTS.find((known) => known === value);
  return fact === "data-aspect" && aspect !== undefined
    ? { act: "describe-data", aspects: [aspect] }
    : { act: "other", key: `${fact}:${value}`, message };
}

function states(candidate: Fact, kind: StatedCondition["fact"], value: string): boolean {
  if (candidate.kind !== kind) return false;
  if (candidate.kind === "usage-info") return candidate.topic === value;
  if (candidate.kind === "duty") return candidate.duty === value;
  if (candidate.kind === "relation") return candidate.relation === value;
  if (candidate.kind === "data-aspect") return candidate.aspect === value;
  return candidate.kind === "quantity" && candidate.quantity === value;
}

/** Aspects of the training data that some document speaks of, in the given order, with the facts that show it. */
export function aspectsSeen(view: ReleaseView, aspects: readonly DataAspect[]): ReadonlyMap<DataAspect, readonly Fact[]> {
  const facts = factsOf(view.facts, "data-aspect");
  const seen = new Map<DataAspect, readonly Fact[]>();
  for (const aspect of aspects) {
    const of = facts.filter((fact) => fact.aspect === aspect);
    if (of.length > 0) seen.set(aspect, of);
  }
  return seen;
}

const DOCUMENTS: readonly ComponentId[] = ["data-card", "data-collection-docs"];

/**
 * OSAID 1.0, "Data Information". Whether the detail suffices is for a human: the best automatic result is unknown,
 * with what was seen and what was not.
 */
export function evaluateDataInformation(condition: DataInformationCondition, view: ReleaseView): Evaluation {
  const seen = aspectsSeen(view, condition.aspects);
  const unseen = condition.aspects.filter((aspect) => !seen.has(aspect));
  const found: readonly Message[] = [...seen].map(([aspect, facts]) => ({
    id: "standards.data.seen",
    args: { aspect },
    evidence: idsOf(facts.flatMap((fact) => fact.evidence)),
  }));
  const missing: readonly Message[] = unseen.map((aspect) => ({ id: "standards.need.aspect", args: { aspect } }));
  const steps: readonly Step[] = unseen.length === 0 ? [] : [{ act: "describe-data", aspects: unseen }];
  const refusal = refusalOf(view, [...seen.keys()]);
  if (refusal !== null) return { result: "not-met", because: [refusal], missing, steps };
  const silent = seen.size === 0 && condition.silentWhen.every((id) => isAbsent(view, id));
  if (silent) return { result: "not-met", because: [{ id: "standards.data.silent" }], missing, steps };
  const summary: Message = { id: "standards.data.summary", args: { seen: seen.size, of: condition.aspects.length } };
  return {
    result: "unknown",
    because: [summary, ...found],
    missing: [...missing, { id: "standards.need.sufficient" }],
    steps: [...steps, { act: "attest", key: "sufficient", message: { id: "standards.do.sufficient" } }],
  };
}

/** The publisher's own word that the description is withheld; or that the data is, with nothing but a mention of it. */
function refusalOf(view: ReleaseView, seen: readonly DataAspect[]): Message | null {
  const withheld = factsOf(view.facts, "component").filter((fact) => fact.sighting === "withheld");
  const documents = withheld.filter((fact) => DOCUMENTS.includes(fact.component));
  const mentionOnly = seen.every((aspect) => aspect === "description");
  const data = mentionOnly ? withheld.filter((fact) => fact.component === "training-data") : [];
  const [first] = [...documents, ...data];
  if (first === undefined || documentIsThere(view)) return null;
  return { id: "standards.data.withheld", args: { component: first.component }, evidence: idsOf(first.evidence) };
}

function documentIsThere(view: ReleaseView): boolean {
  return DOCUMENTS.some((id) => ["found", "elsewhere", "gated"].includes(stateOf(view, id).availability));
}

/** Price, personal data and approval between a reader and the weights; EU guidelines C(2025) 5045, paragraphs 79, 86-88. */
export function evaluateFreeAccess(component: ComponentId, view: ReleaseView): Evaluation {
  const access = factsOf(view.facts, "access");
  const missing: readonly Message[] = [{ id: "standards.need.free-access", args: { component } }];
  const price = access.filter((fact) => fact.condition === "price");
  if (price.length > 0) {
    const because = [{ id: "standards.access.price", args: { component }, evidence: idsOf(price.flatMap((fact) => fact.evidence)) }];
    return { result: "not-met", because, missing, steps: conditionSteps(component, price) };
  }
  if (access.length > 0) {
    const because = access.map((fact) => ({
      id: "standards.access.condition",
      args: { component, condition: fact.condition },
      evidence: idsOf(fact.evidence),
    }));
    return { result: "unknown", because, missing, steps: conditionSteps(component, access) };
  }
  const state = stateOf(view, component);
  const evidence = idsOf(state.evidence);
  if (state.availability === "found") return met({ id: "standards.access.public", args: { component }, evidence });
  const because = [{ id: "standards.access.unseen", args: { component }, evidence }];
  const [place] = state.places;
  const isLinked = state.availability === "elsewhere" && place !== undefined;
  const step: Step = isLinked ? { act: "read", component, place, evidence } : { act: "publish", component, openly: false, spokenOf: null };
  return { result: "unknown", because, missing, steps: [step] };
}

/** What stands before the weights is taken away; what stands only before commercial use is another thing. */
function conditionSteps(component: ComponentId, access: readonly AccessFact[]): readonly Step[] {
  return (["ungate", "free-commerce"] as const).flatMap((act): readonly Step[] => {
    const facts = access.filter(({ condition }) => (condition === "commercial-form") === (act === "free-commerce"));
    const [first] = facts;
    return first === undefined
      ? []
      : [{ act, component, place: first.evidence[0].path, evidence: idsOf(facts.flatMap((fact) => fact.evidence)) }];
  });
}
