import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APACHE, aspect, LLAMA2, license, release, seen, state } from "../../test/standards/release-view.ts";
import { type Availability, COMPONENT_IDS, type ComponentId, type Openness } from "../core/component.ts";
import { DATA_ASPECTS, type Fact } from "../core/fact.ts";
import type { ComponentState, CoveringLicense, ReleaseView } from "../core/release.ts";
import type { Message, Outcome } from "../core/report.ts";
import { loadRules } from "../rules/load.ts";
import { judge } from "./judge.ts";

const RUNS = { numRuns: 300 };
const AVAILABILITIES: readonly Availability[] = ["found", "elsewhere", "gated", "claimed", "absent", "unknown"];
const OPENNESS: readonly Openness[] = ["open", "restricted", "closed", "unknown"];
const LICENSES: readonly CoveringLicense[] = [
  APACHE,
  LLAMA2,
  license("CC-BY-4.0", "open-content"),
  license("CC-BY-NC-4.0", "non-commercial", [{ term: "non-commercial", clause: "2" }]),
  license("modified MIT", null),
  license("WTFPL", "unapproved-permissive"),
];
const USAGE = ["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"] as const;

const componentOf = (id: ComponentId): fc.Arbitrary<ComponentState> =>
  fc
    .record({
      availability: fc.constantFrom(...AVAILABILITIES),
      openness: fc.constantFrom(...OPENNESS),
      licenses: fc.subarray([...LICENSES], { maxLength: 2 }),
      partial: fc.boolean(),
    })
    .map(({ availability, openness, licenses, partial }) => ({ ...state(id, availability, openness, licenses), partial }));

const statement: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom(...DATA_ASPECTS).map(aspect),
  fc.constantFrom(...USAGE).map((topic): Fact => ({ kind: "usage-info", topic, evidence: [seen(`card#${topic}`)], detector: "made-up@1" })),
  fc
    .constantFrom("copyright-policy" as const, "training-content-summary" as const)
    .map((duty): Fact => ({ kind: "duty", duty, evidence: [seen(`policy#${duty}`)], detector: "made-up@1" })),
);

const views: fc.Arbitrary<ReleaseView> = fc
  .record({
    components: fc.tuple(...COMPONENT_IDS.map(componentOf)),
    facts: fc.array(statement, { maxLength: 6 }),
    searchComplete: fc.boolean(),
  })
  .map(({ components, facts, searchComplete }) => release(components, facts, { searchComplete }));

function outcomes(view: ReleaseView): ReadonlyMap<string, Outcome> {
  const all = new Map<string, Outcome>();
  for (const { standard, profile, result, criteria } of judge(view).verdicts) {
    all.set(`${standard} ${profile ?? ""}`, result);
    for (const criterion of criteria) all.set(`${profile ?? ""} ${criterion.id}`, criterion.result);
  }
  return all;
}

function with_(view: ReleaseView, component: ComponentState): ReleaseView {
  return { ...view, components: new Map(view.components).set(component.id, component) };
}

function changes(before: ReleaseView, after: ReleaseView, from: Outcome, to: Outcome): readonly string[] {
  const later = outcomes(after);
  return [...outcomes(before)].filter(([id, outcome]) => outcome === from && later.get(id) === to).map(([id]) => id);
}

