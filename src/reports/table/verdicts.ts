import type { CriterionResult, Report, Verdict } from "../../core/report.ts";
import { lookup, nameOf } from "../messages.ts";
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
    sheet.block(sheet.pair(sheet.verdictName(verdict), sheet.verdictDetail(verdict)), width + 6, mark(sheet, verdict.result, width));
  }
}

/** Each standard with its criteria, what they rest on and, verbose, what would have to be seen. */
export function criteria(sheet: Sheet, report: Report): void {
  sheet.heading("report.criteria");
  const width = outcomeWidth(sheet);
  for (const verdict of report.verdicts.filter((one) => one.criteria.length > 0)) {
    sheet.line();
    sheet.line(`  ${sheet.paint("strong", sheet.verdictName(verdict))}`);
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

/** Brief: what is met needs only its evidence, and what is missing stands among the gaps. */
function oneCriterion(sheet: Sheet, criterion: CriterionResult, width: number): void {
  const indent = width + 6;
  const { verbose } = sheet.options;
  const isBrief = criterion.result === "met" && !verbose;
  const level = criterion.level === undefined ? "" : nameOf("level", criterion.level, sheet.options.language);
  const grounds = isBrief ? sheet.numbers([...new Set(criterion.because.flatMap((message) => message.evidence ?? []))]) : "";
  sheet.block(sheet.note(sheet.criterionName(criterion.id), level) + grounds, indent, mark(sheet, criterion.result, width));
  if (isBrief) return;
  sheet.some(criterion.because, REASONS, indent, (message) => sheet.block(sheet.cite(message), indent, "", "faint"));
  for (const message of verbose ? (criterion.missing ?? []) : []) {
    sheet.block(sheet.say("report.missing", { what: sheet.cite(message) }), indent, "", "faint");
  }
}

function outcomeWidth(sheet: Sheet): number {
  return Math.max(...Object.keys(OUTCOME_MARKS).map((outcome) => textWidth(sheet.word(`outcome.${outcome}`))));
}

function mark(sheet: Sheet, outcome: keyof typeof OUTCOME_MARKS, width: number): string {
  const { symbol, tone } = OUTCOME_MARKS[outcome];
  return `  ${sheet.paint(tone, `${symbol} ${pad(sheet.word(`outcome.${outcome}`), width)}`)}  `;
}
