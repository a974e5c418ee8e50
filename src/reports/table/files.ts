import type { Report } from "../../core/report.ts";
import type { FormatRisk, ReportedFile, ScanCoverage } from "../../core/scan.ts";
import { coveredText, listedFiles } from "../listed-files.ts";
import type { Tone } from "../paint.ts";
import { safeText } from "../safe-text.ts";
import type { Sheet } from "./sheet.ts";

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

/** Files that a loader may open, with three answers each; what was not understood comes first, then what findings name. */
export function files(sheet: Sheet, report: Pick<Report, "files" | "findings">, limit: number): void {
  sheet.some(listedFiles(report), limit, 4, ({ file }) => oneFile(sheet, file));
}

function oneFile(sheet: Sheet, file: ReportedFile): void {
  const { symbol, tone } = COVERAGE_MARKS[file.coverage.state];
  const formats = [file.format, ...(file.alsoFormats ?? [])].map(safeText).join(" + ");
  sheet.block(sheet.pair(safeText(file.path), formats), 4, `  ${sheet.paint(tone, symbol)} `);
  sheet.block(sheet.word(`risk.${file.risk}`), 4, "", RISK_TONES[file.risk]);
  sheet.block(coveredText(sheet, file.coverage), 4, "", "faint");
  if (file.because !== undefined) sheet.block(sheet.tell(file.because), 4, "", "faint");
  const counts = { tensors: file.tensors, parameters: file.parameters ?? "?" };
  if (file.tensors > 0) sheet.block(sheet.say("scan.tensors", counts), 4, "", "faint");
}

/** Files shown in an audit before --verbose is needed. */
const SHOWN = 4;

/** The files of an audit; nothing where there are none. */
export function auditFiles(sheet: Sheet, report: Report): void {
  if (report.files.length === 0) return;
  sheet.heading("scan.files");
  files(sheet, report, SHOWN);
}
