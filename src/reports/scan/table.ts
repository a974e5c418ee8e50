// A scan for a person at a terminal: what is wrong first, then each file with its three answers.
import type { Severity } from "../../core/report.ts";
import type { FormatRisk, ScanCoverage, ScannedFile, ScanReport } from "../../core/scan.ts";
import type { Tone } from "../paint.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { evidenceList } from "../table/grounds.ts";
import { findings } from "../table/remarks.ts";
import { Sheet } from "../table/sheet.ts";

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
/** Files shown before --verbose is needed; those that are not clean come first. */
const FILES = 30;
const RISK_TONES: Readonly<Record<FormatRisk, Tone>> = {
  "cannot-execute": "good",
  "may-execute": "unsure",
  "executes-by-design": "bad",
  unknown: "unsure",
};
const COVERAGE_MARKS: Readonly<Record<ScanCoverage["state"], { readonly symbol: string; readonly tone: Tone }>> = {
  full: { symbol: "✓", tone: "good" },
  partial: { symbol: "?", tone: "unsure" },
  none: { symbol: "?", tone: "unsure" },
};

/** The whole scan as lines of text ending in a newline. */
export function renderScanTable(report: ScanReport, options: ReportOptions): string {
  const sheet = new Sheet(options);
  head(sheet, report);
  findings(sheet, report);
  files(sheet, report);
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

function files(sheet: Sheet, report: ScanReport): void {
  sheet.heading("scan.files");
  if (report.files.length === 0) sheet.line(`  ${sheet.word("scan.no-files")}`);
  const troubled = new Set(report.findings.flatMap(({ path }) => (path === undefined ? [] : [path.split("!")[0] ?? ""])));
  const rank = (file: ScannedFile): number => (file.coverage.state === "full" ? (troubled.has(file.path) ? 1 : 2) : 0);
  const sorted = [...report.files].sort((a, b) => rank(a) - rank(b));
  sheet.some(sorted, FILES, 4, (file) => oneFile(sheet, file));
}

function oneFile(sheet: Sheet, file: ScannedFile): void {
  const { symbol, tone } = COVERAGE_MARKS[file.coverage.state];
  const formats = [file.format, ...(file.alsoFormats ?? [])].map(safeText).join(" + ");
  sheet.block(sheet.pair(safeText(file.path), formats), 4, `  ${sheet.paint(tone, symbol)} `);
  sheet.block(sheet.word(`risk.${file.risk}`), 4, "", RISK_TONES[file.risk]);
  const reason =
    file.coverage.state === "full" ? "" : sheet.clauses([sheet.word(`coverage.${file.coverage.code}`), safeText(file.coverage.detail)]);
  sheet.block(sheet.note(sheet.word(`covered.${file.coverage.state}`), reason), 4, "", "faint");
  if (file.because !== undefined) sheet.block(sheet.tell(file.because), 4, "", "faint");
  if (file.tensors > 0)
    sheet.block(sheet.say("scan.tensors", { tensors: file.tensors, parameters: file.parameters ?? "?" }), 4, "", "faint");
}

function coverage(sheet: Sheet, { coverage: covered }: ScanReport): void {
  sheet.heading("report.coverage");
  const { filesListed, filesScanned, bytesRead, problems, complete } = covered;
  sheet.block(sheet.say("scan.coverage", { listed: filesListed, scanned: filesScanned, bytes: bytesRead }), 2);
  for (const { source, detail } of problems) sheet.block(sheet.pair(safeText(source), safeText(detail)), 4, "- ");
  if (complete) sheet.block(sheet.word("scan.complete"), 2);
  else sheet.block(sheet.word("scan.incomplete"), 4, "  ! ", "bad");
}
