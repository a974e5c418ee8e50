// A file's scan becomes what reports carry: a row of the file list and findings with evidence.
import { evidence, quoteOf } from "../core/evidence.ts";
import type { Finding } from "../core/release.ts";
import type { Severity } from "../core/report.ts";
import type { FileScan, LoadState, SafetyHit, ScannedFile } from "../core/scan.ts";
import { compareText } from "../core/text.ts";

/** What findings name as their place besides path and bytes. */
export interface Placed {
  /** Reference of the source. */
  readonly source: string;
  /** Digest of the file, as in `Evidence.digest`. */
  readonly digest: string;
}

/** The row of one file. */
export function scannedFile(scan: FileScan, digest: string, state: LoadState): ScannedFile {
  const understood = scan.readings.filter(({ coverage }) => coverage.state !== "none");
  const [first = scan.readings[0], ...others] = understood;
  const alsoFormats = [...new Set(others.map(({ format }) => format))].filter((format) => format !== first?.format);
  const metadata = [...(first?.metadata ?? [])].sort(([a], [b]) => compareText(a, b));
  return {
    path: scan.path,
    sizeBytes: scan.sizeBytes,
    digest,
    format: first?.format ?? "unknown",
    ...(alsoFormats.length === 0 ? {} : { alsoFormats }),
    risk: scan.risk,
    coverage: scan.coverage,
    ...state,
    tensors: first?.tensors.length ?? 0,
    parameters: first?.parameters ?? null,
    metadata: Object.fromEntries(metadata),
  };
}

/** What nobody loads can still be loaded by hand: it stays in the report, at the lower end. */
const LOWERED: Readonly<Record<Severity, Severity>> = { critical: "low", high: "low", medium: "info", low: "info", info: "info" };

/** One finding per hit, evidence included. */
export function findingsOf(scan: FileScan, placed: Placed, state: LoadState): readonly Finding[] {
  return scan.hits.map((hit) => findingOf(scan.path, hit, placed, state));
}

function findingOf(path: string, hit: SafetyHit, placed: Placed, state: LoadState): Finding {
  const { rule, severity, message, start, end, member, quote } = hit;
  const place = member === undefined ? path : `${path}!${member}`;
  const span = { kind: "bytes", start, end } as const;
  const method = "header" as const;
  const item = evidence({ ...placed, path: place, span, method, ...(quote === undefined ? {} : { quote: quoteOf(quote) }) });
  return {
    ruleId: rule,
    severity: state.loaded === "no" ? LOWERED[severity] : severity,
    message: { ...message, evidence: [item.id] },
    path: place,
    evidence: [item],
  };
}
