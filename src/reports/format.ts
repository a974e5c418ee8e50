import type { Report } from "../core/report.ts";
import type { ReportOptions } from "./report-options.ts";

/** One output made from a report and nothing else. Each file in src/reports/formats exports one as `format`. */
export interface Format {
  /** As `-f` takes it. */
  readonly id: string;
  /** File endings that `-o FILE` guesses it from; empty where another format owns them. */
  readonly extensions: readonly string[];
  /** Text ending in a newline; the same report and options give the same bytes. @throws AjarError BAD_OPTION when the report has nothing for this format */
  render(report: Report, options: ReportOptions): string;
  /** Several reports as one document; without it they follow each other, each whole. */
  readonly renderMany?: (reports: readonly Report[], options: ReportOptions) => string;
}
