// JUnit XML as CI servers read it: one suite a standard, one case a criterion; findings and coverage as suites of their own.
// Form: the Ant/Maven schema that https://github.com/testmoapp/junitxml describes.
import { XMLBuilder } from "fast-xml-parser";
import type { CriterionResult, FindingReport, Report, Severity } from "../../core/report.ts";
import type { Format } from "../format.ts";
import { Phrases } from "../phrases.ts";
import { policyFindings } from "../policy-findings.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";

interface Case {
  readonly "@name": string;
  readonly "@classname": string;
  readonly failure?: Remark;
  readonly error?: Remark;
  readonly skipped?: Pick<Remark, "@message">;
}

interface Remark {
  readonly "@message": string;
  readonly "@type": string;
  readonly "#text": string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

export const format: Format = {
  id: "junit",
  extensions: [".xml", ".junit.xml"],
  render: (report, options) => document([report], options),
  renderMany: document,
};

function document(reports: readonly Report[], options: ReportOptions): string {
  const phrases = new Phrases(options.language);
  const suites = reports.flatMap((report) => suitesOf(report, phrases));
  const all = suites.flatMap(({ cases }) => cases);
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", format: true, suppressEmptyNode: true });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "ajar",
      ...counts(all),
      testsuite: suites.map(({ name, cases }) => ({ "@name": name, ...counts(cases), testcase: cases })),
    },
  });
}

function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const having = (key: keyof Case): number => cases.filter((one) => key in one).length;
  return { "@tests": cases.length, "@failures": having("failure"), "@errors": having("error"), "@skipped": having("skipped") };
}

function suitesOf(report: Report, phrases: Phrases): readonly Suite[] {
  const release = safeText(report.target.ref);
  const verdicts = report.verdicts.map((verdict): Suite => {
    const name = `${release}: ${phrases.verdictName(verdict)}`;
    return { name, cases: verdict.criteria.map((criterion) => criterionCase(criterion, name, phrases)) };
  });
  const findings = `${release}: ${phrases.word("report.findings")}`;
  return [
    ...verdicts,
    { name: findings, cases: [...policyFindings(report), ...report.findings].map((finding) => findingCase(finding, findings, phrases)) },
    coverageSuite(report, release, phrases),
  ];
}

function criterionCase(criterion: CriterionResult, suite: string, phrases: Phrases): Case {
  const base = { "@name": safeText(criterion.id), "@classname": suite };
  const title = phrases.criterionName(criterion.id);
  if (criterion.result === "met") return base;
  const reasons = [...criterion.because, ...(criterion.missing ?? [])].map((message) => phrases.tell(message));
  if (criterion.result === "unknown") return { ...base, skipped: { "@message": [title, ...reasons].join(" | ") } };
  return { ...base, failure: { "@message": title, "@type": phrases.word("outcome.not-met"), "#text": reasons.join("\n") } };
}

/** Findings below this severity are told without failing the run. */
const FAILING: readonly Severity[] = ["critical", "high", "medium"];

function findingCase(finding: FindingReport, suite: string, phrases: Phrases): Case {
  const place = finding.path === undefined ? "" : ` ${safeText(finding.path)}`;
  const base = { "@name": `${safeText(finding.ruleId)}${place}`, "@classname": suite };
  const message = phrases.tell(finding.message);
  if (finding.setAside !== undefined) return { ...base, skipped: { "@message": `${message} (${phrases.setAside(finding.setAside)})` } };
  if (!FAILING.includes(finding.severity)) return { ...base, skipped: { "@message": message } };
  return { ...base, failure: { "@message": message, "@type": finding.severity, "#text": message } };
}

/** An audit that could not read everything is an error here: its other answers are provisional. */
function coverageSuite(report: Report, release: string, phrases: Phrases): Suite {
  const name = `${release}: ${phrases.word("report.coverage")}`;
  const base = { "@name": "complete", "@classname": name };
  if (report.coverage.complete) return { name, cases: [base] };
  const unread = report.coverage.skipped.filter(({ partial }) => partial);
  const lines = unread.map(({ path, reason, detail }) => `${safeText(path)}: ${phrases.note(reason, safeText(detail ?? ""))}`);
  const message = phrases.word("report.incomplete");
  return { name, cases: [{ ...base, error: { "@message": message, "@type": "incomplete", "#text": lines.join("\n") } }] };
}
