// What follows from licenses along a chain, case by case, each justified by words of the clause that it rests on.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Mismatch, mismatches } from "../../src/chain/compare.ts";
import { bearingsOn, termsOfBearings } from "../../src/chain/effective.ts";
import type { EffectiveTerms } from "../../src/core/chain.ts";
import { PERMISSIONS, USES } from "../../src/core/terms.ts";
import { termsOf } from "../../src/licenses/terms/terms.ts";
import { clauseSpans } from "../licenses/clauses.ts";
import { textFor, texts } from "../licenses/terms-texts.ts";
import { chainFrom, licenseId } from "./notation.ts";

interface Case {
  readonly own: string;
  readonly from: string;
  /** `commercial forbidden`, `duty notice`, `no duty notice`, `finding license-dropped`, `no finding`. */
  readonly follows: string;
  readonly license: string;
  readonly clause: string;
  /** At most twelve, as the clause has them. */
  readonly words: string;
}

const folder = join(import.meta.dirname, "cases");

function readCase(row: unknown): Case {
  const [own = "", from = "", follows = "", license = "", clause = "", words = ""] = Array.isArray(row) ? row.map(String) : [];
  return { own, from, follows, license: licenseId(license), clause, words };
}

const cases = readdirSync(folder).flatMap((name): readonly Case[] => {
  const rows: unknown = parse(readFileSync(join(folder, name), "utf8"));
  return Array.isArray(rows) ? rows.map(readCase) : [];
});
const titled = cases.map((row) => [`${row.own} from ${row.from}: ${row.follows}`, row] as const);

interface Outcome {
  readonly terms: EffectiveTerms;
  readonly found: readonly Mismatch[];
}

function outcomeOf({ own, from }: Case): Outcome {
  const bearings = bearingsOn(chainFrom(own, from), termsOf);
  return { terms: termsOfBearings(bearings), found: mismatches(bearings, termsOf) };
}

/** What follows, in the words of the case; with the clauses of its license that the outcome names for it. */
function seen(row: Case): { readonly follows: string; readonly clauses: readonly string[] } {
  const { terms, found } = outcomeOf(row);
  const [first = "", second = "", third = ""] = row.follows.split(" ");
  if (first === "finding") {
    const hits = found.filter((mismatch) => mismatch.kind === second && mismatch.license === row.license);
    return {
      follows: hits.length > 0 ? row.follows : `finding ${found.map(({ kind }) => kind)}`,
      clauses: hits.flatMap(({ clauses }) => clauses),
    };
  }
  if (row.follows === "no finding") {
    const kinds = found.filter(({ kind }) => kind !== "duty").map(({ kind }) => kind);
    return { follows: kinds.length === 0 ? "no finding" : `finding ${kinds}`, clauses: [] };
  }
  if (first === "duty" || second === "duty") {
    const kind = first === "duty" ? second : third;
    const owed = terms.duties.filter((duty) => duty.kind === kind && duty.license === row.license && duty.certain);
    const follows = owed.length > 0 ? `duty ${kind}` : `no duty ${kind}`;
    return { follows, clauses: owed.map(({ clause }) => clause) };
  }
  const use = USES.find((known) => known === first) ?? "commercial";
  const { permission, because, conditions } = terms.uses[use];
  const grounds = [...because, ...conditions].filter(({ license }) => license === row.license);
  return { follows: `${first} ${permission}`, clauses: grounds.map(({ clause }) => clause) };
}

const folded = (text: string): string => text.replaceAll(/[\s*_]+/gu, " ");

/** The clause, or the whole text where the license numbers nothing; with what it incorporates. */
function spansFor({ license, clause }: Case): readonly string[] {
  const record = termsOf(license);
  if (record === null) return [];
  const documents = [undefined, ...record.annexes.map(({ id }) => id)].flatMap((document) => textFor(record, document) ?? []);
  return documents.flatMap((text) => (clause === "" ? [text] : clauseSpans(text, clause))).map(folded);
}

describe("the cases", () => {
  it("are many, over many licenses and all kinds of relations, and no two the same", () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(cases.map(({ license }) => license)).size).toBeGreaterThanOrEqual(25);
    for (const relation of ["base-model", "adapter", "merge", "distilled", "quantized", "dataset"]) {
      expect(cases.filter(({ from }) => from.includes(relation)).length, relation).toBeGreaterThan(0);
    }
    expect(new Set(cases.map((row) => JSON.stringify(row))).size).toBe(cases.length);
    for (const { words } of cases) expect(words.split(" ").length, words).toBeLessThanOrEqual(12);
  });

  it("say of a use that it is one of four things, and of duties and findings that there is one or not", () => {
    const said = new Set(USES.flatMap((use) => PERMISSIONS.map((permission) => `${use} ${permission}`)));
    for (const { follows } of cases)
      expect(said.has(follows) || /^(?:no )?(?:duty [a-z-]+|finding)|^finding [a-z-]+/u.test(follows), follows).toBe(true);
  });
});

describe("what follows", () => {
  it.each(titled)("%s", (_title, row) => {
    const { follows, clauses } = seen(row);
    expect(follows).toBe(row.follows);
    // What does not follow names no clause.
    if (!row.follows.startsWith("no ")) expect(clauses).toContain(row.clause);
  });
});

describe("the words of the clause", () => {
  const isHad = ({ license }: Case): boolean => {
    const record = termsOf(license);
    return record !== null && textFor(record) !== undefined;
  };

  it.skipIf(texts.size < 700)("can be had for nearly all cases (skipped without ../shared)", () => {
    expect(cases.filter(isHad).length / cases.length).toBeGreaterThan(0.95);
  });

  for (const [title, row] of titled) {
    it.skipIf(!isHad(row))(`${title} (skipped where the text cannot be had)`, () => {
      expect(spansFor(row).some((span) => span.includes(folded(row.words)))).toBe(true);
    });
  }
});
