// The rules of src/chain/carry.ts over plain sets, node by node until nothing changes: no order, no groups, no shared states.
import { BIT, BITS, type Bits, narrownessOf, permissionAt, saidOf, settled, step } from "../../src/chain/carry.ts";
import { type TermsSource, TermsTable, UNKNOWN_LICENSE } from "../../src/chain/terms-table.ts";
import { CHANNEL_OF, type ChainEdge, type ReleaseChain } from "../../src/core/chain.ts";
import { type Permission, USES, type Use } from "../../src/core/terms.ts";

type Bearing = Map<number, Bits>;

/** Permissions of the first node of a chain. */
export function plainly(chain: ReleaseChain, terms: TermsSource): Readonly<Record<string, Permission>> {
  const table = new TermsTable(terms);
  const nodes = new Map(chain.nodes.map(({ id, licenses }) => [id, ownOf(licenses, table)]));
  untilStable(chain.edges, nodes, table);
  for (const of of nodes.values()) for (const [license, bits] of of) of.set(license, settled(bits));
  untilStable(chain.edges, nodes, table);
  const release = nodes.get(chain.nodes[0].id) ?? new Map();
  return Object.fromEntries(USES.map((use) => [use, permissionOf(release, table, use)]));
}

function ownOf(licenses: readonly string[], table: TermsTable): Bearing {
  const positions = licenses.length === 0 ? [UNKNOWN_LICENSE] : licenses.map((id) => table.positionOf(id));
  return new Map(positions.map((position) => [position, BIT.own]));
}

function untilStable(edges: readonly ChainEdge[], nodes: ReadonlyMap<string, Bearing>, table: TermsTable): void {
  while (edges.map((edge) => follow(edge, nodes, table)).includes(true));
}

/** Whether the child got anything new. */
function follow({ child, parent, relation }: ChainEdge, nodes: ReadonlyMap<string, Bearing>, table: TermsTable): boolean {
  const from = nodes.get(parent);
  const to = nodes.get(child);
  if (child === parent || from === undefined || to === undefined) return false;
  let isNew = false;
  for (const [license, bits] of from) {
    const record = table.recordAt(license);
    const before = to.get(license) ?? 0;
    const after = eachBit(bits).reduce((sum, bit) => sum | step(record, bit, CHANNEL_OF[relation]), before);
    isNew ||= after !== before;
    to.set(license, after);
  }
  return isNew;
}

function eachBit(bits: Bits): readonly Bits[] {
  return BITS.filter((bit) => (bits & bit) !== 0);
}

function permissionOf(bearing: Bearing, table: TermsTable, use: Use): Permission {
  const all = [...bearing].flatMap(([license, bits]) => eachBit(bits).map((bit) => saidOf(table.recordAt(license), bit, use)));
  return permissionAt(Math.max(...all.map((said) => narrownessOf(said?.permission ?? "allowed"))));
}
