// A scan for a person at a terminal: what is wrong first, then each file with its three answers.
import type { Severity } from "../../core/report.ts";
import type { ScanReport } from "../../core/scan.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { files } from "../table/files.ts";
import { evidenceList } from "../table/grounds.ts";
import { findings } from "../table/remarks.ts";
import { Sheet } from "../table/sheet.ts";

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
/** Files shown before --verbose is needed; those that are not clean come first. */
const FILES = 30;
/** The whole scan as lines of text ending in a newline. */
export function renderScanTable(report: ScanReport, options: ReportOptions): string {
  const sheet = new Sheet(options);
  head(sheet, report);
  findings(sheet, report);
  sheet.heading("scan.files");
  if (report.files.length === 0) sheet.line(`  ${sheet.word("scan.no-files")}`);
  files(sheet, report, FILES);
  coverage(sheet, report);
  evidenceList(sheet, report);
  return sheet.toString();
}

function head(sheet: Sheet, { target, tool, findings: found, coverage: covered }: ScanReport): void {
  for (const { ref, kind } of target.sources) sheet.line(`${sheet.paint("strong", safeText(ref))} ${sheet.paint("faint", kind)}`);
  sheet.block(sheet.say("report.tool", { version: tool.version, rules: tool.rules }), 2, "", "faint");
  sheet.line();
  const counts = SEVERITIES.map((severity) => ({ severity, count: found.filter((finding) => finding.severity === severity).length }));
  const named = counts.filter(({ count }) => count > 0).map(({ severity, count }) => `${count} ${sheet.word(`severity.${severity}`)}`);
  const worst = counts.find(({ count }) => count > 0)?.severity;
  const isGrave = worst === "critical" || worst === "high";
  if (isGrave) sheet.block(sheet.say("scan.grave", { counts: sheet.join(named) }), 2, "", "bad");
  else if (!covered.complete) sheet.block(sheet.say("scan.unsure", { counts: sheet.join(named) || "0" }), 2, "", "unsure");
  else if (named.length > 0) sheet.block(sheet.say("scan.remarks", { counts: sheet.join(named) }), 2, "", "unsure");
  else sheet.block(sheet.word("scan.nothing"), 2, "", "good");
}

function coverage(sheet: Sheet, { coverage: covered }: ScanReport): void {
  sheet.heading("report.coverage");
  const { filesListed, filesScanned, bytesRead, problems, complete } = covered;
  sheet.block(sheet.say("scan.coverage", { listed: filesListed, scanned: filesScanned, bytes: bytesRead }), 2);
  for (const { source, detail } of problems) sheet.block(sheet.pair(safeText(source), safeText(detail)), 4, "- ");
  if (complete) sheet.block(sheet.word("scan.complete"), 2);
  else sheet.block(sheet.word("scan.incomplete"), 4, "  ! ", "bad");
}
