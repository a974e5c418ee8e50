/** Aspects of data information, in the order of OSAID 1.0. */
export const ASPECTS = [
  "description",
  "provenance",
  "scope",
  "collection",
  "selection",
  "labelling",
  "processing",
  "public-list",
  "third-party-list",
] as const;
