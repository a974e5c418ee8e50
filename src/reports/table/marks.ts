// Symbols that are one cell wide in every terminal (East Asian Width neutral or ASCII), each with its word and tone.
import type { Availability, Openness } from "../../core/component.ts";
import type { HeadlineWord, Outcome, Severity } from "../../core/report.ts";
import type { Permission } from "../../core/terms.ts";
import type { Tone } from "../paint.ts";

interface Mark {
  readonly symbol: string;
  readonly tone: Tone;
}

export const OUTCOME_MARKS: Readonly<Record<Outcome, Mark>> = {
  met: { symbol: "✓", tone: "good" },
  "not-met": { symbol: "✗", tone: "bad" },
  unknown: { symbol: "?", tone: "unsure" },
};

export const WORD_TONES: Readonly<Record<HeadlineWord, Tone>> = { open: "good", ajar: "bad", shut: "bad", unknown: "unsure" };

export const AVAILABILITY_MARKS: Readonly<Record<Availability, Mark>> = {
  found: { symbol: "✓", tone: "good" },
  elsewhere: { symbol: ">", tone: "good" },
  gated: { symbol: "#", tone: "bad" },
  claimed: { symbol: "~", tone: "unsure" },
  absent: { symbol: "✗", tone: "bad" },
  unknown: { symbol: "?", tone: "unsure" },
};

export const OPENNESS_MARKS: Readonly<Record<Openness, Mark>> = {
  open: { symbol: "✓", tone: "good" },
  restricted: { symbol: "!", tone: "bad" },
  closed: { symbol: "✗", tone: "bad" },
  unknown: { symbol: "?", tone: "unsure" },
};

export const PERMISSION_MARKS: Readonly<Record<Permission, Mark>> = {
  allowed: { symbol: "✓", tone: "good" },
  conditional: { symbol: "~", tone: "unsure" },
  unknown: { symbol: "?", tone: "unsure" },
  forbidden: { symbol: "✗", tone: "bad" },
};

export const SEVERITY_MARKS: Readonly<Record<Severity, Mark>> = {
  critical: { symbol: "!!", tone: "bad" },
  high: { symbol: "! ", tone: "bad" },
  medium: { symbol: "! ", tone: "unsure" },
  low: { symbol: "- ", tone: "faint" },
  info: { symbol: "- ", tone: "faint" },
};
