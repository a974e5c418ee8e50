// Rules of a policy that hold, as findings, for formats that know nothing else.
import type { FindingReport, PolicyRuleReport, Report } from "../core/report.ts";

/** One finding for each rule that denies, sends to review or could not be evaluated; exceptions are findings set aside. */
export function policyFindings({ policy }: Pick<Report, "policy">): readonly FindingReport[] {
  return (policy?.rules ?? []).flatMap((rule) => (isTold(rule) ? [findingOf(rule)] : []));
}

function isTold({ effect, outcome }: PolicyRuleReport): boolean {
  return outcome === "error" || (effect !== "allow" && outcome !== "does-not-hold");
}

function findingOf({ id, effect, outcome, reason, exception }: PolicyRuleReport): FindingReport {
  const isDenied = effect === "deny" && outcome !== "error";
  return {
    ruleId: `policy/${id}`,
    severity: isDenied ? "high" : "medium",
    message: { id: "policy.found", args: { rule: id, reason } },
    evidence: [],
    ...(exception === undefined
      ? {}
      : { setAside: { by: "suppression", who: exception.by, reason: exception.reason, until: exception.until } }),
  };
}
