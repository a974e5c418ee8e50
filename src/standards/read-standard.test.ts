import { describe, expect, it } from "vitest";
import { AjarError } from "../core/errors.ts";
import { STANDARD_IDS } from "../core/report.ts";
import { loadRules } from "../rules/load.ts";
import { loadStandards } from "./load-standards.ts";
import { readStandard } from "./read-standard.ts";

const criterion = (when: unknown): unknown => ({
  id: "osaid-1.0",
  version: "1",
  source: "https://example.org/",
  scheme: "all",
  criteria: [{ id: "one", clause: "1", when }],
});

function refusal(data: unknown): string {
  try {
    readStandard("osaid-1.0", data);
  } catch (error) {
    if (error instanceof AjarError && error.code === "BAD_RULE_DATA") return error.message;
    throw error;
  }
  throw new Error("was not refused");
}

describe("rules/standards", () => {
  it("holds every standard of the report contract, and all are well formed", () => {
    for (const id of STANDARD_IDS) expect(readStandard(id, loadRules("standards").get(id)).id).toBe(id);
    expect(loadStandards().motLicenses.open.size).toBeGreaterThan(150);
  });

  it("gives each criterion a clause and each standard a source", () => {
    for (const id of STANDARD_IDS) {
      const standard = readStandard(id, loadRules("standards").get(id));
      const criteria = "criteria" in standard ? standard.criteria : "dimensions" in standard ? standard.dimensions : standard.components;
      expect(standard.source).toMatch(/^https:/u);
      expect(criteria.every((one) => one.clause !== "" && one.id.startsWith(`${id}/`))).toBe(true);
    }
  });

  it("asks the framework's 16 named parts and metadata: 6, 10 and 14 of them required", () => {
    const required = loadStandards().mof.components.filter((component) => component.required);
    expect([3, 2, 1].map((lowest) => required.filter((component) => component.class >= lowest).length)).toEqual([6, 10, 14]);
    expect(loadStandards().mof.components.length).toBe(17);
  });

  it("asks the index's twelve dimensions: five, six and one", () => {
    const of = (category: string): number => loadStandards().osaii.dimensions.filter((one) => one.category === category).length;
    expect([of("availability"), of("documentation"), of("access")]).toEqual([5, 6, 1]);
  });

  it("never meets OSAID's data information by itself", () => {
    const data = loadStandards().osaid.criteria.find(({ id }) => id === "osaid-1.0/data-information");
    const parts = data?.when.kind === "all" ? data.when.of.map(({ kind }) => kind) : [];
    expect(parts).toEqual(["data-information", "measured"]);
  });
});

describe("a rule file", () => {
  it("is refused with the place that is wrong", () => {
    expect(refusal(criterion({ has: "weihgts" }))).toContain("criteria[0] when has component must be one of");
    expect(refusal(criterion({ run: "rm" }))).toContain("must have exactly one of all, any, not");
    expect(refusal(criterion({ has: "weights", not: { has: "paper" } }))).toContain("exactly one");
    expect(refusal(criterion({ all: [] }))).toContain("must not be empty");
    expect(refusal(criterion({ constructor: "x" }))).toContain("exactly one");
    expect(refusal(criterion({ licensed: { component: "weights", accept: ["free"] } }))).toContain("must hold only");
    expect(refusal(null)).toContain("must be a mapping");
  });

  it("is refused when conditions nest too deep", () => {
    let when: unknown = { has: "weights" };
    for (let depth = 0; depth < 40; depth += 1) when = { not: when };
    expect(refusal(criterion(when))).toContain("nested too deep");
  });

  it("is refused when two criteria share an id", () => {
    const one = { id: "one", clause: "1", when: { has: "weights" } };
    expect(refusal({ id: "osaid-1.0", version: "1", source: "https://example.org/", scheme: "all", criteria: [one, one] })).toContain(
      "used twice",
    );
  });
});
