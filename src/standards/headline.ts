// The one word, and what it rests on.
import { DATA_ASPECTS, factsOf } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { CriterionResult, Headline, HeadlineWord, Message, Verdict } from "../core/report.ts";
import type { AllStandard, HeadlineRule } from "./definition.ts";
import type { Results } from "./judge-criteria.ts";
import { aspectsSeen } from "./stated.ts";
import { idsOf, isAbsent, isJudged, stateOf } from "./view.ts";

export interface HeadlineInput {
  readonly view: ReleaseView;
  readonly g7: Verdict;
  readonly osaid: Verdict;
  readonly results: Results;
  readonly standard: AllStandard;
}

/** G7 label plus one plain word, with the sentences that say why. */
export function headlineOf(input: HeadlineInput): Headline {
  const { word, because } = wordFor(input);
  const label = input.g7.level ?? "unknown";
  return { word, label, because: [...because, labelMessage(label), ...caveats(input.view)] };
}

interface Word {
  readonly word: HeadlineWord;
  readonly because: readonly Message[];
}

function wordFor({ view, osaid, results, standard }: HeadlineInput): Word {
  const weights = stateOf(view, "weights");
  const args = { availability: weights.availability, place: weights.places[0] ?? "" };
  const evidence = idsOf(weights.evidence);
  if (isAbsent(view, "weights")) return withoutWeights(view);
  if (!["found", "elsewhere", "gated"].includes(weights.availability)) {
    return { word: "unknown", because: [{ id: "standards.headline.weights-unknown", args, evidence }] };
  }
  if (weights.openness === "closed") return { word: "shut", because: [{ id: "standards.headline.weights-closed", args, evidence }] };
  const had: Message = { id: `standards.headline.weights-${weights.availability}`, args, evidence };
  const failed = osaid.criteria.filter((criterion) => criterion.result === "not-met");
  if (failed.length > 0) {
    return { word: "ajar", because: [had, { id: "standards.headline.not-met", args: { criteria: names(failed) } }, ...reasons(failed)] };
  }
  const open = standard.criteria.filter((criterion) => results.get(criterion.id)?.result !== "met").map((criterion) => criterion.id);
  // What was left unread may hold the term that closes it.
  const isOpen = view.searchComplete && standard.headline !== null && meetsRule(standard.headline, view, results);
  const remaining = osaid.criteria.filter((criterion) => open.includes(criterion.id));
  if (!isOpen) return { word: "ajar", because: [had, { id: "standards.headline.not-shown", args: { criteria: names(remaining) } }] };
  const rest: Message =
    remaining.length === 0
      ? { id: "standards.headline.met" }
      : { id: "standards.headline.for-a-human", args: { criteria: names(remaining) } };
  return { word: "open", because: [had, ...shown(standard.headline, results), rest] };
}

/** Shut is said of a model. Where nothing shows one, what is here is code, data or documents, and nobody kept weights back. */
function withoutWeights(view: ReleaseView): Word {
  const signs = factsOf(view.facts, "model").flatMap((fact) => fact.evidence);
  const weights = stateOf(view, "weights");
  const absent: Message = { id: "standards.headline.weights-absent", evidence: idsOf(weights.evidence) };
  const isWithheld = factsOf(view.facts, "component").some((fact) => fact.component === "weights" && fact.sighting === "withheld");
  if (isWithheld) return { word: "shut", because: [{ ...absent, id: "standards.headline.weights-withheld" }] };
  if (signs.length > 0) return { word: "shut", because: [absent, { id: "standards.headline.speaks-of-model", evidence: idsOf(signs) }] };
  const here = [...view.components.values()].filter(({ availability }) => availability === "found").map(({ id }) => id);
  const holds: readonly Message[] = here.length === 0 ? [] : [{ id: "standards.headline.holds", args: { components: here.join(", ") } }];
  return { word: "unknown", because: [absent, { id: "standards.headline.no-model" }, ...holds] };
}

/** Nothing failed, what can be checked is met, and the training data is described in substance. */
function meetsRule(rule: HeadlineRule, view: ReleaseView, results: Results): boolean {
  const seen = aspectsSeen(view, DATA_ASPECTS);
  return (
    rule.met.every((id) => results.get(id)?.result === "met") &&
    seen.size >= rule.aspects &&
    rule.including.some((aspect) => seen.has(aspect))
  );
}

function shown(rule: HeadlineRule | null, results: Results): readonly Message[] {
  const evidence = (rule?.met ?? []).flatMap((id) => results.get(id)?.because ?? []).flatMap((message) => message.evidence ?? []);
  return [{ id: "standards.headline.shown", args: { criteria: (rule?.met ?? []).join(", ") }, evidence: [...new Set(evidence)] }];
}

function names(criteria: readonly CriterionResult[]): string {
  return criteria.map((criterion) => criterion.id).join(", ");
}

/** The first reason of each failed criterion, each clause once: enough to follow up, short enough to read. */
function reasons(failed: readonly CriterionResult[]): readonly Message[] {
  const said = new Map<string, Message>();
  for (const criterion of [...failed].sort(weightsFirst)) {
    const [first] = criterion.because;
    if (first === undefined) continue;
    const { license, clause, component } = first.args ?? {};
    const key = clause === undefined ? `${first.id} ${component}` : `${license} ${clause}`;
    if (!said.has(key)) said.set(key, first);
  }
  return [...said.values()];
}

function weightsFirst(a: CriterionResult, b: CriterionResult): number {
  return Number(b.id.includes("/parameters")) - Number(a.id.includes("/parameters"));
}

function labelMessage(label: string): Message {
  return { id: `standards.headline.label.${label}` };
}

function caveats(view: ReleaseView): readonly Message[] {
  const incomplete: readonly Message[] = view.searchComplete ? [] : [{ id: "standards.headline.search-incomplete" }];
  if (!isJudged(view)) return incomplete;
  return [...incomplete, { id: view.acceptClaims ? "standards.headline.claims-accepted" : "standards.headline.claims-not-accepted" }];
}
