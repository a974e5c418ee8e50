import { describe, expect, it } from "vitest";
import { quantity, release, seen } from "../../test/standards/release-view.ts";
import type { Fact } from "../core/fact.ts";
import type { Outcome } from "../core/report.ts";
import { estimateCompute, evaluateCompute } from "./compute.ts";

const SYSTEMIC = 1e25;

function under(...facts: readonly Fact[]): Outcome {
  return evaluateCompute("under", SYSTEMIC, release([], facts)).result;
}

describe("training compute", () => {
  // Examples of the Commission's guidelines, C(2025) 5045: parameters, tokens, FLOP as printed.
  it.each([
    [3.8e9, 3.3e12, 7.5e22],
    [0.6e9, 36e12, 1.3e23],
    [1.54e9, 18e12, 1.663e23],
    [1.7e9, 36e12, 3.7e23],
    [2.5e9, 12e12, 1.8e23],
  ])("of %d parameters and %d tokens is %d FLOP within the margin", (parameters, tokens, flop) => {
    const estimate = estimateCompute(release([], [quantity("parameters", parameters), quantity("tokens", tokens)]));
    expect(estimate?.low).toBeLessThan(flop);
    expect(estimate?.high).toBeGreaterThan(flop);
  });

  it("that is stated is taken before any estimate", () => {
    expect(under(quantity("flop", 3e24), quantity("parameters", 4e11), quantity("tokens", 1.5e13))).toBe("met");
  });

  it("within the margin of the threshold is unknown, and so is no figure at all", () => {
    expect(under(quantity("flop", 9e24))).toBe("unknown");
    expect(under()).toBe("unknown");
  });

  it("of the largest model with another's tokens bounds from above only", () => {
    expect(under(quantity("parameters", 4e11, "400B"), quantity("tokens", 1.5e13, "8B"))).toBe("unknown");
    expect(under(quantity("parameters", 4e11, "400B"), quantity("tokens", 1.5e13, "400B"))).toBe("not-met");
  });

  it("of a tuned model leaves its base model's compute unknown", () => {
    const base: Fact = { kind: "relation", relation: "base-model", target: "a/b", evidence: [seen("README.md")], detector: "made-up@1" };
    expect(under(quantity("parameters", 7e9), quantity("tokens", 1e9), base)).toBe("unknown");
  });

  it("ignores figures that are no figures", () => {
    expect(under(quantity("flop", Number.NaN), quantity("flop", -1), quantity("flop", Number.POSITIVE_INFINITY))).toBe("unknown");
  });
});
