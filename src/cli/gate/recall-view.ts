// What `ajar recall` shows.
import type { FeedView } from "../../gate/doors/recalls/book.ts";
import type { ReportOptions } from "../../reports/report-options.ts";
import { safeText } from "../../reports/safe-text.ts";
import { Sheet } from "../../reports/table/sheet.ts";

interface Check {
  readonly target: string;
  readonly recalls: readonly {
    readonly id: string;
    readonly summary: string;
    readonly decision: string;
    readonly by: string;
    readonly what: string;
  }[];
  readonly feeds: readonly FeedView[];
}

export function checkTable({ target, recalls, feeds }: Check, options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", safeText(target)));
  for (const { id, summary, decision, by, what } of recalls) {
    const isBlock = decision === "block";
    const said = sheet.say(`recall.${isBlock ? "blocked" : "warned"}`, { id });
    sheet.block(said, 4, `  ${sheet.paint(isBlock ? "bad" : "unsure", isBlock ? "✗" : "!")} `);
    if (summary !== "") sheet.block(safeText(summary), 6);
    sheet.block(sheet.say(`recall.by.${by}`, { what }), 6, "", "faint");
  }
  if (recalls.length === 0) sheet.block(sheet.word("recall.none"), 4, `  ${sheet.paint("good", "✓")} `);
  feedLines(sheet, feeds);
  sheet.block(sheet.word("recall.limit"), 2, "", "faint");
  return sheet.toString();
}

interface Shown {
  readonly feeds: readonly FeedView[];
  readonly advisories: readonly {
    readonly id: string;
    readonly summary: string;
    readonly action: string;
    readonly reason: string;
    readonly withdrawn: string | null;
  }[];
}

export function feedsTable({ feeds, advisories }: Shown, options: ReportOptions): string {
  const sheet = new Sheet(options);
  feedLines(sheet, feeds);
  for (const { id, summary, action, reason, withdrawn } of advisories) {
    sheet.block(
      safeText([id, action, reason, withdrawn === null ? "" : `withdrawn ${withdrawn}`].filter((word) => word !== "").join("  ")),
      2,
    );
    if (summary !== "") sheet.block(safeText(summary), 4, "", "faint");
  }
  return sheet.toString();
}

function feedLines(sheet: Sheet, feeds: readonly FeedView[]): void {
  for (const { feed, from, sequence, published, expires, advisories, problem, isStale } of feeds) {
    const said = sheet.say("recall.feed", {
      feed: feed ?? from,
      sequence: sequence ?? 0,
      published: published ?? "",
      expires: expires ?? "",
      count: advisories,
    });
    sheet.block(said, 2, "", "faint");
    if (problem !== null) sheet.block(safeText(problem), 4, "  ! ", "unsure");
    else if (isStale) sheet.block(sheet.word("recall.stale"), 4, "  ! ", "unsure");
  }
}
