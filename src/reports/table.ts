// The report for a person at a terminal. Eighty columns, plain without colour, the answer first and its grounds last.
import type { Report } from "../core/report.ts";
import { auditData } from "./data/table.ts";
import { auditIdentity } from "./identity.ts";
import type { ReportOptions } from "./report-options.ts";
import { chain } from "./table/chain.ts";
import { components } from "./table/components.ts";
import { auditFiles } from "./table/files.ts";
import { coverage, evidenceList } from "./table/grounds.ts";
import { headline } from "./table/headline.ts";
import { licenses } from "./table/licenses.ts";
import { policy } from "./table/policy.ts";
import { findings, gaps, statements } from "./table/remarks.ts";
import { Sheet } from "./table/sheet.ts";
import { criteria, verdicts } from "./table/verdicts.ts";

/** The whole report as lines of text ending in a newline. */
export function render(report: Report, options: ReportOptions): string {
  const sheet = new Sheet(options);
  for (const section of [
    headline,
    verdicts,
    components,
    licenses,
    chain,
    policy,
    findings,
    auditFiles,
    auditIdentity,
    auditData,
    gaps,
    criteria,
    statements,
    coverage,
    evidenceList,
  ])
    section(sheet, report);
  return sheet.toString();
}
