import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../core/report.ts";
import { all, any, type Evaluation, not } from "./evaluation.ts";

function of(result: Outcome, steps = 0): Evaluation {
  const keys = Array.from({ length: steps }, (_, index) => `${result}-${index}`);
  return {
    result,
    because: [{ id: `because-${result}` }],
    missing: result === "met" ? [] : [{ id: `missing-${result}` }],
    steps: keys.map((key) => ({ act: "other", key, message: { id: key } })),
  };
}

const outcome = fc.constantFrom<Outcome>("met", "not-met", "unknown");
const parts = fc.array(outcome, { minLength: 1, maxLength: 5 });

describe("three-valued logic", () => {
  it("follows De Morgan", () => {
    fc.assert(
      fc.property(parts, (outcomes) => {
        const one = not(all(outcomes.map((result) => of(result)))).result;
        expect(one).toBe(any(outcomes.map((result) => not(of(result)))).result);
      }),
    );
  });

  it("does not depend on the order of the parts", () => {
    fc.assert(
      fc.property(parts, (outcomes) => {
        const turned = [...outcomes].reverse();
        expect(all(turned.map((result) => of(result))).result).toBe(all(outcomes.map((result) => of(result))).result);
        expect(any(turned.map((result) => of(result))).result).toBe(any(outcomes.map((result) => of(result))).result);
      }),
    );
  });

  it("keeps an unknown unknown when nothing decides", () => {
    expect(all([of("met"), of("unknown")]).result).toBe("unknown");
    expect(any([of("not-met"), of("unknown")]).result).toBe("unknown");
    expect(not(of("unknown")).result).toBe("unknown");
  });
});

describe("reasons", () => {
  it("of a failed conjunction are those of what failed", () => {
    expect(all([of("met"), of("not-met"), of("unknown")]).because).toEqual([{ id: "because-not-met" }]);
  });

  it("of a met disjunction are those of what is met, and nothing is missing", () => {
    expect(any([of("not-met"), of("met")])).toEqual({ result: "met", because: [{ id: "because-met" }], missing: [], steps: [] });
  });

  it("propose the cheapest way of an open disjunction", () => {
    expect(any([of("not-met", 3), of("unknown", 1)]).steps).toMatchObject([{ key: "unknown-0" }]);
  });
});
