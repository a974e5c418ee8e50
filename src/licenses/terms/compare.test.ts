import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TermsRecord } from "../../core/terms.ts";
import { compareTerms, conditionsOf } from "./compare.ts";
import { termsOf } from "./terms.ts";

function terms(id: string): TermsRecord {
  const record = termsOf(id);
  if (record === null) throw new Error(id);
  return record;
}

const IDS = [
  "MIT",
  "GPL-2.0-only",
  "CC-BY-NC-4.0",
  "LicenseRef-Llama-2-Community",
  "LicenseRef-Gemma",
  "LicenseRef-Kimi-K2-Modified-MIT",
  "LicenseRef-Yi-Series-2.1",
];
const pair = fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS));

function verdicts(a: string, b: string): Record<string, string> {
  return Object.fromEntries(compareTerms(terms(a), terms(b)).map(({ topic, verdict }) => [topic, verdict]));
}

describe("compareTerms", () => {
  it("finds no difference between a license and itself", () => {
    for (const id of IDS) expect(Object.values(verdicts(id, id)), id).not.toContain("different");
  });

  it("says the same of two licenses in either order", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(verdicts(a, b)).toEqual(verdicts(b, a));
      }),
    );
  });

  it("tells what Llama 3.1 changed against Llama 2", () => {
    const said = verdicts("LicenseRef-Llama-2-Community", "LicenseRef-Llama-3.1-Community");
    expect(said).toMatchObject({
      "use.train-on-outputs": "different",
      "license-condition.own-family": "different",
      "license-duty.display": "different",
      "license-duty.name-prefix": "different",
      "license-condition.field-of-use": "alike",
      "use.commercial": "same",
      "standing.jurisdiction": "same",
    });
  });

  it("calls lists of barred uses that differ in words alike, and never the same", () => {
    expect(verdicts("LicenseRef-Gemma", "LicenseRef-SAM")["license-condition.field-of-use"]).toBe("alike");
  });

  it("does not call what nobody knows the same", () => {
    const said = verdicts("LicenseRef-Yi-Series-2.1", "LicenseRef-Yi-Series-2.1");
    expect(said).toMatchObject({ "use.research": "unknown", "standing.patent": "unknown", "use.commercial": "same" });
  });

  it("leaves out topics of which neither speaks", () => {
    expect(Object.keys(verdicts("MIT", "MIT")).some((topic) => topic.startsWith("license-condition."))).toBe(false);
  });
});

describe("conditionsOf", () => {
  it("has each condition once, those of duties among them", () => {
    expect(conditionsOf(terms("LicenseRef-Llama-2-Community")).map(({ kind }) => kind)).toEqual(["size", "field-of-use", "own-family"]);
    expect(conditionsOf(terms("LicenseRef-Kimi-K2-Modified-MIT")).map(({ kind }) => kind)).toEqual(["size", "size"]);
  });
});
