// Small made-up releases, as the standards see them.
import type { Availability, ComponentId, Openness } from "../../src/core/component.ts";
import { COMPONENT_IDS } from "../../src/core/component.ts";
import { type Evidence, evidence } from "../../src/core/evidence.ts";
import type { DataAspect, Fact, Quantity } from "../../src/core/fact.ts";
import type { LicenseKind, LicenseRecord } from "../../src/core/license.ts";
import type { ComponentState, CoveringLicense, ReleaseView } from "../../src/core/release.ts";

/** Evidence that stands for some line of some file. */
export function seen(path: string, line = 1): Evidence {
  return evidence({
    source: "folder",
    path,
    digest: "sha256:00",
    span: { kind: "lines", start: line, end: line },
    quote: path,
    method: "text",
  });
}

export interface Restricted {
  readonly term: string;
  readonly clause: string;
}

/** A license over a component; `record` null when its text is modified or unknown. */
export function license(id: string, kind: LicenseKind | null, restrictions: readonly Restricted[] = []): CoveringLicense {
  const record: LicenseRecord | null =
    kind === null
      ? null
      : { id, name: id, kind, osiApproved: kind === "osi-approved", fsfLibre: false, restrictions: [], aliases: [], source: "made up" };
  return {
    record,
    id,
    evidence: [seen("LICENSE")],
    restrictions: restrictions.map(({ term, clause }, index) => ({ term, clause, summary: term, evidence: [seen("LICENSE", 10 + index)] })),
  };
}

export const APACHE = license("Apache-2.0", "osi-approved");
export const LLAMA2 = license("LicenseRef-Llama-2-Community", "use-restricted", [
  { term: "no-training-other-models", clause: "1.b.v" },
  { term: "user-threshold", clause: "2" },
]);

/** A component in some state. */
export function state(
  id: ComponentId,
  availability: Availability,
  openness: Openness = "unknown",
  licenses: readonly CoveringLicense[] = [],
): ComponentState {
  const isThere = availability === "found" || availability === "elsewhere" || availability === "gated";
  return { id, availability, openness, licenses, evidence: isThere ? [seen(id)] : [], places: isThere ? [id] : [], partial: false };
}

/** Found under Apache-2.0. */
export function open(id: ComponentId): ComponentState {
  return state(id, "found", "open", [APACHE]);
}

/** A release: the given components, everything else absent after a complete search. */
export function release(
  components: readonly ComponentState[],
  facts: readonly Fact[] = [],
  options: Partial<ReleaseView> = {},
): ReleaseView {
  const states = new Map<ComponentId, ComponentState>(COMPONENT_IDS.map((id) => [id, state(id, "absent")]));
  for (const component of components) states.set(component.id, component);
  return { components: states, facts, findings: [], searchComplete: true, acceptClaims: false, ...options };
}

const DETECTOR = "made-up@1";

/** A document speaks of this aspect of the training data. */
export function aspect(name: DataAspect): Fact {
  return { kind: "data-aspect", aspect: name, evidence: [seen(`README.md#${name}`)], detector: DETECTOR };
}

/** A figure in some document. */
export function quantity(name: Quantity, value: number, subject = ""): Fact {
  return {
    kind: "quantity",
    quantity: name,
    value,
    unit: "count",
    subject,
    stated: String(value),
    evidence: [seen("README.md")],
    detector: DETECTOR,
  };
}

/** Everything that OSAID asks for, as far as it can be seen. */
export const WHOLE: readonly ComponentState[] = [
  open("weights"),
  open("architecture-code"),
  open("inference-code"),
  open("training-code"),
  open("data-processing-code"),
  open("training-data"),
  open("data-card"),
  open("model-card"),
];
export const DESCRIBED: readonly Fact[] = [aspect("description"), aspect("provenance"), aspect("collection"), aspect("processing")];
