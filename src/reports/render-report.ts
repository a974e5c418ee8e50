import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import type { ReportOptions } from "./report-options.ts";

export type ReportFormat = "json" | "table";

/** What a file gets: English, brief, no colour, eighty columns. */
const PLAIN: ReportOptions = { language: "en", verbose: false, color: false, width: 80 };

/**
 * The text of a report as `ajar audit -f FORMAT` prints it, ending in a newline. JSON takes no options: it is the same for everyone.
 * @throws AjarError BAD_OPTION for another format
 */
export async function renderReport(report: Report, format: ReportFormat, options: Partial<ReportOptions> = {}): Promise<string> {
  switch (format) {
    case "json":
      return (await import("./json.ts")).render(report);
    case "table":
      return (await import("./table.ts")).render(report, { ...PLAIN, ...options });
    default:
      throw new AjarError("BAD_OPTION", "there is no such format", { subject: String(format), hint: "Formats: json, table." });
  }
}
