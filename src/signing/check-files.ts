// The files that are here, held against those that were signed.
import { AjarError } from "../core/errors.ts";
import type { Refusal, Verification } from "../core/signature.ts";
import { belowAny, compareNames, withAncestors } from "../identity/root-digest.ts";
import { digestFiles, type FileDigests } from "./digest-files.ts";
import { type ModelTree, readModelTree, type TreeFile } from "./model-tree.ts";
import { nameFault, parseShardName, SINGLE_FILE } from "./names.ts";
import { Refused } from "./refused.ts";
import type { Resource, Statement } from "./statement.ts";

export interface CheckOptions {
  readonly modelPath: string;
  /** Left out without a word: git's own files and the signature itself. */
  readonly ignore: readonly string[];
  readonly ignoreByOption: readonly string[];
  readonly ignoreUnsigned: boolean;
  readonly allowSymlinks: boolean;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  readonly threads?: number;
}

type Checked = Pick<Verification, "refusals" | "filesVerified" | "uncovered">;
/** Path of a file -> what was signed of it. */
type Signed = ReadonlyMap<string, readonly Resource[]>;

/** @throws Refused | AjarError INTERRUPTED, NOT_FOUND, OVER_LIMIT */
export async function checkFiles(statement: Statement, options: CheckOptions): Promise<Checked> {
  const signed = byPath(statement);
  const tree = readModelTree(options.modelPath, { ...options, ignore: [...options.ignore, ...options.ignoreByOption] });
  const sorted = sortOut(statement, signed, tree, options);
  const { files, missing, added } = sorted;
  const isWanted = ({ name }: TreeFile): boolean => signed.has(name) || (missing.length > 0 && !options.ignoreUnsigned);
  const digests = await digestFiles(files.filter(isWanted), { ...options, hash: statement.hash, shardBytes: statement.shardBytes });
  const renames = renamesOf(signed, missing, added, digests);
  const byName = (a: string, b: string): number => compareNames(a, b);
  const refusals = [
    ...sorted.refusals,
    ...missing.map((path) => missingFile(path, signed, renames)),
    ...addedFiles(added, renames, options),
    ...digests.flatMap((digest) => changeOf(digest, signed.get(digest.file.name))),
  ];
  return {
    refusals: refusals.sort((a, b) => compareNames(a.path ?? "", b.path ?? "")),
    filesVerified: digests.filter((digest) => isAsSigned(digest, signed.get(digest.file.name))).length,
    uncovered: {
      bySigner: [...sorted.hidden].sort(byName),
      byOption: tree.ignored.filter(belowAny(options.ignoreByOption)).sort(byName),
      unsigned: options.ignoreUnsigned ? [...added.map(({ name }) => name), ...sorted.passedOver].sort(byName) : [],
    },
  };
}

/** @throws Refused for names that are no shards where shards were signed */
function byPath({ resources, shardBytes }: Statement): Signed {
  if (shardBytes === null) return new Map(resources.map((resource) => [resource.name, [resource]]));
  const signed = new Map<string, Resource[]>();
  for (const resource of resources) {
    const shard = parseShardName(resource.name);
    const isPath = shard !== null && nameFault(shard.path) === null;
    if (!isPath) throw new Refused("unsafe-name", { path: resource.name.slice(0, 300), detail: "not a shard" });
    const own = signed.get(shard.path) ?? [];
    own.push(resource);
    signed.set(shard.path, own);
  }
  return signed;
}

interface Sorted {
  /** Those that are to be as they were signed. */
  readonly files: readonly TreeFile[];
  /** Left out by the signer's own list. */
  readonly hidden: readonly string[];
  readonly missing: readonly string[];
  readonly added: readonly TreeFile[];
  readonly refusals: readonly Refusal[];
  /** What cannot be covered, and was not signed either, when that is accepted. */
  readonly passedOver: readonly string[];
}

