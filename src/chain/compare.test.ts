import { describe, expect, it } from "vitest";
import { chainFrom } from "../../test/chain/notation.ts";
import { termsOf } from "../licenses/terms/terms.ts";
import { mismatches } from "./compare.ts";
import { bearingsOn } from "./effective.ts";

const brief = (own: string, from: string): readonly string[] =>
  mismatches(bearingsOn(chainFrom(own, from), termsOf), termsOf)
    .filter(({ kind }) => kind !== "duty")
    .map((mismatch) => `${mismatch.kind} ${mismatch.license.replace("LicenseRef-", "")} ${mismatch.clauses.join(", ")}`);
const kinds = (own: string, from: string): readonly string[] => brief(own, from).map((line) => line.split(" ", 1).join());

describe("a release's license against its parents'", () => {
  it.each([
    ["MIT", "finetune Apache-2.0"],
    ["Apache-2.0", "merge MIT + merge BSD-3-Clause"],
    ["Llama-3.1", "finetune Llama-3.1"],
    ["CC-BY-SA-4.0", "finetune CC-BY-SA-4.0"],
    ["GPL-3.0-only", "finetune CC-BY-SA-4.0"],
    ["GPL-3.0", "finetune GPL-3.0-only"],
    ["CC-BY-NC-4.0", "finetune MIT"],
    ["CC-BY-NC-SA-4.0", "quantized CC-BY-NC-4.0"],
    ["MIT", "distilled MIT"],
    ["Apache-2.0", "distilled Llama-3.1"],
    ["MIT", "dataset CC-BY-4.0"],
    ["MIT", "dataset CC0-1.0"],
    ["MIT", "finetune unknown"],
    ["unknown", "finetune Llama-2"],
  ])("finds nothing wrong with %s from %s", (own, from) => {
    expect(brief(own, from)).toEqual([]);
  });

  it("finds the license that had to stay", () => {
    expect(brief("MIT", "finetune CC-BY-SA-4.0")).toEqual(["license-dropped CC-BY-SA-4.0 3.b.1"]);
    expect(kinds("Apache-2.0", "quantized GPL-3.0-only")).toEqual(["license-dropped"]);
    expect(kinds("CC-BY-SA-3.0", "finetune CC-BY-SA-4.0")).toEqual(["license-dropped"]);
    expect(kinds("MIT", "finetune MIT < finetune CC-BY-SA-4.0")).toEqual(["license-dropped"]);
  });

  it("finds limits that the label leaves out, with their clauses", () => {
    expect(brief("MIT", "finetune Llama-2")).toEqual(["restriction-dropped Llama-2-Community 2, 1.b.iv, 1.b.v"]);
    expect(kinds("Apache-2.0", "adapter Gemma")).toEqual(["restriction-dropped"]);
    expect(kinds("MIT", "distilled Gemma")).toEqual(["restriction-dropped"]);
    expect(kinds("MIT", "finetune CC-BY-NC-4.0")).toEqual(["restriction-dropped"]);
    expect(kinds("Llama-3", "finetune Llama-3.2")).toEqual(["restriction-dropped"]);
    expect(kinds("Llama-3.2", "finetune Llama-3")).toEqual(["restriction-dropped"]);
  });

  it("finds what was not allowed at all", () => {
    expect(brief("MIT", "distilled Llama-2")).toEqual(["not-permitted Llama-2-Community 1.b.v"]);
    expect(brief("Llama-2", "distilled Llama-2 + finetune Llama-2")).toEqual([]);
    expect(kinds("MIT", "distilled EXAONE-1.1-NC")).toContain("not-permitted");
    expect(kinds("CC-BY-ND-4.0", "finetune CC-BY-ND-4.0")).toEqual(["not-permitted"]);
  });

  it("finds parents that cannot be kept together", () => {
    expect(kinds("CC-BY-SA-4.0", "merge CC-BY-SA-4.0 + merge CC-BY-NC-SA-4.0")).toContain("incompatible-parents");
    expect(kinds("GPL-3.0-only", "merge GPL-3.0-only + merge Llama-3.1")).toContain("incompatible-parents");
    expect(kinds("GPL-3.0-only", "merge GPL-3.0-only + merge CC-BY-SA-4.0")).toEqual([]);
    expect(kinds("GPL-3.0-only", "merge GPL-3.0-only + merge MPL-2.0")).toEqual([]);
  });

  it("tells what may reach apart from what does", () => {
    expect(kinds("MIT", "dataset CC-BY-NC-4.0")).toEqual(["terms-may-reach"]);
    expect(kinds("CC-BY-NC-4.0", "dataset CC-BY-NC-4.0")).toEqual([]);
  });
});
