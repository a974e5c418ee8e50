import type { Language } from "./language.ts";

export interface ReportOptions {
  readonly language: Language;
  /** All evidence, all criteria texts. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** Cells per line. */
  readonly width: number;
  /** Time of creation for formats that demand one, ISO 8601 in UTC; without it the day of the rules stands there. */
  readonly created?: string;
  /** The table also shows findings that somebody set aside; other formats always do, and say so. */
  readonly showSetAside?: boolean;
}
