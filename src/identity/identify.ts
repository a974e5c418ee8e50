// A release by its bytes: lists a source, reads the headers of its weights, hashes every content once, and weighs the result.
import { AjarError } from "../core/errors.ts";
import type { DigestedFile, ReleaseIdentity, RootDigest, UndigestedReason, Withheld } from "../core/identity.ts";
import type { Source, SourceEntry } from "../core/source.ts";
import { type HashOptions, type HashOutcome, hashContents } from "./hash-contents.ts";
import { tensorDigestAt } from "./hash-pool.ts";
import { type HashJob, type HashPlan, planJobs } from "./jobs.ts";
import { readWeights, type WeightFile, type WeightFiles } from "./read-weights.ts";
import { rootDigest } from "./release-root.ts";
import { type HashedWeights, type WeighedRelease, weigh } from "./weight-sets.ts";

export interface IdentifyOptions extends HashOptions {
  /** Digests of tensors and weights too, not of files alone. */
  readonly tensors: boolean;
  /** Sets carry each of their tensors. */
  readonly list: boolean;
  /** Where somebody states a digest, take it and leave the content unread. */
  readonly stated: boolean;
}

export interface Identified {
  readonly identity: ReleaseIdentity;
  /** Tensor digest (hex) -> how often, over all weights that count. */
  readonly tensors: ReadonlyMap<string, number>;
  /** Bytes read that `Source.usage` does not count. */
  readonly localBytes: number;
}

/** Records of what a host said are no files of the release. */
const HOST = "@host/";

/** @throws AjarError INTERRUPTED, and whatever listing the source throws; a file that cannot be read is part of the answer */
export async function identify(source: Source, options: IdentifyOptions): Promise<Identified> {
  const entries = await listed(source, options);
  const wanted = entries.filter((entry) => entry.content === "readable" && !(options.stated && statedOf(entry) !== undefined));
  const weights: WeightFiles = options.tensors ? await readHeaders(source, wanted, options) : { files: [], indexes: new Map() };
  const plan = await planJobs(source, new Map(wanted.map((entry) => [entry.path, entry])), weights.files);
  const { outcomes, localBytes } = await hashContents(source, plan.jobs, options);
  const weighed = weigh(hashedWeights(weights.files, plan, outcomes), weights.indexes, options.list);
  const byPath = new Map(plan.jobs.flatMap((job, index) => (job.member === null ? [[job.path, outcomes[index]] as const] : [])));
  const files = entries.map((entry) => digestedFile(entry, byPath.get(entry.path)));
  const root = await rootDigest(source, files);
  return { identity: identityOf(source, files, root, weighed), tensors: weighed.counts, localBytes };
}

async function listed(source: Source, { signal, progress }: IdentifyOptions): Promise<readonly SourceEntry[]> {
  progress(`listing ${source.ref}`);
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) {
    if (signal.aborted) throw new AjarError("INTERRUPTED", "interrupted while listing");
    if (!entry.path.startsWith(HOST)) entries.push(entry);
  }
  return entries;
}

async function readHeaders(source: Source, entries: readonly SourceEntry[], options: IdentifyOptions): Promise<WeightFiles> {
  options.progress("reading headers");
  return await readWeights(source, entries, options.signal);
}

function statedOf(entry: SourceEntry): string | undefined {
  return entry.sha256 ?? entry.claimedSha256;
}

function digestedFile(entry: SourceEntry, outcome: HashOutcome | undefined): DigestedFile {
  const { path, sizeBytes, claimedSha256 } = entry;
  const common = { path, sizeBytes };
  if (outcome !== undefined && !(outcome instanceof AjarError) && outcome.file !== null) {
    const sha256 = Buffer.from(outcome.file).toString("hex");
    return { ...common, sha256, basis: "computed", ...(claimedSha256 === undefined ? {} : { claimedSha256 }) };
  }
  // Not content that was read and failed: then what others state of it is no answer.
  if (outcome === undefined && entry.sha256 !== undefined) return { ...common, sha256: entry.sha256, basis: "computed" };
  if (outcome === undefined && claimedSha256 !== undefined) {
    const withheld = entry.content === "readable" ? {} : { withheld: { code: entry.content } };
    return { ...common, sha256: claimedSha256, basis: "stated", ...withheld };
  }
  return { ...common, sha256: null, basis: null, withheld: withheldOf(entry, outcome) };
}

function withheldOf(entry: SourceEntry, outcome: HashOutcome | undefined): Withheld {
  if (outcome instanceof AjarError) return { code: outcome.code, detail: outcome.message };
  return { code: entry.content, ...(entry.target === undefined ? {} : { detail: entry.target }) };
}

/** Digests sorted out by the files that name the tensors. */
function hashedWeights(files: readonly WeightFile[], plan: HashPlan, outcomes: readonly HashOutcome[]): readonly HashedWeights[] {
  const tensors = new Map(files.map((file) => [file, [] as HashedWeights["tensors"][number][]]));
  const undigested = new Map(files.map((file) => [file, new Map(file.plan.undigested)]));
  const miss = (owner: WeightFile, reason: UndigestedReason): void => {
    const reasons = undigested.get(owner);
    reasons?.set(reason, (reasons.get(reason) ?? 0) + 1);
  };
  for (const { owner, reason } of plan.undigested) miss(owner, reason);
  for (const [index, job] of plan.jobs.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome instanceof AjarError) for (const { owner } of job.spans) miss(owner, "unread");
    else addDigests(job, outcome, tensors);
  }
  return files.map((file) => ({
    path: file.path,
    format: file.format,
    isWhole: file.isWhole,
    tensors: tensors.get(file) ?? [],
    aliases: file.plan.aliases,
    undigested: undigested.get(file) ?? new Map(),
  }));
}

function addDigests(
  job: HashJob,
  outcome: Exclude<HashOutcome, AjarError>,
  tensors: Map<WeightFile, HashedWeights["tensors"][number][]>,
): void {
  for (const [at, { owner, tensor }] of job.spans.entries()) {
    const { name, shape, span } = tensor;
    tensors.get(owner)?.push({ name, shape, dtype: span.dtype, digest: tensorDigestAt(outcome, at) });
  }
}

function identityOf(source: Source, files: readonly DigestedFile[], root: RootDigest, weighed: WeighedRelease): ReleaseIdentity {
  const { ref, kind, revision, listingComplete, listingProblem } = source;
  const { sets, weights } = weighed;
  const complete = listingComplete && files.every(({ basis, withheld }) => basis !== null && withheld === undefined);
  return { ref, kind, revision, root, weights, sets, files, complete, listingProblem };
}
