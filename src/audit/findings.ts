import type { Evidence } from "../core/evidence.ts";
import type { Finding } from "../core/release.ts";
import type { FindingReport, Severity } from "../core/report.ts";
import { compareText } from "../core/text.ts";

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** Findings as reports carry them, the gravest first. */
export function findingReports(findings: readonly Finding[]): readonly FindingReport[] {
  return findings
    .map(({ evidence, ...finding }) => ({ ...finding, evidence: idsOf(evidence) }))
    .sort(
      (a, b) =>
        SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
        compareText(a.ruleId, b.ruleId) ||
        compareText(a.path ?? "", b.path ?? "") ||
        compareText(a.evidence.join(), b.evidence.join()),
    );
}

/** Ids of evidence, each once. */
export function idsOf(evidence: readonly Evidence[]): readonly string[] {
  return [...new Set(evidence.map(({ id }) => id))];
}
