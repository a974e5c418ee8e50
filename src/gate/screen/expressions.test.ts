import fc from "fast-check";
import { expect, it } from "vitest";
import { drawing, matching, readRegex } from "../../../test/support/regex.ts";
import { compileExpression, longestMatch } from "./expressions.ts";

it.each([
  ["abc", 6],
  ["a{2,5}", 10],
  ["(?:ab|cde)?", 6],
  ["[a-z]{1,64}@x", 132],
  ["^\\bfoo\\b$", 6],
  ["(?i)foo", 6],
  ["(?P<name>a|bb)", 4],
  ["[]a]", 2],
  ["[^\\]]", 2],
  ["\\p{Han}{2}", 4],
  ["\\x{1F600}", 2],
])("%s matches at most %i units", (source, units) => {
  expect(longestMatch(source)).toBe(units);
});

it.each(["a*", "a+", "a{3,}", "(a|b+)", "[a-z]+@x", "\\Qa\\E", "a)"])("%s has no bound that is known", (source) => {
  expect(longestMatch(source)).toBe(Number.POSITIVE_INFINITY);
});

it("finds all matches", () => {
  expect(compileExpression("ticket-\\d{2}", true).find("Ticket-12 and TICKET-345")).toEqual([
    { start: 0, end: 9 },
    { start: 14, end: 23 },
  ]);
});

it("takes no expression that RE2 does not", () => {
  expect(() => compileExpression("(a)\\1", false)).toThrow();
  expect(() => compileExpression("(?=a)", false)).toThrow();
});

it("bounds what an expression matches", () => {
  const part = fc.constantFrom("a", "[0-9]", "(?:b|cc)", "x{2,4}", "y?", "\\d{1,3}");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.nat(), (parts, seed) => {
      const source = parts.join("");
      const text = matching(readRegex(source, false), drawing(seed));
      const { longest, find } = compileExpression(source, false);
      expect(text.length).toBeLessThanOrEqual(longest);
      if (text.length > 0) expect(find(text)[0]).toMatchObject({ start: 0 });
    }),
  );
});
