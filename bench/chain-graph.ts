// A made-up hub: releases with the licenses and relations that a hub has, drawn by a seeded generator, the same in every run.

import { channelNumber } from "../src/chain/carry.ts";
import type { CompactGraph } from "../src/chain/graph.ts";
import { CHANNEL_OF, type Relation } from "../src/core/chain.ts";

export interface MadeHub {
  readonly graph: CompactGraph;
  /** License of each release as its position in LICENSES. */
  readonly licenses: Uint8Array;
}

/** Licenses and their shares among base models, rounded from what hubs show; `` is a release that states none. */
const SHARES: readonly (readonly [string, number])[] = [
  ["Apache-2.0", 34],
  ["", 20],
  ["MIT", 12],
  ["LicenseRef-Llama-2-Community", 4],
  ["LicenseRef-Llama-3-Community", 3],
  ["LicenseRef-Llama-3.1-Community", 4],
  ["LicenseRef-Llama-3.2-Community", 2],
  ["LicenseRef-Gemma", 4],
  ["LicenseRef-CreativeML-OpenRAIL-M", 4],
  ["LicenseRef-OpenRAIL-PlusPlus-M", 2],
  ["CC-BY-NC-4.0", 3],
  ["CC-BY-4.0", 1],
  ["CC-BY-SA-4.0", 1],
  ["CC-BY-NC-SA-4.0", 1],
  ["LicenseRef-FLUX.1-dev-NC", 1],
  ["LicenseRef-Qwen-Research", 1],
  ["LicenseRef-Tongyi-Qianwen", 1],
  ["LicenseRef-BigCode-OpenRAIL-M", 1],
  ["GPL-3.0-only", 0.5],
  ["ODC-By-1.0", 0.5],
];
export const LICENSES = SHARES.map(([id]) => id);

const KINDS: readonly (readonly [Relation, number])[] = [
  ["quantized", 40],
  ["finetune", 32],
  ["adapter", 22],
  ["converted", 3],
  ["distilled", 1.5],
  ["base-model", 1.5],
];

/** Base models and data sets, one in this many releases. */
const ROOT_EVERY = 40;
/** Releases in chains that go on for long, as series of tunings of tunings do. */
const LONG_SHARE = 0.01;
const LONG_LENGTH = 2_000;
const MERGE_SHARE = 0.02;
const MAX_MERGED = 6;
/** Releases that name a data set as well. */
const DATA_SHARE = 0.15;
/** One pair of releases that name each other in this many. */
const CYCLE_EVERY = 5_000;

export function madeHub(count: number): MadeHub {
  const random = seeded(20_261_125);
  const licenses = new Uint8Array(count);
  const offsets = new Uint32Array(count + 1);
  const parents: number[] = [];
  const channels: number[] = [];
  const roots: number[] = [];
  const long = { tip: 0, left: 0 };
  const connect = (parent: number, relation: Relation): void => {
    parents.push(parent);
    channels.push(channelNumber(CHANNEL_OF[relation]));
  };
  for (let node = 0; node < count; node += 1) {
    offsets[node] = parents.length;
    const isRoot = node < 10 || node % ROOT_EVERY === 0;
    const first = isRoot ? -1 : firstParent(node, roots, long, random);
    licenses[node] = isRoot ? draw(SHARES, random()) : labelOf(licenses[first] ?? 0, random);
    if (isRoot) roots.push(node);
    else connectAll(node, first, roots, random, connect);
    // Two releases that name each other.
    if (node % CYCLE_EVERY === 1 && node + 1 < count) connect(node + 1, "finetune");
    if (node % CYCLE_EVERY === 2) connect(node - 1, "finetune");
  }
  offsets[count] = parents.length;
  return { graph: { count, offsets, parents: Uint32Array.from(parents), channels: Uint8Array.from(channels) }, licenses };
}

function firstParent(node: number, roots: readonly number[], long: { tip: number; left: number }, random: () => number): number {
  if (random() >= LONG_SHARE) return parentOf(node, roots, random);
  const first = long.left > 0 ? long.tip : parentOf(node, roots, random);
  long.left = long.left > 0 ? long.left - 1 : LONG_LENGTH;
  long.tip = node;
  return first;
}

function connectAll(
  node: number,
  first: number,
  roots: readonly number[],
  random: () => number,
  connect: (parent: number, relation: Relation) => void,
): void {
  connect(first, KINDS[draw(KINDS, random())]?.[0] ?? "finetune");
  if (random() < MERGE_SHARE) {
    const more = 1 + Math.floor(random() * (MAX_MERGED - 1));
    for (let nth = 0; nth < more; nth += 1) connect(parentOf(node, roots, random), "merge");
  }
  if (random() < DATA_SHARE) connect(roots[Math.floor(random() * roots.length)] ?? 0, "dataset");
}

/** A few base models have most of the children (a Zipf draw); one child in four is a child of a child, so most depths are 1 to 4. */
function parentOf(node: number, roots: readonly number[], random: () => number): number {
  if (random() < 0.28) return Math.floor(random() * node);
  const rank = Math.floor(roots.length ** random()) - 1;
  return roots[rank] ?? 0;
}

/** Six in ten keep the parent's label, the others say something permissive, or nothing. */
function labelOf(parent: number, random: () => number): number {
  const dice = random();
  if (dice < 0.6) return parent;
  if (dice < 0.8) return LICENSES.indexOf("");
  return dice < 0.93 ? LICENSES.indexOf("Apache-2.0") : LICENSES.indexOf("MIT");
}

function draw(shares: readonly (readonly [string, number])[], dice: number): number {
  let left = dice * shares.reduce((sum, [, share]) => sum + share, 0);
  for (let at = 0; at < shares.length; at += 1) {
    left -= shares[at]?.[1] ?? 0;
    if (left < 0) return at;
  }
  return 0;
}

/** mulberry32: 32 bits of state are plenty for a bench. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
