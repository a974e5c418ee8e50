import type { Gap, Report } from "../../core/report.ts";
import { nameOf } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { numberText } from "../sentence.ts";
import { pad, textWidth } from "../width.ts";
import { SEVERITY_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Steps and statements shown before --verbose is needed. */
const STEPS = 5;
const STATEMENTS = 6;

/** What is wrong with the release that no standard asks about by itself. */
export function findings(sheet: Sheet, report: Pick<Report, "findings">): void {
  sheet.heading("report.findings");
  if (report.findings.length === 0) sheet.line(`  ${sheet.word("report.no-findings")}`);
  const width = Math.max(...Object.keys(SEVERITY_MARKS).map((severity) => textWidth(sheet.word(`severity.${severity}`))));
  const shown = report.findings.filter(({ setAside }) => setAside === undefined || sheet.options.showSetAside === true);
  for (const { severity, message, path, evidence, ruleId, setAside } of shown) {
    const { symbol, tone } = SEVERITY_MARKS[severity];
    const lead = `  ${sheet.paint(tone, `${symbol} ${pad(sheet.word(`severity.${severity}`), width)}`)}  `;
    const ids = [...new Set([...(message.evidence ?? []), ...evidence])];
    const sentence = sheet.cite({ ...message, evidence: ids });
    sheet.block(path === undefined || path === "" ? sentence : sheet.pair(safeText(path), sentence), width + 7, lead);
    sheet.block(ruleId, width + 7, "", "faint");
    if (setAside !== undefined) sheet.block(sheet.setAside(setAside), width + 7, "", "unsure");
  }
  const hidden = report.findings.length - shown.length;
  if (hidden > 0) sheet.block(sheet.say("review.hidden", { count: hidden }), 2, "", "faint");
}

/** Steps to the next level of each standard, the most effective first. */
export function gaps(sheet: Sheet, report: Report): void {
  const wanted = report.gaps.filter((gap) => gap.do.length > 0);
  if (wanted.length === 0) return;
  sheet.heading("report.gaps");
  for (const gap of wanted) oneGap(sheet, gap);
}

function oneGap(sheet: Sheet, gap: Gap): void {
  sheet.block(sheet.say("report.gap", { to: sheet.aim(gap.to), standard: sheet.verdictName(gap) }), 2);
  let number = 0;
  sheet.some(gap.do, STEPS, 6, (message) => {
    number += 1;
    sheet.block(sheet.cite(message), 6, `${number}. `);
  });
}

/** What the release says of itself beside what was judged: figures, relations, safety topics, claims. */
export function statements(sheet: Sheet, report: Report): void {
  const { quantities, relations, safety, claims } = report.statements;
  if (quantities.length + relations.length + safety.length + claims.length === 0) return;
  const { language } = sheet.options;
  sheet.heading("report.statements");
  const lines = [
    ...claims.map(
      ({ claim, evidence }) =>
        () =>
          sheet.say("report.claim", { claim }) + sheet.numbers(evidence),
    ),
    ...relations.map(
      ({ relation, target, evidence }) =>
        () =>
          sheet.pair(nameOf("relation", relation, language), safeText(target)) + sheet.numbers(evidence),
    ),
    ...quantities.map(({ quantity, value, unit, subject, stated, evidence }) => () => {
      const name =
        subject === "" ? nameOf("quantity", quantity, language) : sheet.note(nameOf("quantity", quantity, language), safeText(subject));
      const exact = stated === "" ? `${numberText(value)} ${unit}` : safeText(stated);
      return sheet.pair(name, exact) + sheet.numbers(evidence);
    }),
  ];
  sheet.some(lines, STATEMENTS, 4, (line) => sheet.block(line(), 4, "- "));
  if (safety.length === 0) return;
  const topics = sheet.join([...new Set(safety.map(({ topic }) => nameOf("topic", topic, language)))]);
  sheet.block(sheet.say("report.safety-statements", { topics }) + sheet.numbers(safety.flatMap(({ evidence }) => evidence)), 4, "- ");
}
