import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DESCRIBED, release, seen, WHOLE } from "../../test/standards/release-view.ts";
import type { Fact, MeasuredTopic } from "../core/fact.ts";
import type { Finding, ReleaseView } from "../core/release.ts";
import type { Message, Outcome } from "../core/report.ts";
import { loadRules } from "../rules/load.ts";
import type { Condition } from "./definition.ts";
import { judge } from "./judge.ts";
import { loadStandards } from "./load-standards.ts";

const FIGURES: Readonly<Record<MeasuredTopic, Readonly<Record<string, string | number>>>> = {
  files: { files: 3, read: 2, rows: 100 },
  partly: { damaged: 1, files: 3, detail: "a.parquet: the footer is missing" },
  unreadable: { files: 3, detail: "a.parquet: the footer is missing" },
  languages: { languages: "en 90 %, zh-Hans 10 %", rows: 100 },
  domains: { domains: "example.org (12)" },
  notices: { found: "copyright/reserved 3 (3 %)", rows: 100 },
  reservations: { found: "reservation/noai-meta 1 (1 %)", rows: 100 },
  personal: { found: "personal/email 5 (5 %)", rows: 100 },
};
const OF_FILES: readonly MeasuredTopic[] = ["files", "partly", "unreadable"];

function measured(topic: MeasuredTopic, component: "training-data" | "evaluation-data" = "training-data"): Fact {
  const of = OF_FILES.includes(topic) ? component : null;
  return { kind: "measured", topic, component: of, figures: FIGURES[topic], evidence: [seen("train.jsonl")], detector: "data@1" };
}

function contradiction(ruleId: string): Finding {
  const evidence = [seen("README.md", 3), seen("train.jsonl")] as const;
  return { ruleId, severity: "medium", message: { id: "data.rows-differ" }, evidence };
}

