// Several answers about one file become one: the worst counts.
import type { AjarError, ErrorCode } from "../core/errors.ts";
import type { CoverageCode, FormatReading, FormatRisk, SafetyHit, ScanCoverage } from "../core/scan.ts";
import { isRangeEnd } from "./file-reader.ts";
import { MAX_HITS_PER_RULE } from "./limits.ts";

const RISKS: readonly FormatRisk[] = ["cannot-execute", "unknown", "may-execute", "executes-by-design"];
const STATES: readonly ScanCoverage["state"][] = ["full", "partial", "none"];

export const FULL: ScanCoverage = { state: "full" };

/** The most harmful; `unknown` counts as worse than harmless. */
export function worstRisk(risks: readonly FormatRisk[]): FormatRisk {
  if (risks.length === 0) return "unknown";
  return RISKS[risks.reduce((worst, risk) => Math.max(worst, RISKS.indexOf(risk)), Number.NEGATIVE_INFINITY)] ?? "unknown";
}

/** The least covered; of equals the first. */
export function worstCoverage(coverages: readonly ScanCoverage[]): ScanCoverage {
  let worst: ScanCoverage = FULL;
  for (const coverage of coverages) if (STATES.indexOf(coverage.state) > STATES.indexOf(worst.state)) worst = coverage;
  return worst;
}

/** Coverage of a container whose member was not understood: something was seen, not all. */
export function asPartial(coverage: ScanCoverage, member: string): ScanCoverage {
  return coverage.state === "full" ? coverage : { ...coverage, state: "partial", detail: `${member}: ${coverage.detail}` };
}

const CODES: Readonly<Partial<Record<ErrorCode, CoverageCode>>> = {
  NOT_THIS_FORMAT: "malformed",
  INCONSISTENT: "malformed",
  TRUNCATED: "truncated",
  OVER_LIMIT: "over-limit",
  UNSUPPORTED: "unsupported",
};

/** What an error leaves unknown. Errors of a source, not of a format, mean that the bytes were not had. */
export function coverageOfError(error: AjarError, state: "partial" | "none"): ScanCoverage {
  const code = isRangeEnd(error) ? "not-scanned" : (CODES[error.code] ?? "unread");
  return { state, code, detail: error.message, ...(error.offset === undefined ? {} : { offset: error.offset }) };
}

/** A reading of a file that was not understood at all. */
export function unreadable(format: string, risk: FormatRisk, error: AjarError): FormatReading {
  return { format, risk, coverage: coverageOfError(error, "none"), hits: [], tensors: [], parameters: null, metadata: new Map() };
}

/** In order of place, each once, at most MAX_HITS_PER_RULE of a rule; the gravest are kept. */
export function tidyHits(hits: readonly SafetyHit[]): readonly SafetyHit[] {
  if (hits.length === 0) return hits;
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const kept: SafetyHit[] = [];
  for (const hit of [...hits].sort((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || byPlace(a, b))) {
    const key = JSON.stringify([hit.rule, hit.member, hit.start, hit.message]);
    const count = counts.get(hit.rule) ?? 0;
    if (seen.has(key) || count >= MAX_HITS_PER_RULE) continue;
    seen.add(key);
    counts.set(hit.rule, count + 1);
    kept.push(hit);
  }
  return kept.sort(byPlace);
}

const SEVERITY: Readonly<Record<SafetyHit["severity"], number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

function byPlace(a: SafetyHit, b: SafetyHit): number {
  return compare(a.member ?? "", b.member ?? "") || a.start - b.start || compare(a.rule, b.rule) || compare(a.message.id, b.message.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
