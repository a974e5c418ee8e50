import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandTerms } from "./expand.ts";

describe("expandTerms", () => {
  it("puts each condition where it is named, the same one each time", () => {
    const conditions = { users: { kind: "size", above: 5, summary: "a limit" } };
    const use = { permission: "conditional", conditions: ["users"], summary: "a grant" };
    const { uses, duties } = expandTerms({
      conditions,
      uses: { commercial: use, research: use },
      duties: [{ kind: "display", above: ["users"], summary: "a duty" }],
    });
    const [limit] = uses.commercial.conditions;
    expect(limit).toEqual({ kind: "size", above: 5, clause: "", summary: "a limit" });
    expect(uses.research.conditions[0]).toBe(limit);
    expect(duties[0]?.above?.[0]).toBe(limit);
  });

  it("takes a bare word for an answer without a clause, and names who keeps the lists", () => {
    const { uses, flow, standing } = expandTerms({
      uses: { research: "unknown" },
      flow: { training: "unknown" },
      standing: { termination: ["silent"], osi: "no", openData: "unknown", openContent: { answer: "yes", source: "https://a.example/" } },
    });
    expect(uses.research).toEqual({ permission: "unknown", conditions: [], clause: "", summary: "" });
    expect(flow.training).toEqual({ flow: "unknown", clause: "", summary: "" });
    expect(standing.termination).toEqual([{ answer: "silent", clause: "", summary: "" }]);
    expect([standing.osi.source, standing.openData.source, standing.openContent.source]).toEqual([
      "https://opensource.org/licenses",
      undefined,
      "https://a.example/",
    ]);
  });

  it("fails on no file, whatever it holds", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("id", "uses", "duties", "flow", "standing", "conditions"), fc.jsonValue()), (file) => {
        expect(typeof expandTerms(file)).toBe("object");
      }),
    );
  });
});
