// Marks findings that were known before or that somebody decided to live with. Nothing is removed from a report.
import { evidenceById, findingFingerprint } from "../core/fingerprint.ts";
import type { FindingReport, Report } from "../core/report.ts";
import { covers, type Suppression } from "./suppressions.ts";

export interface Reviewed {
  readonly report: Report;
  /** Decisions that would have covered a finding, but whose day has passed. */
  readonly expired: readonly Suppression[];
  /** Decisions that cover nothing in this report. */
  readonly unused: readonly Suppression[];
}

/**
 * The report with its findings marked. `today` is a day, YYYY-MM-DD: a decision holds on the days before its `until`.
 * A suppression speaks for itself; the baseline marks what else was there.
 */
export function setAside(report: Report, baseline: Report | null, suppressions: readonly Suppression[], today: string): Reviewed {
  const known = baseline === null ? new Set<string>() : fingerprints(baseline);
  const byId = evidenceById(report);
  const used = new Set<Suppression>();
  const expired = new Set<Suppression>();
  const findings = report.findings.map((finding): FindingReport => {
    const covering = suppressions.filter((one) => covers(one, finding, report.target.digest));
    const holding = covering.find(({ until }) => today < until);
    for (const one of covering) (today < one.until ? used : expired).add(one);
    if (holding !== undefined) {
      const { by: who, reason, until } = holding;
      return { ...finding, setAside: { by: "suppression", who, reason, until } };
    }
    return known.has(findingFingerprint(finding, byId)) ? { ...finding, setAside: { by: "baseline" } } : finding;
  });
  return {
    report: { ...report, findings },
    expired: [...expired],
    unused: suppressions.filter((one) => !used.has(one) && !expired.has(one)),
  };
}

function fingerprints(report: Report): ReadonlySet<string> {
  const byId = evidenceById(report);
  return new Set(report.findings.map((finding) => findingFingerprint(finding, byId)));
}
