// From a comparison to a decision: the license itself, a modified copy of it, or neither.
import type { Comparison, Gap } from "./compare.ts";

/** A copy that lacks more than this share of a license's words is not called a modified copy of it. */
const LEAST_MODIFIED_COVERAGE = 0.75;
/** Words that bind nobody may differ in this share of a license, and in this many in any that is not very short. */
const MINOR_SHARE = 0.03;
const MINOR_WORDS = 3;
/** In a license of a few dozen words a share is all that may differ. */
const SHORT_SHARE = 0.05;

export type Decision = "identified" | "modified" | "rejected";

/** A notice names its license in any wording; so much of a known one shows that it is one. */
const LEAST_NOTICE_COVERAGE = 0.65;

/** Decides what one comparison shows; the text around the match is judged in residue.ts. */
export function decide(comparison: Comparison, isNotice: boolean): Decision {
  const { gaps, coverage } = comparison;
  const binds = gaps.some(({ inserted, deleted }) => inserted === "binding" || deleted === "binding");
  const minor = gaps.reduce((sum, gap) => sum + minorWords(gap), 0);
  const allowed = Math.max(comparison.matched * MINOR_SHARE, Math.min(MINOR_WORDS, comparison.matched * SHORT_SHARE));
  if (!binds && minor <= allowed) return "identified";
  if (isNotice && gaps.some(({ demands }) => demands)) return "rejected";
  const added = gaps.reduce((sum, gap) => sum + (gap.inserted === "free" ? 0 : gap.textEnd - gap.textStart), 0);
  return coverage >= (isNotice ? LEAST_NOTICE_COVERAGE : LEAST_MODIFIED_COVERAGE) && added <= comparison.matched ? "modified" : "rejected";
}

function minorWords(gap: Gap): number {
  const inserted = gap.inserted === "minor" ? gap.textEnd - gap.textStart : 0;
  return gap.deleted === "minor" ? Math.max(inserted, gap.deletedWords) : inserted;
}
