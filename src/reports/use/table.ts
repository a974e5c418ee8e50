// The answer for a person at a terminal: may I, why, what must I check, what must I do, and where it stands.
import type { Answer, Asked, Assertion, Cited, UseAnswer, UseReport } from "../../core/use.ts";
import type { Tone } from "../paint.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { evidenceList } from "../table/grounds.ts";
import { policy } from "../table/policy.ts";
import { Sheet } from "../table/sheet.ts";
import { assertedBy, checkText, citation, dutyText, merged, type Names, namesOf, partName } from "./phrases.ts";

const ANSWER_MARKS: Readonly<Record<Answer, { readonly symbol: string; readonly tone: Tone }>> = {
  allowed: { symbol: "✓", tone: "good" },
  review: { symbol: "?", tone: "unsure" },
  "not-allowed": { symbol: "✗", tone: "bad" },
};
const CHECK_MARKS = { met: "✓", failed: "✗", open: "?", asserted: "*" } as const;

/** Grounds, conditions and duties shown before --verbose is needed. */
const GROUNDS = 4;
const CHECKS = 8;
const DUTIES = 20;
/** Characters of a digest that tell two apart for a reader. */
const DIGEST_SHOWN = "sha256:".length + 12;

/** The whole answer as lines of text ending in a newline. */
export function renderUseTable(answer: UseReport, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const names = namesOf(answer);
  head(sheet, answer);
  for (const same of grouped(answer.answers)) uses(sheet, same, answer, names);
  duties(sheet, answer, names);
  policy(sheet, answer);
  disputes(sheet, answer);
  assertions(sheet, answer);
  if (!answer.coverage.complete) sheet.block(sheet.word("report.incomplete"), 4, "  ! ", "bad");
  evidenceList(sheet, answer, { digests: true });
  return sheet.toString();
}

function head(sheet: Sheet, { target, tool, notice, asked }: UseReport): void {
  sheet.line(sheet.paint("strong", safeText(target.ref)));
  sheet.block(
    sheet.join([safeText(target.digest.slice(0, DIGEST_SHOWN)), sheet.say("report.tool", { version: tool.version, rules: tool.rules })]),
    2,
    "",
    "faint",
  );
  sheet.block(sheet.tell(notice), 2, "", "strong");
  sheet.line();
  sheet.block(sheet.pair(sheet.word("uses.asked"), sheet.clauses(askedWords(sheet, asked))), 2);
}

function askedWords(sheet: Sheet, { uses: asked, users, revenue, region, asOf }: Asked): readonly string[] {
  return [
    sheet.join(asked.map((use) => sheet.name("use", use))),
    users === undefined ? "" : sheet.say("uses.asked-users", { users }),
    revenue === undefined ? "" : sheet.say("uses.asked-revenue", { revenue }),
    region === undefined ? "" : sheet.say("uses.asked-region", { code: region }),
    sheet.say("uses.asked-day", { day: asOf }),
  ];
}

interface SameAnswers {
  readonly uses: readonly UseAnswer["use"][];
  readonly answer: UseAnswer;
}

/** Uses of which all the same is said are told once. */
function grouped(answers: readonly UseAnswer[]): readonly SameAnswers[] {
  const groups = new Map<string, SameAnswers>();
  for (const answer of answers) {
    const key = JSON.stringify([answer.answer, answer.parts]);
    groups.set(key, { answer, uses: [...(groups.get(key)?.uses ?? []), answer.use] });
  }
  return [...groups.values()];
}

function uses(sheet: Sheet, { uses: named, answer }: SameAnswers, report: UseReport, names: Names): void {
  const { symbol, tone } = ANSWER_MARKS[answer.answer];
  sheet.line();
  const said = sheet.pair(sheet.join(named.map((use) => sheet.name("use", use))), sheet.name("uses.answer", answer.answer));
  sheet.block(said, 4, `  ${sheet.paint(tone, symbol)} `, "strong");
  for (const { parts, shown } of sameParts(answer)) partAnswer(sheet, { parts, shown }, report, names);
}

interface SameParts {
  readonly parts: readonly UseAnswer["parts"][number][];
  readonly shown: UseAnswer["parts"][number];
}

/** Parts of which the same is said, by the same way, are told together. */
function sameParts({ parts }: UseAnswer): readonly SameParts[] {
  const groups = new Map<string, SameParts>();
  for (const part of parts) {
    const { answer, reasons, because, checks, licenses, asserted } = part;
    const key = JSON.stringify([answer, reasons, because, checks, licenses, asserted]);
    const known = groups.get(key);
    groups.set(key, { shown: known?.shown ?? part, parts: [...(known?.parts ?? []), part] });
  }
  return [...groups.values()];
}

