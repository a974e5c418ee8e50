// A model whose files can do harm when they are loaded is not served.
import { AjarError } from "../../core/errors.ts";
import type { FindingReport, Report } from "../../core/report.ts";

/** Rules of rules/safety, and digests that are not what was stated. */
const CONCERNS_LOADING = /^(?:[A-Z]{2}\d+$|identity\/)/u;
const SHOWN = 5;

/**
 * What stands in the way of serving, most severe first: findings of high and critical severity on files that loaders open (those that none
 * opens were lowered by the audit).
 */
function unsafeFindings(report: Report, allowed: ReadonlySet<string>): readonly FindingReport[] {
  return report.findings
    .filter(
      ({ severity, ruleId, setAside }) =>
        (severity === "critical" || severity === "high") && CONCERNS_LOADING.test(ruleId) && setAside === undefined,
    )
    .filter(({ ruleId }) => !allowed.has(ruleId));
}

/** @throws AjarError UNSAFE_MODEL that names each rule and file */
export function refuseUnsafe(ref: string, reports: readonly Report[], allowed: ReadonlySet<string>): void {
  const found = reports
    .flatMap((report) => unsafeFindings(report, allowed))
    .map(({ ruleId, path }) => (path === undefined ? ruleId : `${ruleId} ${path}`));
  const each = [...new Set(found)];
  if (each.length === 0) return;
  const list = `${each.slice(0, SHOWN).join(", ")}${each.length > SHOWN ? " …" : ""}`;
  throw new AjarError("UNSAFE_MODEL", `loading its files can do harm: ${list}`, {
    subject: ref,
    hint: "ajar scan shows what was found. To serve it all the same, list the rule under allow_findings in the gate's configuration.",
  });
}

/** A header that Ajar does not understand to its end is one that llama.cpp may fall over: it aborts the process. @throws AjarError UNSAFE_MODEL */
export function refuseUnread(ref: string, report: Report, paths: readonly string[]): void {
  for (const path of paths) {
    const coverage = report.files.find((file) => file.path === path)?.coverage;
    if (coverage?.state === "full") continue;
    throw new AjarError(
      "UNSAFE_MODEL",
      `${path}: was not understood in full (${coverage?.code ?? "unread"}), so what loading it does is not known`,
      {
        subject: ref,
        hint: "Fetch the file again, or run it in a server of its own and name that with --upstream.",
      },
    );
  }
}
