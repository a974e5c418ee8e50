import { describe, expect, it } from "vitest";
import { loadStandards } from "./load-standards.ts";
import { applyMotRule, type MotComponent, type MotRecord, type MotResult } from "./mot-rule.ts";

const CLASS_THREE = ["Model architecture", "Model parameters (Final)", "Evaluation results", "Model card", "Data card"];
const CLASS_TWO = ["Training code", "Inference code", "Evaluation code", "Evaluation data"];
const CLASS_ONE = ["Datasets", "Data preprocessing code", "Model parameters (Intermediate)"];

function under(license: string | null, names: readonly string[]): readonly MotComponent[] {
  return names.map((name) => ({ name, license }));
}

function apply(
  components: readonly MotComponent[],
  global: Partial<MotRecord["global"]> = {},
  distribution: string | null = null,
): MotResult {
  const { mof, motLicenses } = loadStandards();
  return applyMotRule({ components, distribution, global: { code: null, data: null, document: null, ...global } }, mof, motLicenses);
}

function isOpen(license: string, name = "Datasets"): boolean {
  return apply([{ name, license }]).statuses.find(({ component }) => component.name === name)?.open === true;
}

describe("the Model Openness Tool's rule", () => {
  it("climbs the classes one by one; a class below full hides those above", () => {
    expect(apply(under("MIT", [...CLASS_THREE, "Technical report"]))).toMatchObject({
      class: 3,
      progress: { class3: 100, class2: 60, class1: 0 },
    });
    expect(apply(under("MIT", [...CLASS_THREE, ...CLASS_TWO]))).toMatchObject({ class: 0, progress: { class2: 0, class1: 0 } });
    expect(apply(under("MIT", [...CLASS_THREE, ...CLASS_TWO, ...CLASS_ONE, "Technical report", "Research paper"])).class).toBe(1);
  });

  it("lets a paper stand in for the report, and then asks Class I for 13", () => {
    const result = apply(under("MIT", [...CLASS_THREE, ...CLASS_TWO, "Research paper"]));
    expect(result).toMatchObject({ class: 2, progress: { class3: 100, class2: 100, class1: (10 / 13) * 100 } });
  });

  it("lets a paper with a bad license help nobody", () => {
    const components = [...under("MIT", CLASS_THREE), { name: "Research paper", license: "arXiv" }];
    expect(apply(components).progress.class3).toBe((5 / 6) * 100);
  });

  it("inherits own, then kind, then distribution; `unlicensed` blocks", () => {
    const names = ["Model card"];
    const open = (result: MotResult): boolean => result.statuses.some((status) => status.open);
    expect(open(apply(under(null, names), { document: "CC-BY-4.0" }, "Proprietary"))).toBe(true);
    expect(open(apply(under(null, names), { code: "MIT" }))).toBe(false);
    expect(open(apply(under(null, names), {}, "MIT"))).toBe(true);
    expect(open(apply(under("unlicensed", names), {}, "MIT"))).toBe(false);
  });

  it("keeps the tool's slips: PDDL and C-UDA are not open, ODC-PDDL-1.0 is, names are exact", () => {
    expect(["PDDL-1.0", "C-UDA-1.0", "OpenMDW-1.1", "Apache 2.0", "mit", "MIT OR Apache-2.0"].filter((id) => isOpen(id))).toEqual([]);
    expect(["ODC-PDDL-1.0", "CC0-1.0", "OpenMDW-1.0", "MIT"].filter((id) => !isOpen(id))).toEqual([]);
  });

  it("keeps the license stated last where a component is listed twice", () => {
    const twice = [...under("MIT", ["Datasets"]), ...under("Proprietary", ["Datasets"]), ...under(null, ["Datasets"])];
    expect(apply(twice).statuses.find(({ listed }) => listed)).toMatchObject({ license: "Proprietary", open: false });
  });

  it("warns about CC0-1.0 on data, because a later row of its table overwrote the first", () => {
    const status = apply([{ name: "Datasets", license: "CC0-1.0" }]).statuses.find(({ listed }) => listed);
    expect(status).toMatchObject({ open: true, conditional: true });
  });
});
