import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignRuns, windowOf } from "./align.ts";
import { FLAG_BITS, SHINGLE_WORDS } from "./shingles.ts";

function align(reference: readonly number[], text: readonly number[]) {
  const entries = Uint32Array.from(reference, (hash) => hash << FLAG_BITS);
  const shingles = Uint32Array.from(text);
  return alignRuns(entries, shingles, windowOf(shingles, 0, shingles.length));
}

/** Length of a longest common subsequence, by the textbook table. */
function longest(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, at) => void next.push(left === right ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0)));
    row = next;
  }
  return row[b.length] ?? 0;
}

describe("alignRuns", () => {
  it("gives runs in order on both sides, whose shingles are equal, and as many as can be", () => {
    const sequence = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 20 });
    fc.assert(
      fc.property(sequence, sequence, (reference, text) => {
        const runs = align(reference, text);
        let matched = 0;
        runs.forEach((run, at) => {
          const before = runs[at - 1];
          if (before !== undefined) {
            expect(run.reference).toBeGreaterThan(before.reference);
            expect(run.text).toBeGreaterThan(before.text);
          }
          expect(text[run.text]).toBe(reference[run.reference]);
          matched += 1;
        });
        expect(matched > 0).toBe(longest(reference, text) > 0);
      }),
      { numRuns: 300 },
    );
  });

  it("covers a sequence found whole in one run, although its parts repeat elsewhere", () => {
    const reference = [1, 2, 3, 1, 2, 4, 5, 1, 2];
    expect(align(reference, [9, 1, 2, 9, 9, ...reference, 9, 5, 1, 2])).toEqual([
      { reference: 0, text: 5, length: reference.length - 1 + SHINGLE_WORDS },
    ]);
  });
});
