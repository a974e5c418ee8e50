import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AjarError } from "../core/errors.ts";
import { matchesAny } from "./globs.ts";

const matches = (pattern: string, path: string): boolean => matchesAny([pattern], "--include")(path);

describe("matchesAny", () => {
  it.each([
    ["**", "a/b.md", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["**/*.md", "README.md", true],
    ["**/*.md", "docs/a/README.md", true],
    ["docs/**", "docs/a", true],
    ["docs/**", "docs", false],
    ["docs/", "docs/a/b", true],
    ["docs", "docs/a", false],
    ["./docs/*", "docs/a", true],
    ["**/tests/**", "src/tests/a/b.py", true],
    ["model-?.bin", "model-权.bin", true],
    ["model-?.bin", "model-10.bin", false],
    ["LICENSE", "license", false],
    ["data/**", "data/.hidden/x", true],
    ["@host/**", "@host/package-info.json", true],
    ["release.zip!inner/*", "release.zip!inner/a", true],
    ["data?1?.csv", "data[1].csv", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it("agrees with the glob of the platform wherever that one looks", () => {
    const segment = fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 6 }).filter((text) => !text.startsWith("."));
    const star = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), minLength: 1, maxLength: 5 }).filter((text) => !/\*\*/u.test(text));
    const pattern = fc.array(fc.oneof(star, fc.constant("**")), { minLength: 1, maxLength: 5 });
    const path = fc.array(segment, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(pattern, path, (wanted, given) => {
        const [glob, name] = [wanted.join("/"), given.join("/")];
        expect([glob, name, matches(glob, name)]).toEqual([glob, name, posix.matchesGlob(name, glob)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes no time for names made to cost it", () => {
    expect(matches("*a*a*a*a*a*a*b", "a".repeat(4_000))).toBe(false);
    expect(matches("**/a/**/a/**/a/**/b", `${"a/".repeat(2_000)}c`)).toBe(false);
    // The platform's glob needs seconds for a tenth of the first.
  });

  it.each(["", "/etc/*", "../x", "a//b", "a/./b", "!a", "{a,b}", "[ab]", "a\\*", "+(a)", "a".repeat(257)])("refuses %j", (pattern) => {
    expect(() => matches(pattern, "a")).toThrow(expect.objectContaining({ code: "BAD_OPTION", subject: "--include" }));
  });

  it("refuses more patterns than anyone writes", () => {
    expect(() => matchesAny(Array(65).fill("a"), "--exclude")).toThrow(AjarError);
  });
});
