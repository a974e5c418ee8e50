import type { Report } from "../core/report.ts";
import type { Language } from "./language.ts";

export interface ReportOptions {
  readonly language: Language;
  /** All evidence, all criteria texts. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** Cells per line. */
  readonly width: number;
}

/** Report -> text; pure. Each report format exports one as `render`. */
export type Render = (report: Report, options: ReportOptions) => string;
