import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeJson, safeText } from "./safe-text.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const ACTING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe("safeText", () => {
  it("leaves no character that acts on a terminal, whatever the release holds", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !ACTING.test(safeText(text))));
  });

  it("shows escape sequences and reversed text as what they are", () => {
    expect(safeText("\u001b[31mred\u202egnp.exe")).toBe("<U+001B>[31mred<U+202E>gnp.exe");
    expect(safeText("a\r\nb\tc")).toBe("a b c");
    expect(safeText("\ud800")).toBe("<U+D800>");
  });

  it("leaves Chinese, emoji and joined letters alone", () => {
    for (const text of ["权重（weights）", "👩‍🔬", "می‌خواهم", "café"]) expect(safeText(text)).toBe(text);
  });
});

describe("safeJson", () => {
  it("parses to the same value and holds no acting character but line breaks", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        const json = JSON.stringify({ value, text }, null, 2);
        expect(JSON.parse(safeJson(json))).toEqual(JSON.parse(json));
        expect(ACTING.test(safeJson(json).replaceAll("\n", ""))).toBe(false);
      }),
    );
  });
});
