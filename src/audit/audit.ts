// The pipeline and nothing else: source -> inventory -> facts -> components -> verdicts -> report.
import { setImmediate } from "node:timers/promises";
import { findConflicts } from "../components/findings.ts";
import { isForeign } from "../components/subject.ts";
import { weighComponents } from "../components/weigh.ts";
import type { DataReport } from "../core/dataset.ts";
import { AjarError } from "../core/errors.ts";
import { type Fact, factsOf } from "../core/fact.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { Finding, ReleaseView } from "../core/release.ts";
import type { Report, StandardId } from "../core/report.ts";
import type { SourceContext } from "../core/source.ts";
import { pathFilter } from "../sources/filtered.ts";
import { judge } from "../standards/judge.ts";
import { assembleReport } from "./assemble.ts";
import type { ChainOutcome, GivenParent } from "./follow-chain.ts";
import { type AuditPart, observePart, type PartResult, type Wishes } from "./observe.ts";

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
  /** `full`: every byte of the parts is read and the report says what they are by it. What listings state is enough when absent. */
  readonly digests?: "listed" | "full";
  /** Read the data too: all rows, or a sample of them. Only their files' names count when absent. */
  readonly rows?: "sample" | "full";
  /** Releases that this one derives from, observed beside it and not as parts of it. `name`: what this release calls it. */
  readonly parents?: readonly { readonly reference: string; readonly name?: string }[];
  /** Ask the hub about parents; by default only where the release itself is on the hub. */
  readonly follow?: boolean;
}

/**
 * Audits one release and returns its report; the same sources give the same report.
 * @throws AjarError when no report can be made: a bad reference, an unreachable target, nothing auditable
 */
export async function audit(request: AuditRequest): Promise<Report> {
  const results: PartResult[] = [];
  const filter = pathFilter(request.include ?? [], request.exclude ?? []);
  const wishes: Wishes = { identity: request.digests === "full", ...(request.rows === undefined ? {} : { rows: request.rows }) };
  for (const part of request.parts) results.push(await observePart(part, filter, request.context, wishes));
  const parents: GivenParent[] = [];
  for (const { reference, name } of request.parents ?? []) {
    const result = await observePart({ part: "all", reference }, null, request.context);
    parents.push({ name: name ?? null, relation: result.inventory.kind === "hub-dataset" ? "dataset" : "base-model", result });
  }
  const seen = results.flatMap((result) => result.facts);
  const inventories = results.map((result) => result.inventory);
  await setImmediate();
  request.context.signal.throwIfAborted();
  request.context.progress("judging");
  const components = weighComponents(seen, inventories);
  const data = await dataOf(results, request.rows, inventories, seen);
  const facts = [...seen, ...data.facts];
  const found = [...results.flatMap((result) => result.findings), ...data.findings];
  const findings = [...found, ...findConflicts(facts, components, inventories)];
  const observed: ReleaseView = {
    components,
    facts,
    findings,
    searchComplete: inventories.every((inventory) => inventory.listingComplete && inventory.skipped.every((skip) => !skip.partial)),
    acceptClaims: request.acceptClaims,
  };
  if (isForeign(observed)) throw foreign(request.parts[0].reference, inventories);
  const chain = await chainOf(results, parents, observed, request);
  const view = { ...observed, findings: [...findings, ...(chain?.findings ?? [])] };
  return assembleReport({
    reference: request.parts[0].reference,
    inventories,
    view,
    judgement: judge(view),
    files: results.flatMap(({ files, inventory }) => files.map((file) => ({ ...file, source: inventory.ref }))),
    identity: results.flatMap(({ identity }) => identity ?? []),
    data: data.report,
    standards: request.standards ?? null,
    chain,
    bytesRead: sum([...results, ...parents.map(({ result }) => result)].map((result) => result.bytesRead)) + (chain?.bytesRead ?? 0),
    requests: sum([...results, ...parents.map(({ result }) => result)].map((result) => result.requests)) + (chain?.requests ?? 0),
    targetBytes: results.every((result) => result.targetBytes === undefined) ? null : sum(results.map((result) => result.targetBytes ?? 0)),
    transfer: sameTransfer(results),
  });
}

interface SeenData {
  /** Null where there is none, or where nobody asked for it. */
  readonly report: DataReport | null;
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
}

const NO_DATA: SeenData = { report: null, findings: [], facts: [] };

/** What is in the data of all parts. Loaded only where that was asked for. */
async function dataOf(
  results: readonly PartResult[],
  rows: "sample" | "full" | undefined,
  inventories: readonly SourceInventory[],
  facts: readonly Fact[],
): Promise<SeenData> {
  if (rows === undefined) return NO_DATA;
  const { releaseData } = await import("./data/release.ts");
  const report = releaseData(
    results.flatMap(({ data }) => data ?? []),
    rows,
  );
  if (report.files.length === 0) return NO_DATA;
  const digests = new Map(results.flatMap(({ data }) => [...(data?.digests ?? [])]));
  const { dataFindings } = await import("./data/findings.ts");
  const { measuredFacts } = await import("./data/measured.ts");
  return { report, findings: dataFindings({ report, inventories, facts, digests }), facts: measuredFacts(report, inventories) };
}

/** Null where nothing says what the release derives from: its code and the terms of licenses are then not even loaded. */
async function chainOf(
  results: readonly PartResult[],
  given: readonly GivenParent[],
  { components, searchComplete }: ReleaseView,
  { context, follow }: AuditRequest,
): Promise<ChainOutcome | null> {
  const data = results.slice(1).filter(({ inventory }) => inventory.part === "data");
  const [main, ...others] = results.filter((result) => !data.includes(result));
  const isStated = results.some(({ facts }) => factsOf(facts, "relation").some(({ sibling }) => sibling !== true));
  if (main === undefined || (!isStated && given.length + data.length === 0)) return null;
  const { followChain } = await import("./follow-chain.ts");
  const parents = [...data.map((result) => ({ name: null, relation: "dataset", result }) as const), ...given];
  const isOnHub = main.inventory.kind === "hub-model" || main.inventory.kind === "hub-dataset";
  return await followChain({ results: [main, ...others], parents, components, context, follows: follow ?? isOnHub, searchComplete });
}

function foreign(reference: string, inventories: readonly SourceInventory[]): AjarError {
  const files = sum(inventories.map(({ filesListed }) => filesListed));
  const message = `nothing of a model release here (files: ${files}): no weights, card, config, tokenizer or data, and no code that defines, trains, runs or evaluates a model`;
  const hint = "Name the folder, package or repository that holds the release; its parts with --weights, --code, --data and --docs.";
  return new AjarError("NOTHING_AUDITABLE", message, { subject: reference, hint });
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
