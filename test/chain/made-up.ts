// Licenses and chains made by code, for properties that hold whatever a license says.
import fc from "fast-check";
import { type ChainEdge, RELATIONS, type ReleaseChain } from "../../src/core/chain.ts";
import { type Condition, type Duty, type Flow, type Permission, type TermsRecord, USES, type Use } from "../../src/core/terms.ts";

/** What a made-up license says; the rest of its record is unknown. */
export interface MadeTerms {
  readonly uses: Readonly<Record<Use, Permission>>;
  readonly flow: Readonly<Record<keyof TermsRecord["flow"], Flow>>;
  /** Outputs may train only its own family. */
  readonly ownFamily: boolean;
  readonly duties: readonly Pick<Duty, "kind" | "on">[];
}

export function madeRecord(id: string, made: MadeTerms): TermsRecord {
  const silent = { clause: "", summary: "", answer: "unknown" } as const;
  const family: Condition = { kind: "own-family", family: id, clause: "9", summary: "for its own family" };
  const use = (name: Use) => {
    const conditions = name === "train-on-outputs" && made.ownFamily && made.uses[name] === "conditional" ? [family] : [];
    return { permission: made.uses[name], conditions, clause: name, summary: `${name} under ${id}` };
  };
  const flow = (channel: keyof TermsRecord["flow"]) => ({ flow: made.flow[channel], clause: channel, summary: channel });
  return {
    id,
    source: "https://example.org",
    annexes: [],
    reviewed: "2026-01-01",
    basis: "text",
    uses: {
      commercial: use("commercial"),
      internal: use("internal"),
      research: use("research"),
      redistribute: use("redistribute"),
      "fine-tune": use("fine-tune"),
      "train-on-outputs": use("train-on-outputs"),
    },
    duties: made.duties.map((duty) => ({ ...duty, clause: duty.kind, summary: duty.kind })),
    flow: { derivatives: flow("derivatives"), outputs: flow("outputs"), training: flow("training") },
    standing: {
      revocability: silent,
      termination: [silent],
      patent: silent,
      jurisdiction: silent,
      remoteRestriction: silent,
      changes: silent,
      outputs: silent,
      osi: silent,
      openData: silent,
      openContent: silent,
    },
  };
}

const permission = fc.constantFrom<Permission>("allowed", "conditional", "unknown", "forbidden");
const flow = fc.constantFrom<Flow>("same-license", "restrictions", "underlying", "notices", "no-sharing", "none", "unknown");
const duty = fc.record({
  kind: fc.constantFrom<Duty["kind"]>("license-text", "name-prefix", "share-alike", "pass-on-restrictions"),
  on: fc.subarray([...USES], { minLength: 1 }) as unknown as fc.Arbitrary<readonly [Use, ...Use[]]>,
});

const madeTerms: fc.Arbitrary<MadeTerms> = fc.record({
  uses: fc.record({
    commercial: permission,
    internal: permission,
    research: permission,
    redistribute: permission,
    "fine-tune": permission,
    "train-on-outputs": permission,
  }),
  flow: fc.record({ derivatives: flow, outputs: flow, training: flow }),
  ownFamily: fc.boolean(),
  duties: fc.array(duty, { maxLength: 3 }),
});

export const LICENSES = ["A", "B", "C"] as const;

export const madeLicenses: fc.Arbitrary<Readonly<Record<string, MadeTerms>>> = fc.record({ A: madeTerms, B: madeTerms, C: madeTerms });

/** Chains of up to nine nodes, with cycles, double edges, several licenses a node and none. */
export const madeChain: fc.Arbitrary<ReleaseChain> = fc.integer({ min: 1, max: 9 }).chain((size) => {
  const id = fc.integer({ min: 0, max: size - 1 }).map((at) => `n${at}`);
  const edge: fc.Arbitrary<ChainEdge> = fc.record({ child: id, parent: id, relation: fc.constantFrom(...RELATIONS) });
  const licenses = fc.array(fc.subarray(["A", "B", "C", "strange"], { maxLength: 2 }), { minLength: size, maxLength: size });
  return fc.tuple(licenses, fc.array(edge, { maxLength: 14 })).map(([all, edges]): ReleaseChain => {
    const [first = { id: "n0", licenses: [] }, ...nodes] = all.map((of, at) => ({ id: `n${at}`, licenses: of }));
    return { nodes: [first, ...nodes], edges };
  });
});
