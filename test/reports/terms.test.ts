import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  DUTY_KINDS,
  EFFECTS,
  FLOWS,
  MEASURES,
  MODEL_KINDS,
  OUTPUT_RIGHTS,
  PATENT,
  PERMISSIONS,
  PURPOSES,
  REVOCABILITY,
  SCOPES,
  type TermsRecord,
  TRIGGERS,
  USES,
  YES_NO,
} from "../../src/core/terms.ts";
import { compareTerms, conditionsOf } from "../../src/licenses/terms/compare.ts";
import { termsOf } from "../../src/licenses/terms/terms.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { lookup } from "../../src/reports/messages.ts";
import { Phrases } from "../../src/reports/phrases.ts";
import { renderComparison } from "../../src/reports/terms/comparison.ts";
import { termLines } from "../../src/reports/terms/record.ts";
import { textWidth } from "../../src/reports/width.ts";

const records = readdirSync(join(import.meta.dirname, "../../rules/terms"))
  .map((name) => termsOf(name.replace(/\.yaml$/u, "")))
  .filter((record): record is TermsRecord => record !== null);

function used(of: (record: TermsRecord) => readonly string[]): string[] {
  return [...new Set(records.flatMap(of))];
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  use: USES,
  permission: PERMISSIONS,
  "license-condition": used((record) => conditionsOf(record).map(({ kind }) => kind)),
  "license-duty": DUTY_KINDS,
  channel: ["derivatives", "outputs", "training"],
  flow: FLOWS,
  standing: used(({ standing }) => Object.keys(standing)),
  revocability: REVOCABILITY,
  ends: TRIGGERS,
  patent: PATENT,
  "output-rights": OUTPUT_RIGHTS,
  answer: YES_NO,
  law: [...used(({ standing }) => [standing.jurisdiction.answer]), "silent", "unknown"],
  region: used((record) => conditionsOf(record).flatMap((condition) => (condition.kind === "region" ? condition.regions : []))),
  measure: MEASURES,
  effect: EFFECTS,
  purpose: PURPOSES,
  "model-kind": MODEL_KINDS,
  models: SCOPES,
};

describe.each(LANGUAGES)("terms in %s", (language) => {
  const phrases = new Phrases(language);

  it.each(Object.entries(NAMED))("have a name for every %s", (kind, words) => {
    for (const word of words) expect(lookup(`${kind}.${word}`, language), `${kind}.${word}`).toBeDefined();
  });

  it("can be shown of every record", () => {
    for (const record of records) {
      const lines = termLines(record, conditionsOf(record), phrases);
      expect(lines.length, record.id).toBeGreaterThan(15);
      expect(lines.join("\n"), record.id).not.toMatch(/undefined|\{/u);
    }
  });

  it("can be compared in 80 columns, no line wider", () => {
    const [first, ...rest] = records;
    if (first === undefined) throw new Error("no records");
    for (const record of rest) {
      const sides = [first, record].map(({ id, basis }) => ({ asked: id, license: id, state: basis }));
      const [a, b] = [sides[0], sides[1]];
      if (a === undefined || b === undefined) continue;
      const text = renderComparison({ a, b, topics: compareTerms(first, record) }, { language, verbose: true, color: false, width: 80 });
      for (const line of text.split("\n")) if (!/https?:/u.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(80);
    }
  });
});

describe("words of the terms", () => {
  it("are all used by some record, or are what silence is called", () => {
    const all = JSON.stringify(records);
    for (const word of [...DUTY_KINDS, ...FLOWS, ...MEASURES, ...MODEL_KINDS, ...PURPOSES, ...SCOPES, ...TRIGGERS]) {
      expect(all.includes(`"${word}"`), word).toBe(true);
    }
  });
});
