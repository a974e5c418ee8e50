// Which files make one set of weights, and the digests of the sets and of the release. Pure.
import type { DigestedTensor, ReleaseWeights, UndigestedReason, WeightSet } from "../core/identity.ts";
import type { FileReference } from "../core/scan.ts";
import { compareText } from "../core/text.ts";
import { loadStates } from "../safety/loaded.ts";
import { resolvePath } from "../safety/paths.ts";
import { weightsDigest } from "./tensor-digest.ts";

/** One file with the digests of its tensors. */
export interface HashedWeights {
  readonly path: string;
  readonly format: string;
  readonly isWhole: boolean;
  readonly tensors: readonly (Omit<DigestedTensor, "sha256"> & { readonly digest: Uint8Array })[];
  readonly aliases: number;
  readonly undigested: ReadonlyMap<UndigestedReason, number>;
}

export interface WeighedRelease {
  readonly sets: readonly WeightSet[];
  readonly weights: ReleaseWeights | null;
  /** Tensor digest (hex) -> how often, over all sets that count. */
  readonly counts: ReadonlyMap<string, number>;
}

/** `model-00001-of-00003.safetensors`, `model-1-of-3.bin`: Hugging Face, llama.cpp and their like. */
const NUMBERED = /^(.*?)[-_.](\d{1,6})-of-(\d{1,6})(\.[^/]+)$/u;

/** `wantsList`: sets carry each of their tensors. */
export function weigh(
  files: readonly HashedWeights[],
  indexes: ReadonlyMap<string, readonly FileReference[]>,
  wantsList: boolean,
): WeighedRelease {
  const ids = setIds(files, indexes);
  const states = loadStates(files.map(({ path }) => ({ path, isUnderstood: true })));
  const groups = new Map<string, { readonly files: HashedWeights[]; counts: boolean }>();
  for (const [index, file] of files.entries()) {
    const id = ids.get(file.path) ?? file.path;
    const group = groups.get(id) ?? { files: [], counts: false };
    group.files.push(file);
    group.counts ||= states[index]?.loaded !== "no";
    groups.set(id, group);
  }
  const sets: WeightSet[] = [];
  const counts = new Map<string, number>();
  const elements = new Map<string, number>();
  for (const [id, group] of [...groups].sort(([a], [b]) => compareText(a, b))) {
    sets.push(setOf(id, group.files, group.counts, wantsList));
    if (group.counts) addGroup(group.files, counts, elements);
  }
  return { sets, weights: releaseWeights(sets, counts, elements), counts };
}

/** Path -> id of its set, for files that belong to an index or a numbered series. */
function setIds(files: readonly HashedWeights[], indexes: ReadonlyMap<string, readonly FileReference[]>): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { path } of files) {
    const match = NUMBERED.exec(path);
    if (match !== null) ids.set(path, `${match[1]}-*-of-${match[3]}${match[4]}`);
  }
  for (const [index, references] of [...indexes].sort(([a], [b]) => compareText(a, b))) {
    for (const reference of references) {
      const path = resolvePath(index, reference.path);
      if (path !== null) ids.set(path, index);
    }
  }
  return ids;
}

function setOf(id: string, files: readonly HashedWeights[], counts: boolean, wantsList: boolean): WeightSet {
  const tensors = files.flatMap((file) => file.tensors);
  const undigested = undigestedOf(files);
  return {
    id,
    format: [...new Set(files.map(({ format }) => format))].sort(compareText).join(", "),
    files: files.map(({ path }) => path).sort(compareText),
    counts,
    sha256: Object.keys(undigested).length === 0 ? hex(weightsDigest(tensors.map(({ digest }) => digest))) : null,
    tensors: tensors.length,
    elements: tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    aliases: files.reduce((sum, { aliases }) => sum + aliases, 0),
    undigested,
    ...(wantsList ? { list: listOf(tensors) } : {}),
  };
}

function undigestedOf(files: readonly HashedWeights[]): WeightSet["undigested"] {
  const sums: Partial<Record<UndigestedReason, number>> = {};
  for (const { undigested, isWhole } of files) {
    for (const [reason, count] of undigested) sums[reason] = (sums[reason] ?? 0) + count;
    if (!isWhole) sums.unseen = (sums.unseen ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => compareText(a, b)));
}

function listOf(tensors: HashedWeights["tensors"]): readonly DigestedTensor[] {
  return tensors
    .map(({ name, dtype, shape, digest }) => ({ name, dtype, shape, sha256: hex(digest) }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.sha256, b.sha256));
}

/** A second copy of the same weights in another set adds nothing. */
function addGroup(files: readonly HashedWeights[], counts: Map<string, number>, elements: Map<string, number>): void {
  const own = new Map<string, number>();
  for (const { digest, shape } of files.flatMap(({ tensors }) => tensors)) {
    const key = hex(digest);
    own.set(key, (own.get(key) ?? 0) + 1);
    elements.set(key, elementsOf(shape));
  }
  for (const [key, count] of own) counts.set(key, Math.max(count, counts.get(key) ?? 0));
}

function releaseWeights(
  sets: readonly WeightSet[],
  counts: ReadonlyMap<string, number>,
  elements: ReadonlyMap<string, number>,
): ReleaseWeights | null {
  const counted = sets.filter((set) => set.counts);
  if (counted.length === 0) return null;
  const isWhole = counted.every(({ sha256 }) => sha256 !== null);
  const digests = [...counts].flatMap(([key, count]) => Array.from({ length: count }, () => Buffer.from(key, "hex")));
  return {
    sha256: isWhole ? hex(weightsDigest(digests)) : null,
    tensors: digests.length,
    distinct: counts.size,
    elements: [...counts].reduce((sum, [key, count]) => sum + count * (elements.get(key) ?? 0), 0),
  };
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
