import type { CriterionResult, Report, Verdict } from "../../core/report.ts";
import { lookup, nameOf, numberText } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { pad, textWidth } from "../width.ts";
import { OUTCOME_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Reasons shown per criterion before --verbose is needed. */
const REASONS = 2;

/** One line per standard, then each with its criteria. */
export function verdicts(sheet: Sheet, report: Report): void {
  sheet.heading("report.standards");
  const width = outcomeWidth(sheet);
  for (const verdict of report.verdicts) {
    const detail = sheet.join([levelName(sheet, verdict), ...scores(sheet, verdict)]);
    sheet.block(sheet.pair(verdictName(sheet, verdict), detail), width + 6, mark(sheet, verdict.result, width));
  }
  for (const verdict of report.verdicts) criteria(sheet, verdict, width);
}

/** Name of a standard with its profile. */
export function verdictName(sheet: Sheet, verdict: { readonly standard: string; readonly profile?: string }): string {
  const name = nameOf("standard", verdict.standard, sheet.options.language);
  return verdict.profile === undefined ? name : `${name}, ${safeText(verdict.profile)}`;
}

function levelName(sheet: Sheet, verdict: Verdict): string {
  if (verdict.level === undefined) return "";
  const { language } = sheet.options;
  const label = nameOf("label", verdict.level, language);
  return label === verdict.level ? nameOf("level", verdict.level, language) : label;
}

function scores(sheet: Sheet, verdict: Verdict): readonly string[] {
  return Object.entries(verdict.score ?? {}).map(
    ([name, value]) => `${nameOf("score", name, sheet.options.language)} ${numberText(Math.round(value * 1000) / 1000)}`,
  );
}

function criteria(sheet: Sheet, verdict: Verdict, width: number): void {
  if (verdict.criteria.length === 0) return;
  sheet.line();
  sheet.line(sheet.paint("strong", verdictName(sheet, verdict)));
  for (const criterion of verdict.criteria) oneCriterion(sheet, criterion, width);
}

function oneCriterion(sheet: Sheet, criterion: CriterionResult, width: number): void {
  const indent = width + 6;
  const level = criterion.level === undefined ? "" : nameOf("level", criterion.level, sheet.options.language);
  sheet.block(sheet.note(criterionName(sheet, criterion.id), level), indent, mark(sheet, criterion.result, width));
  const isPlain = criterion.result === "met" && !sheet.options.verbose;
  sheet.some(criterion.because, isPlain ? 1 : REASONS, indent, (message) => sheet.block(sheet.cite(message), indent, "", "faint"));
  if (criterion.result === "met") return;
  for (const message of criterion.missing ?? []) {
    sheet.block(sheet.say("report.missing", { what: sheet.cite(message) }), indent, "", "faint");
  }
}

/** A criterion's id is also the id of its statement. */
function criterionName(sheet: Sheet, id: string): string {
  return lookup(id, sheet.options.language) ?? safeText(id);
}

function outcomeWidth(sheet: Sheet): number {
  return Math.max(...Object.keys(OUTCOME_MARKS).map((outcome) => textWidth(sheet.word(`outcome.${outcome}`))));
}

function mark(sheet: Sheet, outcome: keyof typeof OUTCOME_MARKS, width: number): string {
  const { symbol, tone } = OUTCOME_MARKS[outcome];
  return `  ${sheet.paint(tone, `${symbol} ${pad(sheet.word(`outcome.${outcome}`), width)}`)}  `;
}
