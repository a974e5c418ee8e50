import { createHash } from "node:crypto";
import type { Evidence } from "./evidence.ts";
import type { FindingReport, Report } from "./report.ts";
import { compareText } from "./text.ts";

/** Evidence of a report by id. */
export function evidenceById(report: Pick<Report, "evidence">): ReadonlyMap<string, Evidence> {
  return new Map(report.evidence.map((piece) => [piece.id, piece]));
}

/**
 * Identity of a finding across revisions: its rule, its file and the words it rests on; 64 hex digits. Where else in the
 * file something changed, and on which line the words now stand, makes no difference.
 */
export function findingFingerprint(finding: FindingReport, evidence: ReadonlyMap<string, Evidence>): string {
  const quotes = [...new Set(finding.evidence)].flatMap((id) => {
    const piece = evidence.get(id);
    return piece === undefined ? [] : [`${piece.path}\0${piece.quote ?? ""}`];
  });
  return createHash("sha256")
    .update([finding.ruleId, finding.path ?? "", ...quotes.sort(compareText)].join("\n"))
    .digest("hex");
}
