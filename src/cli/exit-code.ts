import { EXIT, type ExitCode } from "../core/errors.ts";
import type { Report, Severity } from "../core/report.ts";

const RANK: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** A report of an audit or a scan. */
interface Judged {
  readonly findings: Report["findings"];
  readonly coverage: { readonly complete: boolean };
}

/** 1 when a finding reaches `failOn`, else 3 when the audit is incomplete, else 0. Verdicts never fail a run. */
export function exitCodeOf(report: Judged, failOn: string): ExitCode {
  const threshold = Object.entries(RANK).find(([severity]) => severity === failOn)?.[1] ?? Number.POSITIVE_INFINITY;
  if (report.findings.some(({ severity, setAside }) => setAside === undefined && RANK[severity] >= threshold)) return EXIT.policy;
  return report.coverage.complete ? EXIT.ok : EXIT.incomplete;
}

/** Which code speaks for several audits: the one a script must not overlook. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.bug,
  EXIT.usage,
  EXIT.policy,
  EXIT.offline,
  EXIT.incomplete,
  EXIT.nothing,
  EXIT.ok,
];

/** The gravest of several exit codes. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok;
}
