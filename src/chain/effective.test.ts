import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LICENSES, type MadeTerms, madeChain, madeLicenses, madeRecord } from "../../test/chain/made-up.ts";
import { plainly } from "../../test/chain/plainly.ts";
import type { EffectiveTerms, ReleaseChain } from "../core/chain.ts";
import { type Flow, type Permission, USES, type Use } from "../core/terms.ts";
import { narrownessOf, permissionAt } from "./carry.ts";
import { effectiveTerms } from "./effective.ts";
import type { TermsSource } from "./terms-table.ts";

const sourceOf =
  (licenses: Readonly<Record<string, MadeTerms>>): TermsSource =>
  (id) => {
    const made = Object.hasOwn(licenses, id) ? licenses[id] : undefined;
    return made === undefined ? null : madeRecord(id, made);
  };

const permissionsOf = ({ uses }: EffectiveTerms): Readonly<Record<string, Permission>> =>
  Object.fromEntries(USES.map((use) => [use, uses[use].permission]));

describe("effectiveTerms", () => {
  it("gives what the rules give when followed one by one, cycles and all", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, (chain, licenses) => {
        expect(permissionsOf(effectiveTerms(chain, sourceOf(licenses)))).toEqual(plainly(chain, sourceOf(licenses)));
      }),
      { numRuns: 400 },
    );
  });

  it("never allows more when a license on the way forbids more", () => {
    const narrower = fc.record({
      license: fc.constantFrom(...LICENSES),
      use: fc.constantFrom(...USES),
      channel: fc.constantFrom("derivatives" as const, "outputs" as const, "training" as const),
    });
    fc.assert(
      fc.property(madeChain, madeLicenses, narrower, (chain, licenses, { license, use, channel }) => {
        const before = effectiveTerms(chain, sourceOf(licenses));
        for (const changed of narrowed(licenses[license], use, channel)) {
          const after = effectiveTerms(chain, sourceOf({ ...licenses, [license]: changed }));
          for (const each of USES) {
            expect(narrownessOf(after.uses[each].permission)).toBeGreaterThanOrEqual(narrownessOf(before.uses[each].permission));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("never makes allowed what is unknown somewhere up the chain", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, fc.nat(), (chain, licenses, pick) => {
        const reached = [...ancestorsOf(chain)];
        const unread = reached[pick % reached.length];
        const [release, ...others] = chain.nodes.map((node) => (node.id === unread ? { ...node, licenses: ["nobody-read-it"] } : node));
        if (release === undefined) return;
        const { uses } = effectiveTerms({ ...chain, nodes: [release, ...others] }, sourceOf(licenses));
        for (const use of USES) {
          expect(["unknown", "forbidden"]).toContain(uses[use].permission);
          expect(uses[use].because.some(({ permission }) => permission === "unknown")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("does not depend on the order in which nodes and parents are named", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, fc.infiniteStream(fc.nat()), (chain, licenses, dice) => {
        const [release, ...others] = chain.nodes;
        const shuffled = { nodes: [release, ...shuffle(others, dice)] as const, edges: shuffle([...chain.edges, ...chain.edges], dice) };
        expect(effectiveTerms(shuffled, sourceOf(licenses))).toEqual(effectiveTerms(chain, sourceOf(licenses)));
      }),
    );
  });

  it("does not depend on what the nodes are called", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, fc.shuffledSubarray(NAMES, { minLength: NAMES.length }), (chain, licenses, names) => {
        const renamed = (id: string): string => names[Number(id.slice(1))] ?? id;
        const [release, ...others] = chain.nodes.map((node) => ({ ...node, id: renamed(node.id) }));
        if (release === undefined) return;
        const edges = chain.edges.map(({ child, parent, relation }) => ({ child: renamed(child), parent: renamed(parent), relation }));
        const one = effectiveTerms(chain, sourceOf(licenses));
        const two = effectiveTerms({ nodes: [release, ...others], edges }, sourceOf(licenses));
        expect(permissionsOf(two)).toEqual(permissionsOf(one));
        expect(outline(two, (id) => id)).toEqual(outline(one, renamed));
      }),
    );
  });

  it("follows a chain of 100,000 releases", () => {
    const length = 100_000;
    const nodes = Array.from({ length }, (_, at) => ({ id: `n${at}`, licenses: [at === length - 1 ? "A" : "B"] }));
    const edges = Array.from({ length: length - 1 }, (_, at) => ({ child: `n${at}`, parent: `n${at + 1}`, relation: "finetune" as const }));
    const open = { ...OPEN, flow: { ...OPEN.flow, derivatives: "notices" } } as const;
    const limited = {
      ...open,
      uses: { ...OPEN.uses, commercial: "forbidden" },
      flow: { ...OPEN.flow, derivatives: "restrictions" },
    } as const;
    const [release, ...others] = nodes;
    if (release === undefined) throw new Error("no nodes");
    const { uses } = effectiveTerms({ nodes: [release, ...others], edges }, sourceOf({ A: limited, B: open }));
    expect(uses.commercial.permission).toBe("forbidden");
    expect(uses.commercial.because[0]).toMatchObject({ license: "A", clause: "commercial", reach: "derived" });
    expect(uses.commercial.because[0].path).toHaveLength(length - 1);
    expect(uses.research.permission).toBe("allowed");
  });
});

const OPEN: MadeTerms = {
  uses: {
    commercial: "allowed",
    internal: "allowed",
    research: "allowed",
    redistribute: "allowed",
    "fine-tune": "allowed",
    "train-on-outputs": "allowed",
  },
  flow: { derivatives: "none", outputs: "none", training: "none" },
  ownFamily: false,
  duties: [],
};

const NAMES = Array.from({ length: 9 }, (_, at) => `name-${at}`);

/** Flows that take more along, one after the other. What is not known is no step on that way. */
const HARDER: readonly Flow[] = ["none", "notices", "underlying", "restrictions", "same-license", "no-sharing"];

/** The same license with one more restriction, in each way that there is. */
function narrowed(made: MadeTerms | undefined, use: Use, channel: keyof MadeTerms["flow"]): readonly MadeTerms[] {
  if (made === undefined) return [];
  const harder = HARDER.slice(HARDER.indexOf(made.flow[channel]) + 1);
  const later = [1, 2, 3].map(permissionAt).slice(narrownessOf(made.uses[use]));
  return [
    ...later.map((permission) => ({ ...made, uses: { ...made.uses, [use]: permission } })),
    ...(HARDER.includes(made.flow[channel]) ? harder.map((flow) => ({ ...made, flow: { ...made.flow, [channel]: flow } })) : []),
    { ...made, ownFamily: true },
  ];
}

function ancestorsOf({ nodes, edges }: ReleaseChain): ReadonlySet<string> {
  const reached = new Set([nodes[0].id]);
  for (const id of reached) for (const { child, parent } of edges) if (child === id) reached.add(parent);
  return reached;
}

function shuffle<T>(items: readonly T[], dice: Iterator<number>): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice((dice.next().value ?? 0) % left.length, 1));
}

/** Grounds and duties without the way they came, which may be one of several of equal length. */
function outline({ uses, duties }: EffectiveTerms, nameOf: (id: string) => string): readonly string[] {
  const end = (path: readonly { readonly node: string }[]): string => `${path.length} ${path.slice(-1).map(({ node }) => nameOf(node))}`;
  const grounds = USES.flatMap((use) =>
    uses[use].because.map(
      ({ license, clause, reach, permission, path }) => `${use} ${license} ${clause} ${reach} ${permission} ${end(path)}`,
    ),
  );
  return [
    ...grounds,
    ...duties.map(({ kind, license, reach, certain, path }) => `${kind} ${license} ${reach} ${certain} ${end(path)}`),
  ].sort();
}
