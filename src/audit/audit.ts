// The pipeline and nothing else: source -> inventory -> facts -> components -> verdicts -> report.
import { setImmediate } from "node:timers/promises";
import { findConflicts } from "../components/findings.ts";
import { isForeign } from "../components/subject.ts";
import { weighComponents } from "../components/weigh.ts";
import { AjarError } from "../core/errors.ts";
import type { Fact } from "../core/fact.ts";
import type { Role, Skipped, SourceInventory } from "../core/inventory.ts";
import type { Finding, ReleaseView } from "../core/release.ts";
import type { Report, StandardId } from "../core/report.ts";
import type { Source, SourceContext, SourcePart, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { rolesByPath } from "../inventory/roles.ts";
import { takeInventory } from "../inventory/take.ts";
import { FilteredSource, type PathFilter, pathFilter } from "../sources/filtered.ts";
import { openSource } from "../sources/open.ts";
import { judge } from "../standards/judge.ts";
import { assembleReport } from "./assemble.ts";
import { detectorContext } from "./detector-context.ts";
import { detectors } from "./detectors.generated.ts";
import { providers } from "./providers.generated.ts";

export interface AuditPart {
  readonly part: SourcePart;
  readonly reference: string;
}

export interface AuditRequest {
  /** The targets that make one release, main target first. */
  readonly parts: readonly [AuditPart, ...AuditPart[]];
  readonly context: SourceContext;
  /** Other people's judgements (`mot:`, `osaii:`) count as observations. */
  readonly acceptClaims: boolean;
  /** Standards to judge; all when absent. */
  readonly standards?: readonly StandardId[];
  /** Globs over paths; files that none matches are neither listed nor read. All files when absent or empty. */
  readonly include?: readonly string[];
  /** Globs over paths that are neither listed nor read. Leaving something out makes the audit partial. */
  readonly exclude?: readonly string[];
}

interface PartResult {
  readonly inventory: SourceInventory;
  readonly requests: number;
  readonly bytesRead: number;
  readonly targetBytes: number | undefined;
  readonly transfer: SourceUsage["transfer"];
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
}

/**
 * Audits one release and returns its report; the same sources give the same report.
 * @throws AjarError when no report can be made: a bad reference, an unreachable target, nothing auditable
 */
export async function audit(request: AuditRequest): Promise<Report> {
  const results: PartResult[] = [];
  const filter = pathFilter(request.include ?? [], request.exclude ?? []);
  for (const part of request.parts) results.push(await auditPart(part, filter, request.context));
  const facts = results.flatMap((result) => result.facts);
  const inventories = results.map((result) => result.inventory);
  await setImmediate();
  request.context.signal.throwIfAborted();
  request.context.progress("judging");
  const components = weighComponents(facts, inventories);
  const findings = [...results.flatMap((result) => result.findings), ...findConflicts(facts, components, inventories)];
  const view: ReleaseView = {
    components,
    facts,
    findings,
    searchComplete: inventories.every((inventory) => inventory.listingComplete && inventory.skipped.every((skip) => !skip.partial)),
    acceptClaims: request.acceptClaims,
  };
  if (isForeign(view)) throw foreign(request.parts[0].reference, inventories);
  return assembleReport({
    reference: request.parts[0].reference,
    inventories,
    view,
    judgement: judge(view),
    standards: request.standards ?? null,
    bytesRead: sum(results.map((result) => result.bytesRead)),
    requests: sum(results.map((result) => result.requests)),
    targetBytes: results.every((result) => result.targetBytes === undefined) ? null : sum(results.map((result) => result.targetBytes ?? 0)),
    transfer: sameTransfer(results),
  });
}

function foreign(reference: string, inventories: readonly SourceInventory[]): AjarError {
  const files = sum(inventories.map(({ filesListed }) => filesListed));
  const message = `nothing of a model release in ${files} files: no weights, card, config, tokenizer or data, and no code that defines, trains, runs or evaluates a model`;
  const hint = "Name the folder, package or repository that holds the release; its parts with --weights, --code, --data and --docs.";
  return new AjarError("NOTHING_AUDITABLE", message, { subject: reference, hint });
}

async function auditPart(part: AuditPart, filter: PathFilter | null, context: SourceContext): Promise<PartResult> {
  context.progress(`opening ${part.reference}`);
  const source = await openSource(part.reference, context, providers);
  try {
    if (filter === null) return await observe(source, part.part, context);
    return await observeFiltered(new FilteredSource(source, filter, isDocument), part.part, context);
  } finally {
    await source.close();
  }
}

/** Roles whose files say what the others may be used for, or what they are. */
const DOCUMENTS: readonly Role[] = [
  "license",
  "policy",
  "model-card",
  "data-card",
  "readme",
  "document",
  "paper",
  "package-metadata",
  "host-record",
];

function isDocument(path: string): boolean {
  return rolesByPath(path).some((role) => DOCUMENTS.includes(role));
}

async function observeFiltered(source: FilteredSource, part: SourcePart, context: SourceContext): Promise<PartResult> {
  try {
    return await observe(source, part, context, () => source.excluded);
  } catch (cause) {
    if (!(cause instanceof AjarError) || cause.code !== "NOTHING_AUDITABLE" || source.excluded === null) throw cause;
    const hint = `The patterns left out ${source.excluded.detail ?? "all of it"}.`;
    throw new AjarError(cause.code, cause.message, { subject: source.ref, hint, cause });
  }
}

async function observe(
  source: Source,
  part: SourcePart,
  context: SourceContext,
  leftOut: () => Skipped | null = () => null,
): Promise<PartResult> {
  context.progress(`listing ${source.ref}`);
  const inventory = await takeInventory(source, part, { progress: context.progress, signal: context.signal });
  const excluded = leftOut();
  // A detector must not take what was left out for missing.
  const shared = detectorContext(source, excluded === null ? inventory : { ...inventory, listingComplete: false });
  const facts: Fact[] = [];
  const findings: Finding[] = [];
  const skipped: Skipped[] = [...inventory.skipped, ...(excluded === null ? [] : [excluded])];
  for (const detector of detectors) {
    // Detectors that only look at text never wait for anything; without a turn of the loop an interrupt is not heard.
    await setImmediate();
    context.signal.throwIfAborted();
    const detected = await detector.detect(shared);
    facts.push(...detected.facts);
    findings.push(...detected.findings);
    skipped.push(...(detected.skipped ?? []));
  }
  const { bytesRead, requests, packageBytes, transfer } = source.usage;
  const observed = { ...inventory, skipped: skipped.sort((a, b) => compareText(a.path, b.path)) };
  return { inventory: observed, facts, findings, bytesRead, requests, targetBytes: packageBytes, transfer };
}

/** How all sources that say it were transferred; null when none says or they differ. */
function sameTransfer(results: readonly PartResult[]): "ranges" | "whole" | null {
  const ways = new Set(results.flatMap(({ transfer }) => transfer ?? []));
  const [way] = ways;
  return ways.size === 1 && way !== undefined ? way : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
