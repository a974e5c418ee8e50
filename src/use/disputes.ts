// Statements of a release that contradict each other about one of its parts.
import type { LicenseScope } from "../core/component.ts";
import type { FindingReport, Report } from "../core/report.ts";
import type { Assertion, Dispute, UsePart } from "../core/use.ts";

/** Rules by which it is not known which license holds. */
const DISPUTING: readonly string[] = ["licenses/conflict", "licenses/link-contradicts-text", "licenses/name-contradicts-text"];
const OF_PART: Readonly<Record<UsePart, LicenseScope>> = { weights: "weights", data: "data", code: "code" };
const SCOPES: readonly string[] = ["weights", "data", "code", "documents"];

/** Disputes about the parts given, those that an asserted license settles marked. */
export function disputesOf(report: Report, parts: readonly UsePart[], asserted: readonly Assertion[]): readonly Dispute[] {
  const disputing = report.findings.filter(({ ruleId }) => DISPUTING.includes(ruleId));
  return parts.flatMap((part) => {
    const settled = asserted.find(({ says }) => says.kind === "license" && says.part === part);
    return disputing
      .filter((finding) => isAbout(finding, part))
      .map(({ ruleId, message, evidence }) => ({ part, ruleId, message, evidence, ...(settled && { asserted: settled.id }) }));
  });
}

/** What does not name another part by name may be about this one. */
function isAbout({ message }: FindingReport, part: UsePart): boolean {
  const scope = String(message.args?.["scope"] ?? "");
  return !SCOPES.includes(scope) || scope === OF_PART[part];
}
