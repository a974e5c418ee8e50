import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMPONENT_IDS, type LicenseScope } from "../core/component.ts";
import { evidence } from "../core/evidence.ts";
import type { ComponentFact, Fact, LicenseFact, Sighting } from "../core/fact.ts";
import type { LicenseKind, LicenseRecord } from "../core/license.ts";
import { weighComponents } from "./weigh.ts";

const SIGHTINGS: readonly Sighting[] = ["found", "linked", "gated", "described", "withheld"];
const KINDS: readonly LicenseKind[] = ["osi-approved", "open-data", "use-restricted", "non-commercial", "proprietary", "unknown"];
const SCOPES: readonly LicenseScope[] = ["code", "weights", "data", "documents"];

function piece(path: string): ReturnType<typeof evidence> {
  return evidence({ source: "made-up", path, digest: "sha256:00", method: "text" });
}

const component = fc
  .record({ component: fc.constantFrom(...COMPONENT_IDS), sighting: fc.constantFrom(...SIGHTINGS), partial: fc.boolean(), at: fc.nat(4) })
  .map(({ at, ...rest }): ComponentFact => {
    const place = `part/${at}`;
    return { kind: "component", place, reason: "made up", evidence: [piece(place)], detector: "test@1", ...rest };
  });

function licenseFact(kind: LicenseKind, covers: readonly LicenseScope[], folder: string): LicenseFact {
  const id = `LicenseRef-${kind}`;
  const record: LicenseRecord = {
    id,
    name: id,
    kind,
    osiApproved: kind === "osi-approved",
    fsfLibre: false,
    restrictions: [],
    aliases: [],
    source: "",
  };
  const evidenceOfFact = [piece(`${folder}/LICENSE`)] as const;
  return {
    kind: "license",
    statement: "prose",
    license: record,
    stated: id,
    covers,
    components: [],
    folder,
    thirdParty: false,
    evidence: evidenceOfFact,
    detector: "test@1",
  };
}

const license = fc
  .record({ kind: fc.constantFrom(...KINDS), covers: fc.subarray([...SCOPES]), folder: fc.constantFrom("", "part") })
  .map(({ kind, covers, folder }) => licenseFact(kind, covers, folder));

const facts = fc
  .tuple(fc.array(component, { maxLength: 12 }), fc.array(license, { maxLength: 6 }))
  .map(([a, b]): readonly Fact[] => [...a, ...b]);

describe("weighing", () => {
  it("gives every component a state", () => {
    fc.assert(
      fc.property(facts, (seen) => {
        expect([...weighComponents(seen, []).keys()]).toEqual([...COMPONENT_IDS]);
      }),
    );
  });

  it("never calls open what a restriction covers", () => {
    fc.assert(
      fc.property(facts, (seen) => {
        const limits = SCOPES.flatMap((scope) => ["", "part"].map((folder) => licenseFact("non-commercial", [scope], folder)));
        for (const state of weighComponents([...seen, ...limits], []).values()) {
          // A paper and other people's hosts have terms of their own; nothing there becomes open either.
          expect(state.openness).not.toBe("open");
        }
      }),
    );
  });

  it("never calls open what no license covers", () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 12 }), (seen) => {
        for (const state of weighComponents(seen, []).values()) expect(["unknown", "restricted"]).toContain(state.openness);
      }),
    );
  });

  it("does not depend on the order of facts", () => {
    fc.assert(
      fc.property(facts, (seen) => {
        const summary = (list: readonly Fact[]): unknown =>
          [...weighComponents(list, []).values()].map(({ id, availability, openness, partial }) => [id, availability, openness, partial]);
        expect(summary([...seen].reverse())).toEqual(summary(seen));
      }),
    );
  });

  it("says unknown, not absent, where nothing was searched", () => {
    expect(weighComponents([], []).get("weights")?.availability).toBe("unknown");
  });
});
