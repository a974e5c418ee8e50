// The pipeline and nothing else: source -> inventory -> facts -> components -> verdicts -> report.
import { findConflicts } from "../components/findings.ts";
import { weighComponents } from "../components/weigh.ts";
import type { Fact } from "../core/fact.ts";
import type { Skipped, SourceInventory } from "../core/inventory.ts";
import type { Finding, ReleaseView } from "../core/release.ts";
import type { Report, StandardId } from "../core/report.ts";
import type { Source, SourceContext, SourcePart, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { takeInventory } from "../inventory/take.ts";
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
  for (const part of request.parts) results.push(await auditPart(part, request.context));
  const facts = results.flatMap((result) => result.facts);
  const inventories = results.map((result) => result.inventory);
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

async function auditPart(part: AuditPart, context: SourceContext): Promise<PartResult> {
  context.progress(`opening ${part.reference}`);
  const source = await openSource(part.reference, context, providers);
  try {
    return await observe(source, part.part, context);
  } finally {
    await source.close();
  }
}

async function observe(source: Source, part: SourcePart, context: SourceContext): Promise<PartResult> {
  context.progress(`listing ${source.ref}`);
  const inventory = await takeInventory(source, part, { progress: context.progress, signal: context.signal });
  const shared = detectorContext(source, inventory);
  const facts: Fact[] = [];
  const findings: Finding[] = [];
  const skipped: Skipped[] = [...inventory.skipped];
  for (const detector of detectors) {
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
