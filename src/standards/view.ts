// What the conditions ask of a release, answered once.
import type { ComponentId } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import { factsOf } from "../core/fact.ts";
import type { ComponentState, ReleaseView } from "../core/release.ts";

/** Evidence ids named in one sentence; a release can hold thousands of files of one kind. */
const EVIDENCE_PER_MESSAGE = 8;

const UNSEEN: Omit<ComponentState, "id"> = {
  availability: "unknown",
  openness: "unknown",
  licenses: [],
  evidence: [],
  places: [],
  partial: false,
};

/** State of a component; one that nobody weighed is unknown. */
export function stateOf(view: ReleaseView, id: ComponentId): ComponentState {
  return view.components.get(id) ?? { id, ...UNSEEN };
}

/** Whether absence may be concluded. A file with another's judgements lists no release: with nothing else, nothing was searched. */
export function searched(view: ReleaseView): boolean {
  if (!view.searchComplete) return false;
  const records = new Set(factsOf(view.facts, "judgement").flatMap((fact) => fact.evidence.map(({ source }) => source)));
  return records.size === 0 || view.facts.some((fact) => fact.evidence.some(({ source }) => !records.has(source)));
}

/** Whether the component was looked for everywhere and is not there. */
export function isAbsent(view: ReleaseView, id: ComponentId): boolean {
  return searched(view) && stateOf(view, id).availability === "absent";
}

/** Evidence ids for a message, without repeats. */
export function idsOf(evidence: readonly Evidence[]): readonly string[] {
  return [...new Set(evidence.map(({ id }) => id))].slice(0, EVIDENCE_PER_MESSAGE);
}

/** What others say of this component in a record, when their word is not accepted as an observation. */
export function isJudged(view: ReleaseView): boolean {
  return factsOf(view.facts, "judgement").length > 0;
}
