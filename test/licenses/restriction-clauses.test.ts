import { describe, expect, it } from "vitest";
import { readRecords } from "../../scripts/derive-licenses-data.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { clauseSpans } from "./clauses.ts";
import { hasShared, sharedTexts } from "./texts.ts";

/** Words without what stands between them, as the phrases that locate a clause are written. */
function words(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(" ").toLowerCase();
}

describe.skipIf(!hasShared)("restrictions in rules/licenses (skipped where ../shared is absent)", () => {
  const texts = new Map(sharedTexts().map(({ id, text }) => [id, text]));
  const records = readRecords(packageRoot).filter(({ fingerprint }) => texts.has(fingerprint ?? ""));

  it.each(records.map((record) => [record.id, record] as const))("of %s stand in the clause that is named for them", (_id, record) => {
    const text = texts.get(record.fingerprint ?? "") ?? "";
    const numbered = record.restrictions.filter(({ clause, locate }) => clause !== "" && locate.length > 0);
    const wrong = numbered.filter(({ clause, locate }) => {
      const spans = clauseSpans(text, clause).map(words);
      return !locate.some((phrase) => spans.some((span) => span.includes(words(phrase))));
    });
    expect(wrong.map(({ term, clause }) => `${term}: ${clause}`)).toEqual([]);
  });
});
