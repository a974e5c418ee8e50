import fc from "fast-check";
import { expect, test } from "vitest";
import { LiteralPattern } from "./literal-pattern.ts";

const SOURCES = ["\\b(?:total|all)\\s+parts?", "model[\\s-]?(card)|(weights)", "Part", "\\d+\\s+cards|部分"];

test.each(["", "u", "i", "iu"])("serves a string's methods as a regular expression with flags %j", (flags) => {
  for (const source of SOURCES) {
    const pattern = new LiteralPattern(source, flags);
    const regex = new RegExp(source, flags);
    const pieces = ["Total", " ", "all  PARTS", "model-card", "model", "Weights", "part", "3 cards", "部分", "“", "x"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        const text = parts.join("");
        expect(text.replace(pattern, "<$1$&>")).toBe(text.replace(regex, "<$1$&>"));
        expect(text.replace(pattern, (all: string) => `${all.length}`)).toBe(text.replace(regex, (all) => `${all.length}`));
        expect(text.split(pattern)).toEqual(text.split(regex));
        expect(text.split(pattern, 2)).toEqual(text.split(regex, 2));
        expect(text.search(pattern)).toBe(text.search(regex));
        const [found, wanted] = [pattern[Symbol.match](text), text.match(regex)];
        expect([found?.index, found?.[0], found?.[1]]).toEqual([wanted?.index, wanted?.[0], wanted?.[1]]);
      }),
    );
  }
});
