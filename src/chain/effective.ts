// What all licenses of a chain allow and ask together, each term with the clause and the way it came.
import {
  type ChainStep,
  type EffectiveCondition,
  type EffectiveDuty,
  type EffectiveTerms,
  type EffectiveUse,
  type Ground,
  REACHES,
  type ReleaseChain,
  type TermOrigin,
} from "../core/chain.ts";
import { type Clause, type TermsRecord, USES, type Use } from "../core/terms.ts";
import { compareText } from "../core/text.ts";
import { type Bits, dutiesOf, narrownessOf, REACH_OF, saidOf } from "./carry.ts";
import { compactChain, type NamedGraph } from "./named-graph.ts";
import { type Origin, originsOf } from "./origins.ts";
import { propagate } from "./propagate.ts";
import { StateTable } from "./states.ts";
import { type TermsSource, TermsTable, UNKNOWN_LICENSE } from "./terms-table.ts";

/**
 * Follows the terms of every license in a chain down to the release, which is its first node. Permissions combine to the
 * narrowest, duties and conditions unite. A license without a record of terms is unknown, and unknown never becomes allowed.
 */
export function effectiveTerms(chain: ReleaseChain, terms: TermsSource): EffectiveTerms {
  return termsOfBearings(bearingsOn(chain, terms));
}

/** One license that bears on the release, with the words for it. */
export interface Bearing {
  readonly record: TermsRecord;
  /** How it bears, a single bit. */
  readonly bit: Bits;
  readonly label: Omit<TermOrigin, keyof Clause>;
}

/** Every license that bears on the first node of a chain, each way it does, nearest first. */
export function bearingsOn(chain: ReleaseChain, terms: TermsSource): readonly Bearing[] {
  const table = new TermsTable(terms);
  const named = compactChain(chain, table);
  const states = new StateTable(table);
  const own = Int32Array.from(named.licenses, (licenses) => states.own(licenses));
  const total = propagate(named.graph, own, states);
  return originsOf(named.graph, named.release, total, states)
    .flatMap((origin) => bearingsOf(origin, named))
    .sort(byDistance);
}

/** What all those licenses allow and ask together. */
export function termsOfBearings(bearings: readonly Bearing[]): EffectiveTerms {
  return {
    uses: Object.fromEntries(USES.map((use) => [use, effectiveUse(bearings, use)])) as Record<Use, EffectiveUse>,
    duties: bearings.flatMap(effectiveDuties),
  };
}

/** One for each license of the node that has no record, since all of those share a position in the table. */
function bearingsOf(origin: Origin, named: NamedGraph): readonly Bearing[] {
  const reach = REACH_OF.get(origin.bit) ?? "possible";
  const path = origin.path.map((edge): ChainStep => named.steps[edge] ?? { relation: "base-model", node: "" });
  const record = named.table.recordAt(origin.license);
  const names = origin.license === UNKNOWN_LICENSE ? (named.unknown[origin.node] ?? []) : [record.id];
  return names.map((license) => ({ record, bit: origin.bit, label: { license, reach, path } }));
}

function byDistance(a: Bearing, b: Bearing): number {
  return (
    a.label.path.length - b.label.path.length ||
    compareText(a.label.license, b.label.license) ||
    REACHES.indexOf(a.label.reach) - REACHES.indexOf(b.label.reach) ||
    compareText(placesOf(a), placesOf(b))
  );
}

function placesOf({ label }: Bearing): string {
  return label.path.map(({ node, relation }) => `${node} ${relation}`).join("\n");
}

function effectiveUse(bearings: readonly Bearing[], use: Use): EffectiveUse {
  const grounds: Ground[] = [];
  const conditions: EffectiveCondition[] = [];
  for (const { record, bit, label } of bearings) {
    const said = saidOf(record, bit, use);
    if (said === null) continue;
    grounds.push({ ...label, ...clauseOf(said), permission: said.permission });
    if (said.permission === "forbidden") continue;
    const certain = label.reach !== "possible";
    conditions.push(...said.conditions.map((condition) => ({ ...condition, ...label, certain })));
  }
  // The release itself always has a license, known or not, so there is a first ground.
  grounds.sort((a, b) => narrownessOf(b.permission) - narrownessOf(a.permission));
  const [first = UNKNOWN_GROUND, ...others] = grounds;
  return { permission: first.permission, because: [first, ...others], conditions };
}

const UNKNOWN_GROUND: Ground = { license: "unknown", clause: "", summary: "", reach: "own", path: [], permission: "unknown" };

function clauseOf(said: Clause): Clause {
  const { clause, summary } = said;
  return said.in === undefined ? { clause, summary } : { clause, summary, in: said.in };
}

function effectiveDuties({ record, bit, label }: Bearing): readonly EffectiveDuty[] {
  const certain = label.reach !== "possible";
  return dutiesOf(record, bit).map((duty) => ({ ...duty, ...label, certain }));
}
