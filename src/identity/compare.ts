// Are two releases the same weights? Pure.
import type { DigestedFile, IdentityComparison, IdentityRelation, ReleaseIdentity } from "../core/identity.ts";
import { compareText } from "../core/text.ts";
import type { Identified } from "./identify.ts";

/** Lays two releases side by side; what was not read keeps the answer open where it could change it. */
export function compareIdentities(a: Identified, b: Identified): IdentityComparison {
  const left = a.identity;
  const right = b.identity;
  const both = [...a.tensors.keys()].filter((digest) => b.tensors.has(digest)).length;
  const tensors = { a: a.tensors.size, b: b.tensors.size, both };
  const files = fileCounts(left.files, right.files);
  const isIdentical = left.root.sha256 !== null && left.root.sha256 === right.root.sha256 && samePaths(left.files, right.files);
  const hasWeights = left.weights !== null || right.weights !== null || hasUnseen(left) || hasUnseen(right);
  const relation = isIdentical ? "identical" : hasWeights ? byTensors(left, right, tensors) : byFiles(left, right, files);
  return { relation, tensors, files, changed: changedPaths(left.files, right.files) };
}

type Counts = IdentityComparison["tensors"];

function byTensors(a: ReleaseIdentity, b: ReleaseIdentity, { a: ofA, b: ofB, both }: Counts): IdentityRelation {
  const wholeA = isWhole(a);
  const wholeB = isWhole(b);
  if (wholeA && wholeB) {
    if (a.weights?.sha256 === b.weights?.sha256) return "same-weights";
    if (both === ofA && both === ofB) return "same-tensors";
    return both > 0 ? "overlapping" : "different";
  }
  // A tensor that the other, seen whole, does not have: the weights differ whatever else there is.
  const differs = (wholeB && both < ofA) || (wholeA && both < ofB);
  return differs && both > 0 ? "overlapping" : "unknown";
}

function byFiles(a: ReleaseIdentity, b: ReleaseIdentity, { both }: Counts): IdentityRelation {
  if (both > 0) return "overlapping";
  return a.complete && b.complete ? "different" : "unknown";
}

/** All tensors of all weights that count have a digest, and no file could hold more. */
function isWhole(identity: ReleaseIdentity): boolean {
  return identity.weights?.sha256 != null && !hasUnseen(identity);
}

/** A file without content could hold weights. */
function hasUnseen({ files, listingProblem }: ReleaseIdentity): boolean {
  return listingProblem !== null || files.some(({ basis, withheld }) => basis !== "computed" || withheld !== undefined);
}

function samePaths(a: readonly DigestedFile[], b: readonly DigestedFile[]): boolean {
  return a.length === b.length && a.every(({ path }, index) => path === b[index]?.path);
}

/** By content, wherever it lies. */
function fileCounts(a: readonly DigestedFile[], b: readonly DigestedFile[]): Counts {
  const left = digestsOf(a);
  const right = digestsOf(b);
  return { a: left.size, b: right.size, both: [...left].filter((digest) => right.has(digest)).length };
}

function digestsOf(files: readonly DigestedFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ sha256 }) => sha256 ?? []));
}

function changedPaths(a: readonly DigestedFile[], b: readonly DigestedFile[]): readonly string[] {
  const right = new Map(b.map(({ path, sha256 }) => [path, sha256]));
  return a
    .filter(({ path, sha256 }) => {
      const other = right.get(path);
      return sha256 !== null && other !== undefined && other !== null && other !== sha256;
    })
    .map(({ path }) => path)
    .sort(compareText);
}
