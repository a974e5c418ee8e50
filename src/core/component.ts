// The parts a release is made of, in the words of the report contract.

export const COMPONENT_IDS = [
  "weights",
  "weights-intermediate",
  "architecture-code",
  "inference-code",
  "training-code",
  "training-data",
  "data-collection-docs",
  "data-processing-code",
  "evaluation-code",
  "evaluation-data",
  "evaluation-results",
  "model-card",
  "data-card",
  "paper",
  "usage-policy",
] as const;

export type ComponentId = (typeof COMPONENT_IDS)[number];

/** Which license of a release covers a component when it has none of its own. */
export type LicenseScope = "code" | "weights" | "data" | "documents";

export const SCOPE_OF: Readonly<Record<ComponentId, LicenseScope>> = {
  weights: "weights",
  "weights-intermediate": "weights",
  "architecture-code": "code",
  "inference-code": "code",
  "training-code": "code",
  "training-data": "data",
  "data-collection-docs": "documents",
  "data-processing-code": "code",
  "evaluation-code": "code",
  "evaluation-data": "data",
  "evaluation-results": "documents",
  "model-card": "documents",
  "data-card": "documents",
  paper: "documents",
  "usage-policy": "documents",
};

/**
 * found: its bytes or its listing entry were seen here. elsewhere: a link leads to another host.
 * gated: it exists behind a form, approval or signed URL. claimed: only prose says so.
 * absent: searched for in a complete listing and every document, not there. unknown: not settled.
 */
export type Availability = "found" | "elsewhere" | "gated" | "claimed" | "absent" | "unknown";

/** What the license seen for it allows. closed: nothing is granted. unknown: no terms seen. */
export type Openness = "open" | "restricted" | "closed" | "unknown";
