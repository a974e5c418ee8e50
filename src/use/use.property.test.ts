import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LICENSES, type MadeTerms, madeChain, madeLicenses, madeRecord } from "../../test/chain/made-up.ts";
import { sampleReport } from "../../test/cli/sample-report.ts";
import type { TermsSource } from "../chain/terms-table.ts";
import type { ReleaseChain } from "../core/chain.ts";
import type { Report } from "../core/report.ts";
import { MEASURES, type SizeLimit, type TermsRecord, USES } from "../core/terms.ts";
import { ANSWERS, type Answer, type Asked } from "../core/use.ts";
import { answerUse } from "./use.ts";

const NONE = { holding: [], expired: [] } as const;

/** A limit on size that every conditional use of a license has. */
const madeLimit: fc.Arbitrary<SizeLimit> = fc.record({
  kind: fc.constant("size" as const),
  measure: fc.constantFrom(...MEASURES),
  above: fc.integer({ min: 0, max: 1000 }),
  counted: fc.constantFrom("always" as const, "release-date" as const),
  effect: fc.constantFrom("forbidden" as const, "separate-license" as const),
  clause: fc.constant("2"),
  summary: fc.constant("a limit"),
});

const madeLimits = fc.record({ A: madeLimit, B: madeLimit, C: madeLimit });
const madeQuestion: fc.Arbitrary<Asked> = fc.record({
  uses: fc.constant(USES),
  users: fc.integer({ min: 0, max: 1500 }),
  revenue: fc.integer({ min: 0, max: 20_000 }),
  asOf: fc.constant("2026-01-01"),
});

function sourceOf(licenses: Readonly<Record<string, MadeTerms>>, limits: Readonly<Record<string, SizeLimit>>): TermsSource {
  return (id) => {
    const made = Object.hasOwn(licenses, id) ? licenses[id] : undefined;
    if (made === undefined) return null;
    const record = madeRecord(id, made);
    const limit = limits[id];
    const uses = Object.fromEntries(
      USES.map((use) => {
        const term = record.uses[use];
        const conditions = term.permission === "conditional" && limit !== undefined ? [limit, ...term.conditions] : term.conditions;
        return [use, { ...term, conditions }];
      }),
    ) as TermsRecord["uses"];
    return { ...record, uses };
  };
}

/** A model with nothing but weights, under this chain. */
function reportOf({ nodes, edges }: ReleaseChain): Report {
  return {
    ...sampleReport,
    components: sampleReport.components.filter(({ id }) => id === "weights"),
    findings: [],
    coverage: { ...sampleReport.coverage, skipped: [], complete: true },
    chain: {
      nodes: nodes.map(({ id, licenses }) => ({
        id,
        name: id,
        licenses,
        resolution: licenses.length === 0 ? "unresolved" : "host",
        evidence: [],
      })),
      edges: edges.map((edge) => ({ ...edge, evidence: [] })),
      uses: [],
      duties: [],
      complete: nodes.every(({ licenses }) => licenses.length > 0),
    },
  };
}

function answersOf(chain: ReleaseChain, asked: Asked, terms: TermsSource): readonly Answer[] {
  return answerUse(reportOf(chain), asked, terms, NONE).answers.map(({ answer }) => answer);
}

/** No answer of `after` is wider than that of `before`. */
function expectNarrower(before: readonly Answer[], after: readonly Answer[]): void {
  const ranks = (answers: readonly Answer[]): readonly number[] => answers.map((answer) => ANSWERS.indexOf(answer));
  const wider = ranks(after).filter((rank, at) => rank < (ranks(before)[at] ?? 0));
  expect(wider).toEqual([]);
}

describe("answerUse", () => {
  it("never allows more to more users or to more revenue", () => {
    const more = fc.integer({ min: 1, max: 1500 });
    fc.assert(
      fc.property(madeChain, madeLicenses, madeLimits, madeQuestion, more, (chain, licenses, limits, asked, added) => {
        const terms = sourceOf(licenses, limits);
        const before = answersOf(chain, asked, terms);
        expectNarrower(before, answersOf(chain, { ...asked, users: (asked.users ?? 0) + added }, terms));
        expectNarrower(before, answersOf(chain, { ...asked, revenue: (asked.revenue ?? 0) + added * 12 }, terms));
      }),
      { numRuns: 300 },
    );
  });

  it("never allows more where a license forbids more, where a limit is added, or where a parent is", () => {
    const target = fc.record({ license: fc.constantFrom(...LICENSES), use: fc.constantFrom(...USES) });
    fc.assert(
      fc.property(madeChain, madeLicenses, madeLimits, madeQuestion, target, (chain, licenses, limits, asked, { license, use }) => {
        const made = licenses[license];
        if (made === undefined) return;
        const bare = answersOf(chain, asked, sourceOf(licenses, {}));
        const limited = answersOf(chain, asked, sourceOf(licenses, limits));
        expectNarrower(bare, limited);
        const forbidding = { ...licenses, [license]: { ...made, uses: { ...made.uses, [use]: "forbidden" as const } } };
        expectNarrower(limited, answersOf(chain, asked, sourceOf(forbidding, limits)));
        const [release] = chain.nodes;
        const parent = { id: "added", licenses: [license] };
        const longer: ReleaseChain = {
          nodes: [release, ...chain.nodes.slice(1), parent],
          edges: [...chain.edges, { child: release.id, parent: "added", relation: "merge" }],
        };
        // A parent of the family settles what may train only its own family, which is a reason to allow more.
        if (!Object.values(licenses).some(({ ownFamily }) => ownFamily))
          expectNarrower(limited, answersOf(longer, asked, sourceOf(licenses, limits)));
      }),
      { numRuns: 300 },
    );
  });

  it("never allows what somebody's unknown license covers, or what could not be read", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, madeLimits, madeQuestion, (chain, licenses, limits, asked) => {
        const [release, ...others] = chain.nodes;
        const unknown: ReleaseChain = {
          nodes: [{ ...release, licenses: [...release.licenses, "strange"] }, ...others],
          edges: chain.edges,
        };
        const terms = sourceOf(licenses, limits);
        expect(answersOf(unknown, asked, terms)).not.toContain("allowed");
        expect(answersOf({ nodes: [{ ...release, licenses: [] }, ...others], edges: chain.edges }, asked, terms)).not.toContain("allowed");
        const report = reportOf(chain);
        const partial = answerUse({ ...report, coverage: { ...report.coverage, complete: false } }, asked, terms, NONE);
        expect(partial.answers.map(({ answer }) => answer)).not.toContain("allowed");
      }),
      { numRuns: 300 },
    );
  });

  it("does not depend on the order of parents", () => {
    fc.assert(
      fc.property(madeChain, madeLicenses, madeLimits, madeQuestion, (chain, licenses, limits, asked) => {
        const [release, ...others] = chain.nodes;
        const turned: ReleaseChain = { nodes: [release, ...others.toReversed()], edges: chain.edges.toReversed() };
        const terms = sourceOf(licenses, limits);
        const [first, second] = [chain, turned].map((one) => answerUse(reportOf(one), asked, terms, NONE));
        expect(second?.answers).toEqual(first?.answers);
        expect(second?.duties).toEqual(first?.duties);
      }),
      { numRuns: 300 },
    );
  });
});
