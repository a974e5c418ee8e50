import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import type { Format } from "./format.ts";
import { FORMAT_LOADERS, FORMATS, type FormatId } from "./formats.generated.ts";
import type { ReportOptions } from "./report-options.ts";

export type ReportFormat = FormatId;

/** What a file gets: English, brief, no colour, eighty columns. */
const PLAIN: ReportOptions = { language: "en", verbose: false, color: false, width: 80 };

/**
 * The text of a report as `ajar audit -f FORMAT` prints it, ending in a newline. JSON takes no options: it is the same for everyone.
 * @throws AjarError BAD_OPTION for another format, or when the report has nothing that the format could hold
 */
export async function renderReport(report: Report, format: ReportFormat, options: Partial<ReportOptions> = {}): Promise<string> {
  return (await formatNamed(format)).render(report, { ...PLAIN, ...options });
}

/** Several reports in one text: one document where the format has a form for that, else one after the other. */
export async function renderReports(reports: readonly Report[], format: ReportFormat, options: Partial<ReportOptions>): Promise<string> {
  const { render, renderMany } = await formatNamed(format);
  const all = { ...PLAIN, ...options };
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return render(only, all);
  if (renderMany !== undefined) return renderMany(reports, all);
  return reports.map((report) => render(report, all)).join("\n");
}

async function formatNamed(format: ReportFormat): Promise<Format> {
  if (Object.hasOwn(FORMAT_LOADERS, format)) return FORMAT_LOADERS[format]();
  throw new AjarError("BAD_OPTION", "there is no such format", { subject: String(format), hint: `Formats: ${FORMATS.join(", ")}.` });
}