function sortOut({ ignorePaths, shardBytes }: Statement, signed: Signed, tree: ModelTree, options: CheckOptions): Sorted {
  // The list is the signer's word; what it cannot mean is passed over, and what it hides is told.
  const hides = ignorePaths.filter((path) => nameFault(path) === null).map((path) => path.replace(/\/+$/u, ""));
  const isHidden = hides.includes(SINGLE_FILE) ? () => true : belowAny(hides);
  const isIgnored = belowAny([...options.ignore, ...options.ignoreByOption]);
  const files = tree.files.filter(({ name }) => !isHidden(name));
  const here = new Set(files.map(({ name }) => name));
  const isProblem = belowAny(tree.problems.flatMap(({ path }) => path ?? []));
  const left = [...signed.keys()].filter((name) => isIgnored(name) || isHidden(name));
  const leftOut = new Set(left);
  const prefixes = new Set([...signed.keys()].flatMap(withAncestors));
  const problems = tree.problems.filter(({ path = "" }) => !isHidden(path));
  const counts = ({ path = "" }: Refusal): boolean => !options.ignoreUnsigned || path === "" || prefixes.has(path);
  return {
    files,
    hidden: tree.files.filter(({ name }) => isHidden(name)).map(({ name }) => name),
    missing: [...signed.keys()].filter((name) => !here.has(name) && !leftOut.has(name) && !isProblem(name)),
    // Shards of an empty file are none, so that nobody can have signed it.
    added: files.filter(({ name, bytes }) => !signed.has(name) && (shardBytes === null || bytes.length > 0)),
    refusals: [...problems.filter(counts), ...left.map((path): Refusal => ({ reason: "ignored", path }))],
    passedOver: problems.flatMap((problem) => (counts(problem) ? [] : (problem.path ?? []))),
  };
}

function isAsSigned({ resources }: FileDigests, signed: readonly Resource[] | undefined): boolean {
  return signed !== undefined && !(resources instanceof AjarError) && firstDifference(resources, signed) === null;
}

function changeOf({ file, resources }: FileDigests, signed: readonly Resource[] | undefined): readonly Refusal[] {
  const path = file.name;
  if (resources instanceof AjarError) return [{ reason: "unreadable", path, detail: resources.message }];
  const difference = signed === undefined ? null : firstDifference(resources, signed);
  return difference === null ? [] : [{ reason: "changed", path, ...difference }];
}

/** Null when all pieces are the same. */
function firstDifference(actual: readonly Resource[], signed: readonly Resource[]): Pick<Refusal, "detail" | "expected" | "actual"> | null {
  const found = new Map(actual.map(({ name, digest }) => [name, digest]));
  const isOne = signed.length === 1 && actual.length === 1;
  for (const { name, digest } of signed) {
    const other = found.get(name);
    if (other !== digest)
      return { ...(isOne ? {} : { detail: name }), expected: digest, ...(other === undefined ? {} : { actual: other }) };
  }
  const known = new Set(signed.map(({ name }) => name));
  const more = actual.find(({ name }) => !known.has(name));
  return more === undefined ? null : { detail: more.name, actual: more.digest };
}

/** Missing path -> path of an added file with the same content, each of them once. */
function renamesOf(
  signed: Signed,
  missing: readonly string[],
  added: readonly TreeFile[],
  digests: readonly FileDigests[],
): ReadonlyMap<string, string> {
  const isAdded = new Set(added);
  const contents = new Map<string, string[]>();
  for (const { file, resources } of digests) {
    if (!isAdded.has(file) || resources instanceof AjarError) continue;
    const names = contents.get(contentOf(resources)) ?? [];
    names.push(file.name);
    contents.set(contentOf(resources), names);
  }
  const renames = new Map<string, string>();
  for (const path of missing) {
    const now = contents.get(contentOf(signed.get(path) ?? []))?.shift();
    if (now !== undefined) renames.set(path, now);
  }
  return renames;
}

function contentOf(resources: readonly Resource[]): string {
  return resources.map(({ digest }) => digest).join();
}

function missingFile(path: string, signed: Signed, renames: ReadonlyMap<string, string>): Refusal {
  const now = renames.get(path);
  if (now !== undefined) return { reason: "renamed", path, detail: now };
  const [first] = signed.get(path) ?? [];
  return { reason: "missing", path, ...(first === undefined ? {} : { expected: first.digest }) };
}

function addedFiles(added: readonly TreeFile[], renames: ReadonlyMap<string, string>, options: CheckOptions): readonly Refusal[] {
  if (options.ignoreUnsigned) return [];
  const renamed = new Set(renames.values());
  return added.filter(({ name }) => !renamed.has(name)).map(({ name }) => ({ reason: "added", path: name }));
}
