// What `ajar license` shows: the licenses found in one text.
import type { Span } from "../core/evidence.ts";
import type { LicenseMatch, LocatedRestriction } from "../core/license.ts";
import { nameOf } from "./messages.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { Sheet } from "./table/sheet.ts";

/** Matches as a table for people, in the order of the text. */
export function renderMatches(file: string, matches: readonly LicenseMatch[], options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", safeText(file)));
  if (matches.length === 0) sheet.block(sheet.word("license.nothing"), 4, "? ");
  for (const match of matches) oneMatch(sheet, match);
  return sheet.toString();
}

function oneMatch(sheet: Sheet, match: LicenseMatch): void {
  const lines = placeOf(sheet, match.span);
  const { language } = sheet.options;
  switch (match.outcome) {
    case "identified": {
      const { license, restrictions } = match;
      sheet.block(
        sheet.pair(license.id, sheet.clauses([license.name, nameOf("kind", license.kind, language), found(sheet, match.coverage), lines])),
        4,
        "✓ ",
      );
      clauses(sheet, restrictions);
      return;
    }
    case "modified":
      sheet.block(sheet.clauses([sheet.say("license.modified", { id: match.base.id }), found(sheet, match.coverage), lines]), 4, "! ");
      for (const { kind, text, span } of match.differences) {
        sheet.block(sheet.note(sheet.say(`report.${kind}`, { words: text }), placeOf(sheet, span)), 6, kind === "inserted" ? "+ " : "- ");
      }
      return;
    case "pointer":
      sheet.block(sheet.clauses([sheet.pair(sheet.say("license.pointer", { to: match.to }), match.license?.id ?? ""), lines]), 4, "> ");
      return;
    case "unknown-license": {
      const near =
        match.nearest === null ? "" : sheet.say("license.nearest", { id: match.nearest.id, share: share(match.nearest.coverage) });
      sheet.block(sheet.clauses([sheet.word("license.unknown"), near, lines]), 4, "? ");
      clauses(sheet, match.restrictions);
      return;
    }
  }
}

/** Sentences that narrow use, with their places. */
function clauses(sheet: Sheet, restrictions: readonly LocatedRestriction[]): void {
  for (const { term, clause, summary, span, quote } of restrictions) {
    const name = nameOf("term", term, sheet.options.language);
    const place = clause === "" ? [] : [sheet.say("report.clause", { clause })];
    sheet.block(sheet.note(name, sheet.join([...place, placeOf(sheet, span)])), 6, "! ");
    sheet.block(quote === "" ? summary : sheet.say("report.quote", { words: quote }), 6, "", "faint");
  }
}

function found(sheet: Sheet, coverage: number): string {
  return sheet.say("license.share", { share: share(coverage) });
}

function share(coverage: number): string {
  return `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`;
}

function placeOf(sheet: Sheet, span: Span): string {
  if (span.kind === "pointer") return safeText(span.pointer);
  if (span.kind === "bytes") return sheet.say("report.bytes-span", { start: span.start, end: span.end });
  return sheet.say("license.lines", { start: span.start, end: span.end });
}
