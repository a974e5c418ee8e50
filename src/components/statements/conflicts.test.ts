import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LicenseScope } from "../../core/component.ts";
import { evidence } from "../../core/evidence.ts";
import type { LicenseFact, StatementKind } from "../../core/fact.ts";
import { licenseById } from "../../licenses/records.ts";
import { agreement } from "./agree.ts";
import { claimsOf, nameOf } from "./claim.ts";
import { type Conflict, conflictFinding, conflictsOf } from "./conflicts.ts";
import { modelsFinding, splitFinding } from "./splits.ts";

interface Stated {
  readonly id: string;
  readonly line: number;
  readonly statement?: StatementKind;
  readonly covers?: readonly LicenseScope[];
  readonly whole?: boolean;
  readonly about?: string;
  readonly folder?: string;
  readonly path?: string;
  readonly thirdParty?: boolean;
}

function fact({
  id,
  line,
  statement = "prose",
  covers = ["weights"],
  whole = false,
  about,
  folder = "",
  path = "README.md",
  thirdParty = false,
}: Stated): LicenseFact {
  const license = licenseById(id);
  const span = { kind: "lines", start: line, end: line } as const;
  return {
    kind: "license",
    statement,
    license,
    stated: license === null ? id : "",
    covers,
    said: covers,
    whole,
    ...(about === undefined ? {} : { about }),
    components: [],
    folder,
    thirdParty,
    evidence: [evidence({ source: "test:", path, digest: "sha256:0", span, quote: id, method: "text" })],
    detector: "test@1",
  };
}

function pairs(facts: readonly LicenseFact[]): readonly string[] {
  return conflictsOf(claimsOf(facts)).map(pair).sort();
}

function pair({ first, second, shared }: Conflict): string {
  return [shared.thing, first.about, ...[nameOf(first.says), nameOf(second.says)].sort()].join(" ");
}

const stated: fc.Arbitrary<Stated> = fc.record({
  id: fc.constantFrom(
    "MIT",
    "Apache-2.0",
    "GPL-3.0",
    "GPL-3.0-or-later",
    "CC-BY-NC-4.0",
    "LicenseRef-Gemma",
    "cc",
    "Tern Community License",
    "no such",
  ),
  line: fc.integer({ min: 1, max: 100_000 }),
  statement: fc.constantFrom<StatementKind>("text", "card", "prose", "pointer", "metadata", "header"),
  covers: fc.constantFrom<readonly LicenseScope[]>([], ["weights"], ["data"], ["code", "weights"]),
  whole: fc.boolean(),
  about: fc.constantFrom("", "", "7b"),
  folder: fc.constantFrom("", "", "models/a"),
  path: fc.constantFrom("README.md", "LICENSE", "MODEL_CARD.md"),
});

const many = fc.uniqueArray(stated, { maxLength: 12, selector: ({ line }) => line }).map((list) => list.map(fact));

describe("conflicts between license statements", () => {
  it("do not depend on the order of the statements", () => {
    fc.assert(
      fc.property(many, (facts) => {
        const found = pairs(facts);
        fc.pre(found.length < 10);
        expect(pairs([...facts].reverse())).toEqual(found);
      }),
    );
  });

  it("are not changed by saying the same again in the same place, nor by work of others", () => {
    fc.assert(
      fc.property(many, many, (facts, others) => {
        const found = pairs(facts);
        fc.pre(found.length < 10);
        expect(pairs([...facts, ...facts])).toEqual(found);
        expect(pairs([...facts, ...others.map((other) => ({ ...other, thirdParty: true }))])).toEqual(found);
      }),
    );
  });

  it("are of two places that differ and of licenses that differ", () => {
    fc.assert(
      fc.property(many, (facts) => {
        const claims = claimsOf(facts);
        for (const conflict of conflictsOf(claims)) {
          expect(conflict.first.about).toBe(conflict.second.about);
          expect(conflict.first.place).not.toBe(conflict.second.place);
          expect(agreement(conflict.first.says, conflict.second.says)).toBe("different");
          const { evidence: pieces, message } = conflictFinding(conflict);
          expect(new Set(pieces.map(({ id }) => id)).size).toBe(2);
          expect(message.evidence).toHaveLength(2);
        }
        for (const told of [splitFinding(claims, []), modelsFinding(claims)]) if (told !== null) expect(told.severity).toBe("info");
      }),
    );
  });

  it("need two licenses", () => {
    fc.assert(
      fc.property(many, (facts) => {
        const mit = licenseById("MIT");
        expect(pairs(facts.map((one) => ({ ...one, license: mit })))).toEqual([]);
      }),
    );
  });

  it("agreement is the same both ways", () => {
    fc.assert(
      fc.property(many, (facts) => {
        const claims = claimsOf(facts);
        for (const a of claims) for (const b of claims) expect(agreement(a.says, b.says)).toBe(agreement(b.says, a.says));
      }),
    );
  });

  it("are found among thousands of statements", () => {
    const folders = Array.from({ length: 20_000 }, (_, at) =>
      fact({ id: "MIT", line: at + 1, folder: `f/${at}`, path: `f/${at}/LICENSE`, statement: "text" }),
    );
    const names = Array.from({ length: 20_000 }, (_, at) => fact({ id: `Tern ${at} License`, line: at + 1 }));
    const two = [fact({ id: "MIT", line: 1, path: "A.md" }), fact({ id: "CC-BY-NC-4.0", line: 2, path: "B.md" })];
    expect(pairs([...folders, ...names, ...two])).toContain("weights  CC-BY-NC-4.0 MIT");
  });
});
