// What a badge may say: one standard, its verdict, the day of the rules and the release's digest. Never a score over standards.
import type { Report } from "../core/report.ts";
import { Phrases } from "./phrases.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";

type BadgeTone = "good" | "bad" | "unsure";

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly tone: BadgeTone;
}

/** Characters of the digest that a reader compares. */
const DIGEST_CHARACTERS = 8;

const TONES = { open: "good", ajar: "unsure", shut: "bad", unknown: "unsure" } as const;

/** The G7 label, which is the headline, with the word beside it. */
export function badgeOf(report: Report, options: ReportOptions): Badge {
  const phrases = new Phrases(options.language);
  const { word, label } = report.headline;
  const day = /^\d{4}\.\d{2}\.\d{2}/u.exec(report.tool.rules)?.[0] ?? report.tool.rules;
  const digest = report.target.digest.replace(/^[^:]*:/u, "").slice(0, DIGEST_CHARACTERS);
  const incomplete = report.coverage.complete ? "" : `${phrases.word("badge.provisional")} `;
  return {
    label: phrases.name("standard", "g7-2026"),
    message: safeText(`${incomplete}${phrases.name("label", label)} (${phrases.word(`word.${word}`)}) · ${day} · ${digest}`),
    tone: report.coverage.complete ? TONES[word] : "unsure",
  };
}