function criterion(view: ReleaseView, id: string): { readonly result: Outcome; readonly because: readonly Message[] } {
  const all = judge(view).verdicts.flatMap(({ criteria }) => criteria);
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no criterion ${id}`);
  return found;
}

function outcomes(view: ReleaseView): ReadonlyMap<string, Outcome> {
  return new Map(
    judge(view).verdicts.flatMap(({ standard, profile, result, criteria }) => [
      [`${standard} ${profile ?? ""}`, result] as const,
      ...criteria.map((one) => [`${profile ?? ""} ${one.id}`, one.result] as const),
    ]),
  );
}

const view = release(WHOLE, DESCRIBED);

describe("what rows of the data showed", () => {
  it("is told beside the outcome, with its places", () => {
    const after = release(WHOLE, [...DESCRIBED, measured("files"), measured("languages"), measured("domains")]);
    for (const id of ["osaid-1.0/data-information", "mof/datasets", "mof/data-card", "eu-ai-act-53-2/owed-training-content-summary"]) {
      const [before, later] = [criterion(view, id), criterion(after, id)];
      expect(later.result).toBe(before.result);
      const told = later.because.filter(({ id: message }) => message.startsWith("standards.measured."));
      expect(told.length).toBeGreaterThan(0);
      expect(told.every(({ evidence }) => (evidence ?? []).length > 0)).toBe(true);
    }
    expect(criterion(after, "eu-ai-act-53-2/owed-training-content-summary").because.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["standards.measured.files", "standards.measured.languages", "standards.measured.domains"]),
    );
  });

  it("leaves open whether data is there that cannot be read", () => {
    expect(criterion(view, "mof/datasets").result).toBe("met");
    for (const topic of ["unreadable", "partly"] as const) {
      const after = criterion(release(WHOLE, [...DESCRIBED, measured(topic)]), "mof/datasets");
      expect(after.result).toBe("unknown");
      expect(after.because.map(({ id }) => id)).toContain(`standards.measured.${topic}`);
    }
  });

  it("says nothing of data that lies elsewhere", () => {
    const elsewhere = WHOLE.map((state) => (state.id === "training-data" ? { ...state, availability: "elsewhere" as const } : state));
    const facts = [...DESCRIBED, measured("unreadable")];
    expect(criterion(release(elsewhere, facts), "mof/datasets").result).toBe(
      criterion(release(elsewhere, DESCRIBED), "mof/datasets").result,
    );
  });

  it("leaves open what the files contradict, and names both places", () => {
    const facts = [...DESCRIBED, measured("files")];
    expect(criterion(release(WHOLE, facts), "mof/data-card").result).toBe("met");
    const after = criterion(release(WHOLE, facts, { findings: [contradiction("data/rows-differ")] }), "mof/data-card");
    expect(after.result).toBe("unknown");
    const said = after.because.find(({ id }) => id === "standards.measured.contradicted");
    expect(said?.args).toEqual({ finding: "data/rows-differ" });
    expect(said?.evidence).toHaveLength(2);
  });

  const topics = fc.subarray(Object.keys(FIGURES) as MeasuredTopic[]);
  const rules = fc.subarray(["data/rows-differ", "data/card-denies-personal", "data/reserved-under-open-license", "data/croissant"]);
  const states = fc.array(fc.constantFrom("found", "elsewhere", "gated", "claimed", "absent", "unknown"), {
    minLength: WHOLE.length,
    maxLength: WHOLE.length,
  });

  it("changes no outcome but to unknown", () => {
    fc.assert(
      fc.property(states, topics, rules, fc.boolean(), (availabilities, told, found, isDescribed) => {
        const components = WHOLE.map(
          (state, at) => ({ ...state, availability: availabilities[at] ?? "unknown" }) as (typeof WHOLE)[number],
        );
        const facts = isDescribed ? DESCRIBED : [];
        const before = outcomes(release(components, facts));
        const after = outcomes(
          release(components, [...facts, ...told.map((topic) => measured(topic))], { findings: found.map(contradiction) }),
        );
        for (const [id, outcome] of after) if (outcome !== before.get(id)) expect([id, outcome]).toEqual([id, "unknown"]);
      }),
      { numRuns: 200 },
    );
  });

  it("is said in three languages, with every argument", () => {
    const facts = [...DESCRIBED, ...Object.keys(FIGURES).map((topic) => measured(topic as MeasuredTopic))];
    const { verdicts, gaps } = judge(release(WHOLE, facts, { findings: [contradiction("data/rows-differ")] }));
    const criteria = verdicts.flatMap((one) => one.criteria);
    const said = [...criteria.flatMap(({ because, missing }) => [...because, ...(missing ?? [])]), ...gaps.flatMap((gap) => gap.do)];
    const own = said.filter(({ id }) => id.includes(".measured"));
    expect(new Set(own.map(({ id }) => id)).size).toBeGreaterThanOrEqual(11);
    for (const language of ["en", "zh-Hans", "zh-Hant"]) {
      const catalog = loadRules(`messages/${language}`).get("standards-measured") as Record<string, string>;
      for (const { id, args } of own) {
        const names = Array.from((catalog[id] ?? "{missing}").matchAll(/\{([a-zA-Z-]+)\}/gu), ([, name]) => name ?? "");
        expect(names.filter((name) => args?.[name] === undefined)).toEqual([]);
      }
    }
  });
});

describe("rules of findings that standards name", () => {
  it("are rules about the data", () => {
    const known = Object.keys(loadRules("findings").get("data") as Record<string, unknown>);
    const standards = loadStandards();
    const conditions: readonly Condition[] = [
      ...[standards.osaid, standards.g7, standards.euAiAct].flatMap(({ criteria }) => criteria.map(({ when }) => when)),
      ...standards.mof.components.map(({ when }) => when),
      ...standards.osaii.dimensions.flatMap(({ open, some }) => [open, some]),
    ];
    const named = conditions.flatMap(rulesIn);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((rule) => !known.includes(rule))).toEqual([]);
  });
});

function rulesIn(condition: Condition): readonly string[] {
  if (condition.kind === "measured") return condition.contradictedBy;
  if (condition.kind === "all" || condition.kind === "any") return condition.of.flatMap(rulesIn);
  return condition.kind === "not" ? rulesIn(condition.of) : [];
}