function partAnswer(sheet: Sheet, { parts, shown }: SameParts, report: UseReport, names: Names): void {
  const { symbol, tone } = ANSWER_MARKS[shown.answer];
  const reasons = sheet.join(shown.reasons.map((reason) => sheet.name("uses.reason", reason)));
  const licenses = sheet.join(shown.licenses.length === 0 ? [sheet.word("chain.no-license")] : shown.licenses.map(safeText));
  const stated = shown.asserted === undefined ? licenses : sheet.join([licenses, assertedBy(sheet, shown.asserted, report)]);
  const who = sheet.note(sheet.join(parts.map(({ part }) => partName(sheet, part))), stated);
  sheet.block(sheet.pair(who, sheet.note(sheet.name("uses.answer", shown.answer), reasons)), 6, `    ${sheet.paint(tone, symbol)} `);
  const isFailing = shown.checks.some(({ state }) => state === "failed");
  if (!isFailing) grounds(sheet, shown, report, names);
  checks(sheet, shown, report, names);
  if (isFailing && shown.because.length > 0) sheet.block(sheet.word("uses.otherwise"), 6);
  if (isFailing) grounds(sheet, shown, report, names);
}

function grounds(sheet: Sheet, { because }: SameParts["shown"], report: UseReport, names: Names): void {
  sheet.some(
    merged(because, ({ permission }) => permission),
    GROUNDS,
    8,
    ({ first: ground, all }) => {
      const by = ground.asserted === undefined ? "" : assertedBy(sheet, ground.asserted, report);
      const said = sheet.join([sheet.name("permission", ground.permission), by]);
      sheet.block(sheet.pair(citation(sheet, all, names), said) + sheet.numbers(evidenceOf(all)), 8, "- ");
      if (ground.summary !== "") sheet.block(ground.summary, 8, "", "faint");
    },
  );
}

function checks(sheet: Sheet, { checks: all }: SameParts["shown"], report: UseReport, names: Names): void {
  if (all.length > 0) sheet.block(sheet.word("uses.conditions"), 6);
  sheet.some(
    merged(all, ({ condition, state, certain }) => [condition, state, certain]),
    CHECKS,
    8,
    ({ first: check, all: ways }) => {
      const by = check.asserted === undefined ? "" : assertedBy(sheet, check.asserted, report);
      sheet.block(sheet.clauses([checkText(sheet, check, report.asked), by]), 8, `${CHECK_MARKS[check.state]} `);
      sheet.block(citation(sheet, ways, names) + sheet.numbers(evidenceOf(ways)), 8);
      if (check.summary !== "") sheet.block(check.summary, 8, "", "faint");
    },
  );
}

function duties(sheet: Sheet, report: UseReport, names: Names): void {
  if (report.duties.length === 0) return;
  sheet.heading("uses.duties");
  sheet.block(sheet.word("uses.duties-when"), 2, "", "faint");
  sheet.some(
    merged(report.duties, ({ kind, words, on, above, certain }) => [kind, words, on, above, certain]),
    DUTIES,
    4,
    ({ first, all }) => {
      sheet.block(dutyText(sheet, first, report.asked), 4, "- ");
      const parts = [...new Set(all.map(({ part }) => partName(sheet, part)))];
      sheet.block(sheet.pair(sheet.join(parts), citation(sheet, all, names)) + sheet.numbers(evidenceOf(all)), 4);
      if (first.summary !== "") sheet.block(first.summary, 4, "", "faint");
    },
  );
}

function evidenceOf(items: readonly Cited[]): readonly string[] {
  return [...new Set(items.flatMap(({ evidence }) => evidence))];
}

function disputes(sheet: Sheet, report: UseReport): void {
  if (report.disputes.length === 0) return;
  sheet.heading("uses.disputes");
  for (const { part, message, evidence, asserted } of report.disputes) {
    const by = asserted === undefined ? "" : assertedBy(sheet, asserted, report);
    sheet.block(sheet.clauses([sheet.pair(partName(sheet, part), sheet.tell(message)), by]) + sheet.numbers(evidence), 4, "- ");
  }
}

function assertions(sheet: Sheet, { asserted, expired }: UseReport): void {
  if (asserted.length + expired.length === 0) return;
  sheet.heading("uses.assertions");
  const told = (id: string, tone: Tone | undefined, { by, until, reason, id: name, says }: Assertion): void => {
    const what = sheet.say(`uses.says-${says.kind}`, argumentsOf(sheet, says));
    sheet.block(sheet.pair(safeText(name), sheet.clauses([what, sheet.say(id, { by, until, reason })])), 4, "* ", tone);
  };
  for (const one of asserted) told("uses.asserted-because", undefined, one);
  for (const one of expired) told("uses.expired-because", "faint", one);
}

function argumentsOf(sheet: Sheet, says: Assertion["says"]): Record<string, string> {
  const { license } = says;
  switch (says.kind) {
    case "license":
      return { thing: says.part === undefined ? safeText(says.node ?? "") : partName(sheet, says.part), license };
    case "checked":
      return { what: sheet.name("license-condition", says.condition), license };
    case "agreement":
      return { what: sheet.join(says.uses.map((use) => sheet.name("use", use))), license };
  }
}
