import fc from "fast-check";
import { expect, test } from "vitest";
import { drawing, matching, readRegex } from "../../test/support/regex.ts";
import { compilePatterns } from "./compile.ts";
import { findRuns, mostDigits } from "./numbers.ts";
import { type MatchRule, patternRules } from "./rule.ts";
import { Sieve } from "./sieve.ts";

const rules = patternRules().filter((rule): rule is MatchRule => rule.kind === "match");
const areas = [...new Set(patternRules().map(({ area }) => area))];
const sets = [
  ...areas.map((area) => compilePatterns({ areas: [area] })),
  ...rules.map(({ id }) => compilePatterns({ only: [id] })),
  compilePatterns({ only: ["personal/email", "personal/phone", "secret/stripe"] }),
];
const sieve = new Sieve(sets);

const matches = fc
  .tuple(fc.constantFrom(...rules), fc.integer({ min: 0, max: 1e6 }))
  .map(([rule, seed]) => matching(readRegex(rule.regex, rule.ignoreCase), drawing(seed)));
const real = fc.constantFrom(
  "ann.smith@wikipedia.org",
  "(650) 253-0000",
  "4111 1111 1111 1111",
  "卡号 6222(liù) 0212 3456 7890 128",
  "ａｎｎ@wikipedia.org",
  "138\u200b00138000",
  "𝟒111 1111 1111 1111",
  "版(bǎn)权所有",
  "at 2606:2800:220:1:248:1893:25c8:1946.",
);
const texts = fc
  .array(fc.oneof(matches, real, fc.string({ maxLength: 12 }), fc.stringMatching(/^[0-9 .()+A-]{0,30}$/), fc.string({ unit: "binary" })), {
    maxLength: 5,
  })
  .map((parts) => parts.join(" "));

test("lets no set pass that finds something", () => {
  let finds = 0;
  let spared = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const may = [...sieve.which([{ text }])];
      for (const [at, set] of sets.entries()) {
        const hits = set.find(text);
        if (hits.length > 0) finds += 1;
        if (may[at] === 0) spared += 1;
        if (may[at] === 0) expect(hits, `${set.ids.join(" ")}: ${text}`).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
  // Where either never happened nothing was compared.
  expect(finds).toBeGreaterThan(200);
  expect(spared).toBeGreaterThan(200);
});

test("counts no fewer digits than any run of them has", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("1", "23", " - ", "...", "(", "\u2011", "A", "x"), { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      findRuns(text, ({ digits }) => expect(mostDigits(text), text).toBeGreaterThanOrEqual(digits[0] ?? 0));
    }),
    { numRuns: 500 },
  );
});

test("spares personal data and secrets in plain texts", () => {
  const common = new Sieve([compilePatterns({ areas: ["personal"] }), compilePatterns({ areas: ["secret"] })]);
  expect([...common.which([{ text: "In all, 12 of 45 people (3.5%) saw the tern, e.g. near the pole; it flies c3n47x miles." }])]).toEqual([
    0, 0,
  ]);
  expect([...common.which([{ text: "mail ann@wikipedia.org" }])]).toEqual([1, 0]);
  expect([...new Sieve([{}]).which([{ text: "plain" }])]).toEqual([1]);
});
