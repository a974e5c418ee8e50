import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hubReferenceText, looksLikeHubId, parseHubReference } from "./hub-reference.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,10}[A-Za-z0-9_])?$/u).filter((text) => !text.includes(".."));
const owner = name.filter((text) => !["datasets", "models", "spaces"].includes(text));
const revision = fc.option(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,10}(?:\/[A-Za-z0-9]{1,5})?$/u).filter((text) => !text.includes("..")),
);

describe("a hub reference", () => {
  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.constantFrom("model" as const, "dataset" as const), owner, name, revision, (kind, first, second, rev) => {
        const reference = { kind, id: `${first}/${second}`, revision: rev };
        expect(parseHubReference(hubReferenceText(reference, rev))).toEqual(reference);
      }),
    );
  });

  it("takes the forms people write", () => {
    expect(parseHubReference("hf:maker/tiny")).toEqual({ kind: "model", id: "maker/tiny", revision: null });
    expect(parseHubReference("hf://maker/tiny@refs/pr/1")).toEqual({ kind: "model", id: "maker/tiny", revision: "refs/pr/1" });
    expect(parseHubReference("hf:datasets/maker/text@v1")).toEqual({ kind: "dataset", id: "maker/text", revision: "v1" });
    expect(parseHubReference("hf:models/maker/tiny")).toEqual({ kind: "model", id: "maker/tiny", revision: null });
    expect(parseHubReference("hf:gpt2")).toEqual({ kind: "model", id: "gpt2", revision: null });
    expect(parseHubReference("maker/tiny@main")).toEqual({ kind: "model", id: "maker/tiny", revision: "main" });
  });

  it("refuses what could climb out of an URL or a cache folder", () => {
    const hostile = [
      "hf:../x",
      "hf:a/..",
      "hf:a/b/c",
      "hf:a--b/c",
      "hf:a/b@../../x",
      "hf:a/b@",
      "hf:a/b?x",
      "hf:a/b#x",
      "hf:a/b@x y",
      "hf:",
      "hf:a/b@-x",
      "hf:spaces/a/b",
      "hf:a/b%2f",
    ];
    for (const text of hostile) expect(() => parseHubReference(text), text).toThrow(expect.objectContaining({ code: "BAD_REFERENCE" }));
  });

  it("either parses to a safe id or is a BAD_REFERENCE, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("hf:", "a", "B", "/", "@", ".", "-", "_", "%", "\\", " ", "datasets/", "é", "\n"),
          maxLength: 14,
        }),
        (text) => {
          try {
            const { id, revision: rev } = parseHubReference(text);
            expect(id).toMatch(/^[\w.-]+(?:\/[\w.-]+)?$/u);
            expect(`${id}${rev ?? ""}`).not.toContain("..");
          } catch (error) {
            expect(error).toMatchObject({ code: "BAD_REFERENCE" });
          }
        },
      ),
    );
  });

  it("claims owner/name and nothing that reads as a path or an URL", () => {
    for (const text of ["maker/tiny", "maker/tiny@v1", "Maker.AI/Tiny-7B_x"]) expect(looksLikeHubId(text), text).toBe(true);
    for (const text of ["./a/b", "../a", "a", "a/b/c", "/a/b", "C:\\a", "https://x/y", "npm:a/b", "a/b.", "datasets/x"]) {
      expect(looksLikeHubId(text), text).toBe(false);
    }
  });
});
