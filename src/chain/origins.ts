// Why a license bears on a release: the nodes that state it and the shortest way there.
import { BIT, BITS, type Bits, REACH_OF } from "./carry.ts";
import type { CompactGraph } from "./graph.ts";
import type { StateTable } from "./states.ts";

/** One node whose own license reaches the release. */
export interface Origin {
  readonly license: number;
  /** How it bears on the release, a single bit. */
  readonly bit: Bits;
  readonly node: number;
  /** Edges of the graph from the release up to `node`; empty for the release itself. */
  readonly path: readonly number[];
}

/** Nodes kept for each way a license bears on the release: the nearest say what the others would repeat. */
const MAX_ORIGINS = 16;

interface Place {
  readonly node: number;
  readonly bit: Bits;
  /** Position of the place it was reached from; -1 for the release. */
  readonly from: number;
  readonly edge: number;
}

/**
 * All origins of what bears on `release`, nearest first, found by going back from each bit to the bits that became it.
 * One search a bit, linear in nodes and edges.
 */
export function originsOf(graph: CompactGraph, release: number, total: Int32Array, states: StateTable): readonly Origin[] {
  const origins: Origin[] = [];
  for (let license = 0; license < states.table.size; license += 1) {
    const bits = states.bits(total[release] ?? 0, license);
    for (const bit of BITS) {
      if ((bits & bit) === 0 || !REACH_OF.has(bit)) continue;
      origins.push(...search({ graph, total, states, license }, release, bit));
    }
  }
  return origins;
}

interface Search {
  readonly graph: CompactGraph;
  readonly total: Int32Array;
  readonly states: StateTable;
  readonly license: number;
}

function search(context: Search, release: number, bit: Bits): readonly Origin[] {
  const places: Place[] = [{ node: release, bit, from: -1, edge: -1 }];
  const seen = new Set<string>();
  const origins = new Map<number, Origin>();
  for (let at = 0; at < places.length && origins.size < MAX_ORIGINS; at += 1) {
    const place = places[at];
    if (place === undefined) break;
    const key = `${place.node} ${place.bit}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (place.bit === BIT.own) {
      if (!origins.has(place.node)) origins.set(place.node, { license: context.license, bit, node: place.node, path: pathOf(places, at) });
      continue;
    }
    for (const source of before(context, place, at)) places.push(source);
  }
  return [...origins.values()];
}

/** Places one step further up from which this one may have come. */
function before({ graph, total, states, license }: Search, place: Place, from: number): readonly Place[] {
  const sources: Place[] = [];
  const end = graph.offsets[place.node + 1] ?? 0;
  for (let edge = graph.offsets[place.node] ?? 0; edge < end; edge += 1) {
    const node = graph.parents[edge] ?? place.node;
    if (node === place.node) continue;
    const bits = states.bits(total[node] ?? 0, license);
    for (const bit of BITS) {
      if ((bits & bit) === 0) continue;
      const became = states.table.step(license, bit, graph.channels[edge] ?? 0);
      const settles = place.bit === BIT.againstOutputs && (became & BIT.pending) !== 0;
      if ((became & place.bit) !== 0 || settles) sources.push({ node, bit, from, edge });
    }
  }
  return sources;
}

function pathOf(places: readonly Place[], end: number): readonly number[] {
  const path: number[] = [];
  for (let at = end; at !== -1; at = places[at]?.from ?? -1) {
    const edge = places[at]?.edge ?? -1;
    if (edge !== -1) path.push(edge);
  }
  return path.reverse();
}
