import fc from "fast-check";
import { expect, it } from "vitest";
import { Automaton } from "./automaton.ts";

/** All terms that end at each unit, found by looking for each. */
function plainly(terms: readonly string[], text: string): string[] {
  const found: string[] = [];
  for (let end = 1; end <= text.length; end += 1) {
    for (const term of terms) if (text.slice(0, end).endsWith(term)) found.push(`${end} ${term}`);
  }
  return found.sort();
}

it("finds what a search for each term finds", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "炸", "弹", "\u{20000}", " "), maxLength: 40 });
  const terms = fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b", "炸", "弹", "\u{20000}"), minLength: 1, maxLength: 5 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(terms, text, (wanted, searched) => {
      const automaton = new Automaton(wanted);
      const found: string[] = [];
      let state = 0;
      for (let at = 0; at < searched.length; at += 1) {
        state = automaton.next(state, searched.charCodeAt(at));
        for (let end = automaton.firstEnd(state); end !== 0; end = automaton.nextEnd(end))
          found.push(`${at + 1} ${wanted[automaton.termAt(end)]}`);
      }
      expect(found.sort()).toEqual(plainly(wanted, searched));
    }),
  );
});
