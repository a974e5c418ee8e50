// Why a model is recalled, as an advisory says it in one word.

export const RECALL_REASONS = [
  "backdoor",
  "unsafe-capability",
  "safety-regression",
  "privacy",
  "copyright",
  "licence",
  "unsafe-file",
  "provenance",
  "other",
] as const;
