// Which evidence still stands, and which cells rest on what does not.
import type { RestingCell } from "../comparison/cells.ts";
import type { Evidence } from "../core/evidence.ts";
import { toJson } from "./json.ts";
import type { Tone } from "./paint.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { Sheet } from "./table/sheet.ts";

/** States in the order in which a reader should see them. */
const RECHECK_STATES = ["gone", "changed", "unknown", "search-again", "kept", "unchanged"] as const;
type RecheckState = (typeof RECHECK_STATES)[number];

export interface RecheckView {
  readonly target: string;
  readonly items: readonly { readonly evidence: Evidence; readonly state: RecheckState; readonly cells: readonly RestingCell[] }[];
  readonly unreachable: readonly { readonly ref: string; readonly code: string; readonly message: string }[];
}

const MARKS: Readonly<Record<RecheckState, { readonly symbol: string; readonly tone: Tone }>> = {
  gone: { symbol: "✗", tone: "bad" },
  changed: { symbol: "✗", tone: "bad" },
  unknown: { symbol: "?", tone: "unsure" },
  "search-again": { symbol: "?", tone: "unsure" },
  kept: { symbol: "~", tone: "good" },
  unchanged: { symbol: "✓", tone: "good" },
};

export function recheckJson({ target, items, unreachable }: RecheckView): string {
  const counts = Object.fromEntries(RECHECK_STATES.map((state) => [state, items.filter((item) => item.state === state).length]));
  const told = items.map(({ evidence, state, cells }) => ({
    evidence: evidence.id,
    state,
    source: evidence.source,
    path: evidence.path,
    cells,
  }));
  return toJson({ target, counts, unreachable, items: told });
}

export function recheckTable({ target, items, unreachable }: RecheckView, options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", safeText(target)));
  for (const { ref, code, message } of unreachable) sheet.block(`${safeText(ref)}: ${safeText(message)} [${code}]`, 4, "  ! ", "bad");
  for (const state of RECHECK_STATES) {
    const found = items.filter((item) => item.state === state);
    if (found.length === 0) continue;
    const { symbol, tone } = MARKS[state];
    sheet.line();
    sheet.block(sheet.say(`recheck.${state}`, { count: found.length }), 4, `  ${sheet.paint(tone, symbol)} `);
    if (state === "unchanged" && !options.verbose) continue;
    for (const { evidence, cells } of found) {
      sheet.block(sheet.place(evidence), 6, "", "faint");
      const names = cells.map(({ area, id }) => `${sheet.word(`diff.${area}`).toLowerCase()} ${safeText(id)}`);
      if (names.length > 0) sheet.block(sheet.join(names), 8);
    }
  }
  return sheet.toString();
}