describe("judge", () => {
  it("never turns met into not-met when something more is seen", () => {
    fc.assert(
      fc.property(views, fc.constantFrom(...COMPONENT_IDS), statement, (view, id, fact) => {
        const { availability, openness, licenses } = view.components.get(id) ?? state(id, "unknown");
        const isMissing = availability !== "found" && availability !== "elsewhere" && availability !== "gated";
        const richer = isMissing ? with_(view, { ...state(id, "found", openness, licenses) }) : view;
        expect(changes(view, { ...richer, facts: [...view.facts, fact] }, "met", "not-met")).toEqual([]);
      }),
      RUNS,
    );
  });

  it("never turns not-met or unknown into met when a restriction is added", () => {
    fc.assert(
      fc.property(views, fc.constantFrom(...COMPONENT_IDS), (view, id) => {
        const before = view.components.get(id) ?? state(id, "unknown");
        if (before.licenses.length === 0) return;
        // Terms that nobody knew before stay so: learning that they are restricted is learning more of what is there.
        const openness = before.openness === "open" ? "restricted" : before.openness;
        const narrower = with_(view, { ...before, openness, licenses: [...before.licenses, LLAMA2] });
        const unsettled = with_(view, { ...before, licenses: [...before.licenses, LLAMA2] });
        for (const after of [narrower, unsettled]) {
          expect(changes(view, after, "not-met", "met")).toEqual([]);
          expect(changes(view, after, "unknown", "met")).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it("never makes anything met by losing sight of a component or a statement", () => {
    fc.assert(
      fc.property(views, fc.constantFrom(...COMPONENT_IDS), fc.nat(), (view, id, index) => {
        const blind = with_(view, state(id, "unknown"));
        const poorer = { ...blind, facts: view.facts.filter((_, at) => at !== index % Math.max(view.facts.length, 1)) };
        expect(changes(view, poorer, "unknown", "met")).toEqual([]);
        expect(changes(view, poorer, "not-met", "met")).toEqual([]);
      }),
      RUNS,
    );
  });

  it("never says not-met for absence when the search was incomplete", () => {
    fc.assert(
      fc.property(views, (view) => {
        const absent = new Map(COMPONENT_IDS.map((id) => [id, state(id, "absent")] as const));
        const results = [...outcomes({ ...view, components: absent, searchComplete: false }).values()];
        expect(results).not.toContain("not-met");
      }),
      RUNS,
    );
  });

  it("calls nothing open whose weights are not open, and nothing that a criterion of OSAID fails", () => {
    fc.assert(
      fc.property(views, (view) => {
        const { headline, verdicts } = judge(view);
        if (headline.word !== "open") return;
        expect(view.components.get("weights")?.openness).toBe("open");
        expect(verdicts.find(({ standard }) => standard === "osaid-1.0")?.result).not.toBe("not-met");
      }),
      RUNS,
    );
  });

  it("is a function of the view", () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(JSON.stringify(judge(view))).toBe(JSON.stringify(judge(view)));
      }),
      { numRuns: 50 },
    );
  });

  it("says nothing that the three languages lack, and gives every argument they ask for", () => {
    const catalogs = ["en", "zh-Hans", "zh-Hant"].map((language) => texts(language));
    fc.assert(
      fc.property(views, (view) => {
        const { verdicts, headline, gaps } = judge(view);
        const criteria = verdicts.flatMap((one) => one.criteria);
        const said = [
          ...headline.because,
          ...gaps.flatMap((gap) => gap.do),
          ...criteria.flatMap((one) => [...one.because, ...(one.missing ?? [])]),
        ];
        for (const catalog of catalogs) {
          expect(said.filter((message) => !isSayable(message, catalog)).map((message) => message.id)).toEqual([]);
          expect(criteria.filter(({ id }) => !catalog.has(id))).toEqual([]);
        }
      }),
      RUNS,
    );
  });
});

describe("messages/standards", () => {
  it("hold the same ids with the same arguments in three languages", () => {
    const [en, ...others] = ["en", "zh-Hans", "zh-Hant"].map((language) => texts(language));
    const shape = (catalog: ReadonlyMap<string, string> | undefined): readonly string[] =>
      [...(catalog ?? [])].map(([id, text]) => `${id} ${argumentsOf(text).sort().join()}`);
    for (const other of others) expect(shape(other)).toEqual(shape(en));
  });
});

function texts(language: string): ReadonlyMap<string, string> {
  const area = loadRules(`messages/${language}`).get("standards");
  return new Map(Object.entries(area ?? {}).map(([id, text]) => [id, String(text)]));
}

function argumentsOf(text: string): string[] {
  return Array.from(text.matchAll(/\{([a-zA-Z-]+)\}/gu), (match) => match[1] ?? "");
}

function isSayable(message: Message, catalog: ReadonlyMap<string, string>): boolean {
  const text = catalog.get(message.id);
  return text !== undefined && argumentsOf(text).every((name) => message.args?.[name] !== undefined);
}
