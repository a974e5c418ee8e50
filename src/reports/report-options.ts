import type { Language } from "./language.ts";

export interface ReportOptions {
  readonly language: Language;
  /** All evidence, all criteria texts. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** Cells per line. */
  readonly width: number;
}
