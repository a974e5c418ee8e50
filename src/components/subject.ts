// What an audit is about: a model release, a part of one, or nothing of the kind.
import { factsOf } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";

/** Findings about the terms of a file; a package of any kind has them. */
const ABOUT_TERMS = /^(?:licenses|claims)\//u;

/**
 * Whether what was searched holds no part of a model release: nothing seen or said of any component but a policy, which any
 * project may have; no sign of a model, nobody's record of one, and no finding about a file. Never true while something was
 * left unread.
 */
export function isForeign(view: ReleaseView): boolean {
  if (!view.searchComplete || factsOf(view.facts, "model").length > 0 || factsOf(view.facts, "judgement").length > 0) return false;
  if (view.findings.some(({ ruleId }) => !ABOUT_TERMS.test(ruleId))) return false;
  return factsOf(view.facts, "component").every(({ component }) => component === "usage-policy");
}
