// A chain of names as a compact graph.
import { CHANNEL_OF, type ChainStep, type ReleaseChain } from "../core/chain.ts";
import { compareText } from "../core/text.ts";
import { channelNumber } from "./carry.ts";
import type { CompactGraph } from "./graph.ts";
import { type TermsTable, UNKNOWN_LICENSE } from "./terms-table.ts";

export interface NamedGraph {
  readonly graph: CompactGraph;
  readonly table: TermsTable;
  /** Number of the release itself. */
  readonly release: number;
  /** Per node: positions of its licenses in the table. */
  readonly licenses: readonly (readonly number[])[];
  /** Per node: its licenses without a record, as stated. */
  readonly unknown: readonly (readonly string[])[];
  /** Per edge: what it is called. */
  readonly steps: readonly ChainStep[];
}

/** Nodes named twice are one with the licenses of both; edges to themselves or to nodes that are not there say nothing. */
export function compactChain(chain: ReleaseChain, table: TermsTable): NamedGraph {
  const licensesOf = new Map<string, Set<string>>();
  for (const { id, licenses } of chain.nodes) {
    const known = licensesOf.get(id) ?? new Set<string>();
    for (const license of licenses) known.add(license);
    licensesOf.set(id, known);
  }
  const ids = [...licensesOf.keys()];
  const numbers = new Map(ids.map((id, at) => [id, at]));
  const parents = ids.map((): (ChainStep & { readonly number: number })[] => []);
  for (const { child, parent, relation } of chain.edges) {
    const number = numbers.get(parent);
    const of = parents[numbers.get(child) ?? -1];
    if (number !== undefined && of !== undefined && child !== parent) of.push({ relation, node: parent, number });
  }
  const stated = [...licensesOf.values()].map((licenses) => (licenses.size === 0 ? ["unknown"] : [...licenses].sort(compareText)));
  return {
    ...withEdges(parents),
    table,
    release: 0,
    licenses: stated.map((licenses) => [...new Set(licenses.map((license) => table.positionOf(license)))]),
    unknown: stated.map((licenses) => licenses.filter((license) => table.positionOf(license) === UNKNOWN_LICENSE)),
  };
}

function withEdges(parents: readonly (ChainStep & { readonly number: number })[][]): Pick<NamedGraph, "graph" | "steps"> {
  const offsets = new Uint32Array(parents.length + 1);
  const steps: ChainStep[] = [];
  const numbers: number[] = [];
  const channels: number[] = [];
  parents.forEach((of, child) => {
    of.sort((a, b) => compareText(a.node, b.node) || compareText(a.relation, b.relation));
    for (const { relation, node, number } of of) {
      steps.push({ relation, node });
      numbers.push(number);
      channels.push(channelNumber(CHANNEL_OF[relation]));
    }
    offsets[child + 1] = steps.length;
  });
  const graph = { count: parents.length, offsets, parents: Uint32Array.from(numbers), channels: Uint8Array.from(channels) };
  return { graph, steps };
}
