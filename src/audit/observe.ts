// One target: opened, listed, shown to every detector, closed.
import { setImmediate } from "node:timers/promises";
import { AjarError } from "../core/errors.ts";
import type { Fact } from "../core/fact.ts";
import type { ReleaseIdentity } from "../core/identity.ts";
import type { Role, Skipped, SourceInventory } from "../core/inventory.ts";
import type { Finding } from "../core/release.ts";
import type { ScannedFile } from "../core/scan.ts";
import type { Source, SourceContext, SourcePart, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import type { Rows } from "../dataset/plan.ts";
import { rolesByPath } from "../inventory/roles.ts";
import { takeInventory } from "../inventory/take.ts";
import { FilteredSource, type PathFilter } from "../sources/filtered.ts";
import { openSource } from "../sources/open.ts";
import type { PartData } from "./data/release.ts";
import { detectorContext } from "./detector-context.ts";
import { detectors } from "./detectors.generated.ts";
import { HeadCache } from "./head-cache.ts";
import { providers } from "./providers.generated.ts";
import { isScanCandidate } from "./scan/candidates.ts";

/** A target and which part of a release it was given for. */
export interface AuditPart {
  readonly part: SourcePart;
  readonly reference: string;
}

/** What was seen of one target. */
export interface PartResult {
  readonly inventory: SourceInventory;
  readonly requests: number;
  readonly bytesRead: number;
  readonly targetBytes: number | undefined;
  readonly transfer: SourceUsage["transfer"];
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Files whose loading was looked at. */
  readonly files: readonly ScannedFile[];
  /** What the target is by its bytes, where that was asked for. */
  readonly identity?: ReleaseIdentity;
  /** What is in its data, where that was asked for. */
  readonly data?: PartData;
}

/** What is wanted beyond the documents. */
export interface Wishes {
  readonly identity?: boolean;
  readonly rows?: Rows;
}

/** Observes a whole target, or what a filter leaves of it. @throws AjarError when it cannot be had */
export async function observePart(
  part: AuditPart,
  filter: PathFilter | null,
  context: SourceContext,
  wishes: Wishes = {},
): Promise<PartResult> {
  context.progress(`opening ${part.reference}`);
  const opened = await openSource(part.reference, context, providers);
  const source = filter === null ? opened : new FilteredSource(opened, filter, isDocument);
  try {
    const result = await (source instanceof FilteredSource
      ? observeFiltered(source, part.part, context)
      : observe(source, part.part, context));
    const withDigests = wishes.identity === true ? await withIdentity(source, result, context) : result;
    return wishes.rows === undefined ? withDigests : await withData(source, withDigests, wishes.rows, context);
  } finally {
    await opened.close();
  }
}

/** Reads every byte that can be had. Loaded only where that was asked for. */
async function withIdentity(source: Source, result: PartResult, context: SourceContext): Promise<PartResult> {
  const { identifySource } = await import("./identity.ts");
  const { identity, findings, localBytes } = await identifySource(source, context);
  return {
    ...result,
    identity,
    findings: [...result.findings, ...findings],
    bytesRead: source.usage.bytesRead + localBytes,
    requests: source.usage.requests,
  };
}

/** Reads the data. Loaded only where that was asked for. */
async function withData(source: Source, result: PartResult, rows: Rows, context: SourceContext): Promise<PartResult> {
  const { measurePart } = await import("./data/release.ts");
  const data = await measurePart(source, result.inventory, rows, context);
  return { ...result, data, bytesRead: Math.max(result.bytesRead, source.usage.bytesRead), requests: source.usage.requests };
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

/** Observes an open source. @throws AjarError NOTHING_AUDITABLE, and whatever listing throws */
export async function observe(
  source: Source,
  part: SourcePart,
  context: SourceContext,
  leftOut: () => Skipped | null = () => null,
): Promise<PartResult> {
  context.progress(`listing ${source.ref}`);
  const inventory = await takeInventory(source, part, { progress: context.progress, signal: context.signal });
  const excluded = leftOut();
  // A detector must not take what was left out for missing.
  const reads = new HeadCache(source);
  const shared = detectorContext(reads, excluded === null ? inventory : { ...inventory, listingComplete: false });
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
  const scanned = inventory.artifacts.some(isScanCandidate) ? await scanRelease(reads, inventory, context) : NO_FILES;
  skipped.push(...scanned.skipped);
  const { bytesRead, requests, packageBytes, transfer } = source.usage;
  const observed = { ...inventory, skipped: skipped.sort((a, b) => compareText(a.path, b.path)) };
  const all = [...findings.filter((finding) => !isSaidAgain(finding, scanned.findings)), ...scanned.findings];
  return { inventory: observed, facts, findings: all, files: scanned.files, bytesRead, requests, targetBytes: packageBytes, transfer };
}

const NO_FILES = { files: [], findings: [], skipped: [] } as const;

/** Loaded only where there is something to scan. */
async function scanRelease(source: Pick<Source, "read">, inventory: SourceInventory, context: SourceContext) {
  const { scanForAudit } = await import("./scan/audit-files.ts");
  return await scanForAudit(source, inventory, context);
}

/** What a detector found odd in a header, the scan says with its own rule where it found it too. */
function isSaidAgain({ ruleId, path }: Finding, scanned: readonly Finding[]): boolean {
  return (ruleId === "formats/odd-header" || ruleId === "formats/index-mismatch") && scanned.some((finding) => finding.path === path);
}
