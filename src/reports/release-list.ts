import type { HeadlineWord } from "../core/report.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { WORD_TONES } from "./table/marks.ts";
import { Sheet } from "./table/sheet.ts";

export interface ShownRelease {
  readonly key: string;
  readonly license: string;
  readonly addedAt: string;
  readonly column: { readonly word: string; readonly label: string; readonly complete: boolean };
}

/** Two lines a release: its reference, then word, label, license and day. */
export function releaseList(releases: readonly ShownRelease[], options: ReportOptions): string {
  const sheet = new Sheet(options);
  if (releases.length === 0) sheet.block(sheet.word("catalogue.empty"), 0);
  for (const { key, license, addedAt, column } of releases) {
    sheet.line(sheet.paint("strong", safeText(key)));
    const word = sheet.paint(WORD_TONES[column.word as HeadlineWord] ?? "unsure", sheet.name("word", column.word));
    const provisional = column.complete ? "" : sheet.word("badge.provisional");
    sheet.block(sheet.join([provisional, sheet.name("label", column.label), safeText(license), addedAt.slice(0, 10)]), 4, `  ${word} `);
  }
  return sheet.toString();
}
