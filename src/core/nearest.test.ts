import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

describe("nearest", () => {
  it("finds the word behind a slip: a letter too many, too few, wrong or swapped", () => {
    for (const slip of ["auditt", "audt", "audot", "audti", "AUDIT"]) expect(nearest(slip, ["explain", "audit"])).toBe("audit");
  });

  it("offers nothing for another word", () => {
    expect(nearest("banana", ["audit", "explain"])).toBeNull();
    expect(nearest("x".repeat(100_000), ["x".repeat(100_000)])).toBeNull();
  });

  it("counts a swap of neighbours as one edit", () => {
    expect(editDistance("ab", "ba")).toBe(1);
    expect(editDistance("", "abc")).toBe(3);
  });
});
