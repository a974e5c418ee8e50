// GitHub-flavoured Markdown, for pull requests and wikis. Everything from the release is escaped character by character.
import type { Report } from "../../core/report.ts";
import { dataMarkdown } from "../data/markdown.ts";
import type { Format } from "../format.ts";
import { chain } from "../markdown/chain.ts";
import { files } from "../markdown/files.ts";
import { policy } from "../markdown/policy.ts";
import { bullets, table, Writer } from "../markdown/writer.ts";
import { escapeMarkdown as text } from "../markdown.ts";
import { bytesText } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS, OUTCOME_MARKS } from "../table/marks.ts";

/** Places named of one component. */
const PLACES = 3;

export const format: Format = { id: "markdown", extensions: [".md"], render };

function render(report: Report, options: ReportOptions): string {
  const writer = new Writer(report, options);
  const { phrases } = writer;
  const { headline, target, tool, coverage } = report;
  const sections = [
    `# ${text(target.ref)}`,
    `**${text(phrases.word(`word.${headline.word}`).toUpperCase())}**: ${text(phrases.word(`headline.${headline.word}`))}`,
    text(phrases.say("report.g7-label", { label: phrases.name("label", headline.label) })),
    bullets(headline.because.map((message) => writer.cite(message))),
    writer.section("policy.heading", policy(writer)),
    writer.section("report.standards", standards(writer)),
    writer.section("report.components", components(writer)),
    writer.section("report.licenses", licenses(writer)),
    writer.section("chain.heading", chain(writer)),
    writer.section("scan.files", files(writer)),
    writer.section("report.findings", findings(writer)),
    writer.section("report.data", report.data === undefined ? "" : dataMarkdown(report.data, phrases, options.verbose, "###")),
    writer.section("report.gaps", gaps(writer)),
    writer.section("report.criteria", criteria(writer)),
    writer.section("report.coverage", coverageText(writer)),
    writer.section("report.evidence", writer.evidence()),
    text(phrases.say("report.tool", { version: tool.version, rules: tool.rules })),
    coverage.complete ? "" : `**${text(phrases.word("report.incomplete"))}**`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function standards({ report, phrases }: Writer): string {
  const head = ["report.column-standard", "report.column-result", "report.column-detail"].map((id) => text(phrases.word(id)));
  const rows = report.verdicts.map((verdict) => {
    const outcome = `${OUTCOME_MARKS[verdict.result].symbol} ${text(phrases.word(`outcome.${verdict.result}`))}`;
    return [text(phrases.verdictName(verdict)), outcome, text(phrases.verdictDetail(verdict))];
  });
  return table(head, rows);
}

function components(writer: Writer): string {
  const { report, phrases } = writer;
  const columns = ["component", "availability", "openness", "license"];
  const rows = report.components.map((component) => [
    text(phrases.name("component", component.id)) + writer.numbers(component.evidence),
    `${AVAILABILITY_MARKS[component.availability].symbol} ${text(phrases.word(`availability.${component.availability}`))}`,
    component.availability === "absent"
      ? ""
      : `${OPENNESS_MARKS[component.openness].symbol} ${text(phrases.word(`openness.${component.openness}`))}`,
    [component.licenses.map(text).join(", "), ...component.places.slice(0, PLACES).map(text)].filter((part) => part !== "").join("<br>"),
  ]);
  const head = columns.map((column) => text(phrases.word(`report.column-${column}`)));
  return table(head, rows);
}

function licenses(writer: Writer): string {
  const { report, phrases } = writer;
  const { shown, more } = writer.some(report.licenses);
  const items = shown.map((license) => {
    const scope =
      license.scope.length === 0 ? phrases.word("report.all-scopes") : phrases.join(license.scope.map((id) => phrases.word(`scope.${id}`)));
    const details = [phrases.name("kind", license.kind), scope, phrases.word(`statement.${license.statement}`)];
    const lead = `**${text(license.id)}**: ${text(phrases.clauses(details))}${writer.numbers(license.evidence)}`;
    const clauses = (license.restrictions ?? []).map(({ term, clause, evidence }) => {
      const place = clause === "" ? "" : phrases.say("report.clause", { clause });
      return `  - ${text(phrases.note(phrases.name("term", term), place))}${writer.numbers(evidence)}`;
    });
    return [lead, ...clauses].join("\n");
  });
  return bullets(items) + more;
}

function findings(writer: Writer): string {
  const { report, phrases } = writer;
  if (report.findings.length === 0) return text(phrases.word("report.no-findings"));
  const { shown, more } = writer.some(report.findings);
  const items = shown.map(({ severity, message, path, evidence, ruleId, setAside }) => {
    const sentence = text(phrases.tell(message)) + writer.numbers([...new Set([...(message.evidence ?? []), ...evidence])]);
    const place = path === undefined || path === "" ? "" : `${text(path)}: `;
    const aside = setAside === undefined ? "" : ` *${text(phrases.setAside(setAside))}*`;
    return `**${text(phrases.word(`severity.${severity}`))}** ${place}${sentence} (${text(ruleId)})${aside}`;
  });
  return bullets(items) + more;
}

function gaps(writer: Writer): string {
  const { report, phrases } = writer;
  const wanted = report.gaps.filter((gap) => gap.do.length > 0);
  return wanted
    .map((gap) => {
      const title = phrases.say("report.gap", { to: phrases.aim(gap.to), standard: phrases.verdictName(gap) });
      const steps = gap.do.map((message, index) => `${index + 1}. ${writer.cite(message)}`);
      return [text(title), "", ...steps].join("\n");
    })
    .join("\n\n");
}

function criteria(writer: Writer): string {
  const { report, phrases } = writer;
  const blocks = report.verdicts.map((verdict) => {
    const items = verdict.criteria.map((criterion) => {
      const symbol = `${OUTCOME_MARKS[criterion.result].symbol} ${text(phrases.word(`outcome.${criterion.result}`))}`;
      const level = criterion.level === undefined ? "" : phrases.name("level", criterion.level);
      const reasons = criterion.because.map((message) => `  - ${writer.cite(message)}`);
      return [`- ${symbol}: ${text(phrases.note(phrases.criterionName(criterion.id), level))}`, ...reasons].join("\n");
    });
    return items.length === 0 ? "" : `### ${text(phrases.verdictName(verdict))}\n\n${items.join("\n")}`;
  });
  return blocks.filter((block) => block !== "").join("\n\n");
}

function coverageText({ report, phrases }: Writer): string {
  const { filesListed, filesRead, bytesRead, skipped } = report.coverage;
  const counts = phrases.say("report.coverage-files", { listed: filesListed, read: filesRead, bytes: bytesText(bytesRead) });
  const unread = skipped.filter(({ partial }) => partial);
  const lines = unread.map(({ path, reason, detail }) =>
    text(
      phrases.pair(
        path === "" ? phrases.word("report.no-line") : path,
        phrases.note(phrases.word(`reason.${reason}`), phrases.detail(detail)),
      ),
    ),
  );
  return [text(counts), bullets(lines)].filter((part) => part !== "").join("\n\n");
}
