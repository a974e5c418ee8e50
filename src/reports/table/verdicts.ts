import type { CriterionResult, Report, Verdict } from "../../core/report.ts";
import { lookup, nameOf } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { pad, textWidth } from "../width.ts";
import { OUTCOME_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

const OUTCOMES = ["met", "not-met", "unknown"] as const;

/** Reasons shown per criterion before --verbose is needed. */
const REASONS = 2;

/** One line per standard. */
export function verdicts(sheet: Sheet, report: Report): void {
  sheet.heading("report.standards");
  const width = outcomeWidth(sheet);
  for (const verdict of report.verdicts) {
    const detail = sheet.join([levelName(sheet, verdict), ...scores(sheet, verdict)]);
    sheet.block(sheet.pair(verdictName(sheet, verdict), detail), width + 6, mark(sheet, verdict.result, width));
  }
}

/** Each standard with its criteria, what they rest on and, verbose, what would have to be seen. */
export function criteria(sheet: Sheet, report: Report): void {
  sheet.heading("report.criteria");
  const width = outcomeWidth(sheet);
  for (const verdict of report.verdicts.filter((one) => one.criteria.length > 0)) {
    sheet.line();
    sheet.line(`  ${sheet.paint("strong", verdictName(sheet, verdict))}`);
    const { language, verbose } = sheet.options;
    if (!verbose && verdict.criteria.every(({ id }) => lookup(`brief.${id}`, language) !== undefined)) briefCriteria(sheet, verdict, width);
    else for (const criterion of verdict.criteria) oneCriterion(sheet, criterion, width);
  }
}

/** Standards that list many like things are shown as names by result and level; the reasons are left to --verbose. */
function briefCriteria(sheet: Sheet, verdict: Verdict, width: number): void {
  const { language } = sheet.options;
  for (const outcome of OUTCOMES) {
    const found = verdict.criteria.filter(({ result }) => result === outcome);
    for (const level of new Set(found.map((criterion) => criterion.level))) {
      const names = found.filter((criterion) => criterion.level === level).map(({ id }) => nameOf("brief", id, language));
      const grade = level === undefined || level === outcome ? "" : nameOf("level", level, language);
      sheet.block(grade === "" ? sheet.join(names) : sheet.pair(grade, sheet.join(names)), width + 6, mark(sheet, outcome, width));
    }
  }
}

/** Name of a standard with its profile. */
export function verdictName(sheet: Sheet, verdict: { readonly standard: string; readonly profile?: string }): string {
  const name = nameOf("standard", verdict.standard, sheet.options.language);
  return sheet.join([name, safeText(verdict.profile ?? "")]);
}

function levelName(sheet: Sheet, verdict: Verdict): string {
  if (verdict.level === undefined) return "";
  const { language } = sheet.options;
  const label = nameOf("label", verdict.level, language);
  return label === verdict.level ? nameOf("level", verdict.level, language) : label;
}

/** Scores as the standard counts them, to two decimals; a `-low` and a `-high` of one name are a range. */
function scores(sheet: Sheet, verdict: Verdict): readonly string[] {
  const entries = Object.entries(verdict.score ?? {});
  return entries.flatMap(([name, value]) => {
    const base = name.replace(/-(?:low|high)$/u, "");
    if (base === name) return [sheet.say("score.value", { score: name, value: decimals(value) })];
    const high = verdict.score?.[`${base}-high`];
    if (name.endsWith("-high") || high === undefined) return [];
    if (high === value) return [sheet.say("score.value", { score: base, value: decimals(value) })];
    return [sheet.say("score.range", { score: base, low: decimals(value), high: decimals(high) })];
  });
}

function decimals(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/u, "");
}

/** Brief: what is met needs only its evidence, and what is missing stands among the gaps. */
function oneCriterion(sheet: Sheet, criterion: CriterionResult, width: number): void {
  const indent = width + 6;
  const { verbose } = sheet.options;
  const isBrief = criterion.result === "met" && !verbose;
  const level = criterion.level === undefined ? "" : nameOf("level", criterion.level, sheet.options.language);
  const grounds = isBrief ? sheet.numbers([...new Set(criterion.because.flatMap((message) => message.evidence ?? []))]) : "";
  sheet.block(sheet.note(criterionName(sheet, criterion.id), level) + grounds, indent, mark(sheet, criterion.result, width));
  if (isBrief) return;
  sheet.some(criterion.because, REASONS, indent, (message) => sheet.block(sheet.cite(message), indent, "", "faint"));
  for (const message of verbose ? (criterion.missing ?? []) : []) {
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
