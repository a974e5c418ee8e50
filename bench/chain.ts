// License terms brought down a made-up hub of 10,000, 100,000 and 1,000,000 releases, by the code that an audit runs.
//   npm run bench:chain              prints releases a second of processor time, cost a release and its growth, distinct states, memory
//   npm run bench:chain -- --check   exits with 1 when a release costs over three times as much among 1,000,000 as among 10,000
// The peer is the same rules over one Map of licenses a release, as one would write them without shared states.
import { BIT, BITS, type Bits, permissionAt, settled } from "../src/chain/carry.ts";
import { type CompactGraph, groupsOf } from "../src/chain/graph.ts";
import { propagate } from "../src/chain/propagate.ts";
import { StateTable } from "../src/chain/states.ts";
import { TermsTable } from "../src/chain/terms-table.ts";
import { CHANNELS } from "../src/core/chain.ts";
import { USES } from "../src/core/terms.ts";
import { termsOf } from "../src/licenses/terms/terms.ts";
import { LICENSES, type MadeHub, madeHub } from "./chain-graph.ts";

const SIZES = [10_000, 100_000, 1_000_000] as const;
/** Runs of each size; the quickest counts, since other work only ever slows one down. */
const RUNS = 5;
/** Nodes up to which the peer is run: beyond, it takes minutes and memory. */
const PEER_LIMIT = 100_000;
const MAX_GROWTH = 3;

interface Measured {
  readonly seconds: number;
  readonly states: number;
  readonly permissions: readonly number[];
}

function run({ graph, licenses }: MadeHub): Measured {
  const start = process.cpuUsage();
  const table = new TermsTable(termsOf);
  const positions = LICENSES.map((id) => table.positionOf(id === "" ? "unknown" : id));
  const states = new StateTable(table);
  const ownStates = positions.map((position) => states.own([position]));
  const own = Int32Array.from(licenses, (license) => ownStates[license] ?? 0);
  const total = propagate(graph, own, states);
  const permissions = [0, 0, 0, 0];
  const commercial = USES.indexOf("commercial") * 2;
  for (const state of total) {
    const narrowness = (states.permissions(state) >> commercial) & 3;
    permissions[narrowness] = (permissions[narrowness] ?? 0) + 1;
  }
  return { seconds: secondsSince(start), states: states.count, permissions };
}

/** Processor time, all threads together: other work on the machine does not count, garbage collection does. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Without shared states: a Map from license to bits for every release, one release after the other. Cycles are cut. */
function peer({ graph, licenses }: MadeHub): number {
  const start = process.cpuUsage();
  const table = new TermsTable(termsOf);
  const positions = LICENSES.map((id) => table.positionOf(id === "" ? "unknown" : id));
  const total: (ReadonlyMap<number, Bits> | undefined)[] = [];
  const inherit = (bits: Map<number, Bits>, parent: ReadonlyMap<number, Bits>, channel: number): void => {
    for (const [license, from] of parent) {
      const step = table.step(license, from, channel);
      if (step !== 0) bits.set(license, (bits.get(license) ?? 0) | step);
    }
  };
  for (const node of groupsOf(graph).order) {
    const bits = new Map<number, Bits>([[positions[licenses[node] ?? 0] ?? 0, BIT.own]]);
    for (let at = graph.offsets[node] ?? 0; at < (graph.offsets[node + 1] ?? 0); at += 1) {
      inherit(bits, total[graph.parents[at] ?? 0] ?? new Map(), graph.channels[at] ?? 0);
    }
    for (const [license, of] of bits) bits.set(license, settled(of));
    total[node] = bits;
  }
  return secondsSince(start);
}

/** Depth of each release under its deepest parent, as shares, and the widest fan-out. */
function shapeOf(graph: CompactGraph): string {
  const depth = new Uint32Array(graph.count);
  const children = new Uint32Array(graph.count);
  const { order, ends } = groupsOf(graph);
  const cycles = graph.count - ends.reduce((sum, end) => sum + end, 0);
  for (const node of order) {
    for (let at = graph.offsets[node] ?? 0; at < (graph.offsets[node + 1] ?? 0); at += 1) {
      const parent = graph.parents[at] ?? 0;
      children[parent] = (children[parent] ?? 0) + 1;
      depth[node] = Math.max(depth[node] ?? 0, (depth[parent] ?? 0) + 1);
    }
  }
  const upTo4 = depth.filter((of) => of <= 4).length / graph.count;
  let deepest = 0;
  let widest = 0;
  for (const of of depth) deepest = Math.max(deepest, of);
  for (const of of children) widest = Math.max(widest, of);
  return `${graph.parents.length} relations, ${(100 * upTo4).toFixed(1)} % at depth 4 or less, deepest ${deepest}, widest ${widest}, ${cycles} cycles`;
}

const megabytes = (kilobytes: number): string => `${Math.round(kilobytes / 1024)} MiB`;
console.log(`${CHANNELS.length} channels, ${BITS.length} bits a license, ${LICENSES.length} licenses`);
const costs: number[] = [];
for (const size of SIZES) {
  const hub = madeHub(size);
  console.log(`\n${size} releases: ${shapeOf(hub.graph)}`);
  const runs = Array.from({ length: RUNS }, () => run(hub)).sort((a, b) => a.seconds - b.seconds);
  const [best] = runs;
  if (best === undefined) continue;
  const cost = (best.seconds * 1e9) / size;
  costs.push(cost);
  const rate = Math.round(size / best.seconds).toLocaleString("en-US");
  const growth = cost / (costs[0] ?? cost);
  console.log(
    `  ${rate} releases/s, ${cost.toFixed(0)} ns a release, ${growth.toFixed(2)} x the cost at ${SIZES[0]}, ${best.states} states`,
  );
  console.log(
    `  commercial use: ${best.permissions.map((of, at) => `${permissionAt(at)} ${((100 * of) / size).toFixed(1)} %`).join(", ")}`,
  );
  if (size <= PEER_LIMIT) {
    const slow = Math.min(peer(hub), peer(hub), peer(hub));
    console.log(`  a Map a release: ${(slow / best.seconds).toFixed(1)} x as long`);
  }
  console.log(`  peak memory so far ${megabytes(process.resourceUsage().maxRSS)}`);
}
const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
if (process.argv.includes("--check") && growth > MAX_GROWTH) {
  console.error(`a release costs ${growth.toFixed(2)} x as much among ${SIZES.at(-1)} as among ${SIZES[0]}, more than ${MAX_GROWTH}`);
  process.exitCode = 1;
}
