// `ajar scan`: sources -> files -> what loading them can do. No verdicts, no licenses.
import { AjarError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Finding } from "../../core/release.ts";
import { SCAN_SCHEMA_VERSION, type ScanReport } from "../../core/scan.ts";
import type { Source, SourceContext, SourceEntry, SourceKind } from "../../core/source.ts";
import { compareText } from "../../core/text.ts";
import { VERSION } from "../../core/version.ts";
import { rulesVersion } from "../../rules/load.ts";
import { FilteredSource, pathFilter } from "../../sources/filtered.ts";
import { openSource } from "../../sources/open.ts";
import { findingReports } from "../findings.ts";
import { providers } from "../providers.generated.ts";
import { sha256Of } from "./digest.ts";
import { type ScannedSource, scanFiles } from "./files.ts";
import { ScanPool } from "./pool.ts";

export interface ScanRequest {
  /** As `ajar scan` takes them: paths, archives, `hf:owner/name` … */
  readonly references: readonly string[];
  readonly context: SourceContext;
  /** Imports that nobody reviewed count as high. */
  readonly strict: boolean;
  /** Files scanned side by side. */
  readonly jobs: number;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Sources whose files can be read again at no cost, to digest those with findings. */
const NEAR: readonly SourceKind[] = ["folder", "archive", "git", "npm", "pypi"];

/**
 * Scans every file of the targets.
 * @throws AjarError when no report can be made: a bad reference, an unreachable target, not one file
 */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const pool = new ScanPool(request.context.signal);
  try {
    const parts: SourceScan[] = [];
    for (const reference of request.references) parts.push(await scanSource(reference, request, pool));
    return assemble(parts);
  } finally {
    await pool.close();
  }
}

interface SourceScan extends ScannedSource {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string | null;
  readonly listed: number;
  readonly problem: string | null;
  readonly bytesRead: number;
  readonly requests: number;
}

async function scanSource(reference: string, request: ScanRequest, pool: ScanPool): Promise<SourceScan> {
  const { context, strict, jobs } = request;
  context.progress(`opening ${reference}`);
  const opened = await openSource(reference, context, providers);
  const filter = pathFilter(request.include ?? [], request.exclude ?? []);
  const source = filter === null ? opened : new FilteredSource(opened, filter, () => false);
  try {
    const entries: SourceEntry[] = [];
    for await (const entry of source.list()) entries.push(entry);
    if (!entries.some(({ path }) => !path.startsWith("@host/"))) throw nothing(source);
    const scanned = await scanFiles({
      source,
      entries,
      jobs,
      scan: (path, reader) => pool.scan({ path, sizeBytes: reader.sizeBytes, effort: "whole", strict }, reader),
      progress: context.progress,
      digest: NEAR.includes(source.kind) ? (entry) => sha256Of(source, entry, context.signal) : null,
    });
    const left = source instanceof FilteredSource ? (source.excluded?.detail ?? null) : null;
    const { bytesRead, requests } = source.usage;
    const { ref, kind, revision, listingProblem } = source;
    return { ...scanned, ref, kind, revision, listed: entries.length, problem: listingProblem ?? left, bytesRead, requests };
  } finally {
    await source.close();
  }
}

function nothing(source: Source): AjarError {
  return new AjarError("NOTHING_AUDITABLE", "there is no file to scan", {
    subject: source.ref,
    hint: "Name a file, or a folder that holds some.",
  });
}

function assemble(parts: readonly SourceScan[]): ScanReport {
  const findings: readonly Finding[] = parts.flatMap((part) => part.findings);
  const files = parts.flatMap((part) => part.files.map((file) => ({ ...file, source: part.ref })));
  const problems = parts.flatMap(({ ref, problem }) => (problem === null ? [] : [{ source: ref, detail: problem }]));
  const sum = (of: (part: SourceScan) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    schemaVersion: SCAN_SCHEMA_VERSION,
    tool: { version: VERSION, rules: rulesVersion() },
    target: { sources: parts.map(({ ref, kind, revision }) => ({ ref, kind, revision })) },
    files,
    findings: findingReports(findings),
    coverage: {
      filesListed: sum((part) => part.listed),
      filesScanned: sum((part) => part.filesScanned),
      bytesRead: sum((part) => part.bytesRead),
      requests: sum((part) => part.requests),
      problems,
      complete: problems.length === 0 && files.every(({ coverage }) => coverage.state === "full"),
    },
    evidence: evidenceOf(findings),
  };
}

function evidenceOf(findings: readonly Finding[]): readonly Evidence[] {
  const byId = new Map(findings.flatMap(({ evidence }) => evidence.map((piece) => [piece.id, piece] as const)));
  return [...byId.values()].sort((a, b) => compareText(a.source, b.source) || compareText(a.path, b.path) || compareText(a.id, b.id));
}
