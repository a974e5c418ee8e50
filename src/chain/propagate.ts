// The one place where terms travel: over a graph of two releases in an audit, or of a million in the bench.
import { type CompactGraph, groupsOf } from "./graph.ts";
import type { State, StateTable } from "./states.ts";

/**
 * What bears on each node once everything has come down to it.
 * Linear in nodes and edges; a group of releases that derive from each other is repeated until nothing changes, which ends
 * because states only grow and are finite.
 * @param own state of each node by its own licenses
 */
export function propagate(graph: CompactGraph, own: Int32Array, states: StateTable): Int32Array {
  const total = Int32Array.from(own);
  const { order, ends } = groupsOf(graph);
  let start = 0;
  for (let at = 0; at < order.length; at += 1) {
    if (ends[at] !== 1) continue;
    if (at === start) {
      const node = order[at] ?? 0;
      total[node] = states.settle(inherited(graph, node, total, states));
    } else {
      settleGroup(graph, order.subarray(start, at + 1), total, states);
    }
    start = at + 1;
  }
  return total;
}

/** The node's state together with what comes from its parents. */
function inherited(graph: CompactGraph, node: number, total: Int32Array, states: StateTable): State {
  let state = total[node] ?? 0;
  const end = graph.offsets[node + 1] ?? 0;
  for (let at = graph.offsets[node] ?? 0; at < end; at += 1) {
    const parent = graph.parents[at] ?? node;
    if (parent !== node) state = states.union(state, states.step(total[parent] ?? 0, graph.channels[at] ?? 0));
  }
  return state;
}

/** A cycle. What is pending can only be judged once all else has gone round, and may then go round itself. */
function settleGroup(graph: CompactGraph, group: Uint32Array, total: Int32Array, states: StateTable): void {
  const children = childrenWithin(graph, group);
  untilStable(graph, group, children, total, states);
  for (const node of group) total[node] = states.settle(total[node] ?? 0);
  untilStable(graph, group, children, total, states);
}

function childrenWithin(graph: CompactGraph, group: Uint32Array): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>(Array.from(group, (node) => [node, []]));
  for (const node of group) {
    const end = graph.offsets[node + 1] ?? 0;
    for (let at = graph.offsets[node] ?? 0; at < end; at += 1) children.get(graph.parents[at] ?? node)?.push(node);
  }
  return children;
}

/** A node is looked at again only when one of its parents has changed. */
function untilStable(
  graph: CompactGraph,
  group: Uint32Array,
  children: ReadonlyMap<number, readonly number[]>,
  total: Int32Array,
  states: StateTable,
): void {
  let waiting: Set<number> = new Set(group);
  while (waiting.size > 0) {
    const next = new Set<number>();
    for (const node of waiting) {
      const state = inherited(graph, node, total, states);
      if (state === total[node]) continue;
      total[node] = state;
      for (const child of children.get(node) ?? []) next.add(child);
    }
    waiting = next;
  }
}
