import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { termsOf } from "../../src/licenses/terms/terms.ts";
import { type Claim, claimsOf, verbatim } from "./clause-words.ts";
import { clauseSpans } from "./clauses.ts";
import { textFor, texts } from "./terms-texts.ts";

const records = readdirSync(join(import.meta.dirname, "../../rules/terms"))
  .map((name) => termsOf(name.replace(/\.yaml$/u, "")))
  .filter((record) => record !== null);
const read = records.filter(({ basis }) => basis === "text");

/** Whether the clause is in the text and speaks of what the term is about. */
function holds(text: string, { clause, speaksOf }: Pick<Claim, "clause" | "speaksOf">): boolean {
  const spans = clauseSpans(text, clause).map((span) => span.replaceAll(/\s+/gu, " "));
  return spans.some((span) => speaksOf.every((words) => words.test(span)));
}

describe("clauseSpans", () => {
  const text =
    "1. Grant\n  a. Use.\n  b. Pass on:\n    i. with a copy;\n    ii. (A) with a notice; (B) with a mark.\n2. Limits\n2.1. By size\n## Law\nOf here.\n## More\nNothing.";
  it("finds a clause below its clauses, and what it says, and no further", () => {
    const found = (label: string) => clauseSpans(text, label).map((span) => span.trim());
    expect(found("1.b.ii")).toEqual(["(A) with a notice; (B) with a mark."]);
    expect(found("1.b.ii.B")).toEqual(["with a mark."]);
    expect(found("1.a")).toEqual(["Use."]);
    expect(found("2.1")[0]).toMatch(/^By size/u);
    expect(clauseSpans("## Laws of it\nOf here.\n## More\nNothing.", "Laws of it")).toEqual(["## Laws of it\nOf here.\n"]);
  });
  it("finds no clause that is not there", () => {
    for (const label of ["3", "1.c", "2.a", "1.b.iii", "2.2", "Exhibit A", "1.1"]) expect(clauseSpans(text, label), label).toEqual([]);
  });
});

describe("records read in a text", () => {
  it("are most of them, and their texts are those of these digests", () => {
    expect(read.length).toBeGreaterThan(90);
    for (const { id, textDigest } of read) expect(textDigest, id).toBeDefined();
  });
});

describe.each(read.map((record) => [record.id, record] as const))("%s", (_id, record) => {
  const claims = claimsOf(record).map((claim) => ({ claim, text: textFor(record, claim.in) }));
  const missing = claims.some(({ text }) => text === undefined);

  it.skipIf(missing)(
    "names clauses that its text has and that speak of what they are named for (skipped where the text cannot be had)",
    () => {
      const wrong = claims.filter(({ claim, text }) => !holds(text ?? "", claim));
      expect(wrong.map(({ claim }) => `${claim.topic}: ${claim.clause}`)).toEqual([]);
    },
  );

  it.skipIf(textFor(record) === undefined)("has the words to show, and days of release, from the text", () => {
    const text = textFor(record) ?? "";
    for (const { words } of record.duties) if (words !== undefined) expect(verbatim(words).test(text), words).toBe(true);
    for (const condition of Object.values(record.uses).flatMap((use) => use.conditions)) {
      if (condition.kind !== "size" || condition.date === undefined) continue;
      const day = new Date(`${condition.date}T00:00:00Z`).toLocaleDateString("en-US", { dateStyle: "long", timeZone: "UTC" });
      expect(text).toContain(day);
    }
  });
});

describe.skipIf(texts.size < 700)("a wrong clause number", () => {
  const pairs = read.flatMap((record) => claimsOf(record).map((claim) => ({ record, claim, text: textFor(record, claim.in) })));

  it("is found when the text has no such clause", () => {
    for (const { claim, text } of pairs) {
      if (text === undefined) continue;
      for (const clause of ["97", `${claim.clause}.97`, "Exhibit Q"])
        expect(holds(text, { ...claim, clause }), `${claim.topic} ${clause}`).toBe(false);
    }
  });

  it("is mostly found when it is that of another term: two clauses seldom speak of the same", () => {
    let wrong = 0;
    let found = 0;
    for (const { record, claim, text } of pairs) {
      // Grants and flows are spoken of in many clauses.
      if (text === undefined || /^(?:use|flow)/u.test(claim.topic)) continue;
      const others = new Set(
        claimsOf(record)
          .filter((other) => other.in === claim.in)
          .map(({ clause }) => clause),
      );
      for (const clause of others) {
        if (`${clause}.`.startsWith(`${claim.clause}.`) || `${claim.clause}.`.startsWith(`${clause}.`)) continue;
        wrong += 1;
        if (!holds(text, { ...claim, clause })) found += 1;
      }
    }
    expect(wrong).toBeGreaterThan(5000);
    expect(found / wrong).toBeGreaterThan(0.85);
  });
});
