// From a comparison to a decision: the license itself, a modified copy of it, or neither.
import type { Comparison, Gap } from "./compare.ts";

/** A copy that lacks more than this share of a license's words is not called a modified copy of it. */
const LEAST_MODIFIED_COVERAGE = 0.75;
/** Words that bind nobody may differ in this share of a license, and in this many in any. */
const MINOR_SHARE = 0.03;
const MINOR_WORDS = 3;

export type Decision = "identified" | "modified" | "rejected";

/** Decides what one comparison shows; the text around the match is judged in residue.ts. */
export function decide(comparison: Comparison): Decision {
  const { gaps, coverage } = comparison;
  const binds = gaps.some(({ inserted, deleted }) => inserted === "binding" || deleted === "binding");
  const minor = gaps.reduce((sum, gap) => sum + minorWords(gap), 0);
  if (!binds && minor <= Math.max(MINOR_WORDS, comparison.matched * MINOR_SHARE)) return "identified";
  const added = gaps.reduce((sum, gap) => sum + (gap.inserted === "free" ? 0 : gap.textEnd - gap.textStart), 0);
  return coverage >= LEAST_MODIFIED_COVERAGE && added <= comparison.matched ? "modified" : "rejected";
}

function minorWords(gap: Gap): number {
  const inserted = gap.inserted === "minor" ? gap.textEnd - gap.textStart : 0;
  return gap.deleted === "minor" ? Math.max(inserted, gap.deletedWords) : inserted;
}
