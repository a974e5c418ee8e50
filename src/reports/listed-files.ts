// Files of a report with the findings that name them, for every output that lists files.
import type { FindingReport, Report, Severity } from "../core/report.ts";
import type { ReportedFile, ScanCoverage } from "../core/scan.ts";
import type { Phrases } from "./phrases.ts";
import { safeText } from "./safe-text.ts";

export interface ListedFile {
  readonly file: ReportedFile;
  /** Findings on the file or a member of it, as they stand in the report. */
  readonly findings: readonly FindingReport[];
}

/** What was not understood comes first, then what findings name, then the rest; within each as the report has it. */
export function listedFiles(report: Pick<Report, "files" | "findings">): readonly ListedFile[] {
  const byPath = Map.groupBy(report.findings, ({ path = "" }) => outerPath(path));
  const listed = report.files.map((file): ListedFile => ({ file, findings: byPath.get(file.path) ?? [] }));
  const rank = ({ file, findings }: ListedFile): number => (file.coverage.state === "full" ? (findings.length > 0 ? 1 : 2) : 0);
  return listed.sort((a, b) => rank(a) - rank(b));
}

/** Path of the file that a member is in: the part before the first `!`. */
export function outerPath(path: string): string {
  return path.split("!", 1)[0] ?? path;
}

/** Each rule once, with its gravest severity: findings come gravest first. */
export function rulesOf(findings: readonly FindingReport[]): readonly { readonly ruleId: string; readonly severity: Severity }[] {
  const seen = new Map<string, Severity>();
  for (const { ruleId, severity } of findings) if (!seen.has(ruleId)) seen.set(ruleId, severity);
  return [...seen].map(([ruleId, severity]) => ({ ruleId, severity }));
}

/** How much was understood, and what kept it from being all. */
export function coveredText(phrases: Phrases, coverage: ScanCoverage): string {
  const reason = coverage.state === "full" ? "" : phrases.clauses([phrases.word(`coverage.${coverage.code}`), safeText(coverage.detail)]);
  return phrases.note(phrases.word(`covered.${coverage.state}`), reason);
}
