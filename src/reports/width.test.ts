import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, pad, textWidth, wrap } from "./width.ts";

const texts = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "")),
  fc
    .array(fc.constantFrom("权重", "，", "。", "（", "）", "weights", " ", "可以获得", "https://example.org/a/b", "🎉", "é"), {
      maxLength: 30,
    })
    .map((parts) => parts.join("")),
);

describe("textWidth", () => {
  it("counts Chinese characters and emoji as two cells, combining marks as none", () => {
    expect(textWidth("权重 ok")).toBe(7);
    expect(textWidth("e\u0301")).toBe(1);
    expect(textWidth("🎉")).toBe(2);
    expect(textWidth("✓✗?")).toBe(3);
  });
});

describe("wrap", () => {
  it("keeps every line within the width and loses nothing but spaces", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("breaks English at spaces and Chinese between characters, not before a full stop", () => {
    expect(wrap("the weights can be had", 12)).toEqual(["the weights", "can be had"]);
    expect(wrap("权重可以获得。", 12)).toEqual(["权重可以获", "得。"]);
  });
});

describe("cut and pad", () => {
  it("cut never exceeds the width, pad never falls short of it", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, width) => {
        expect(textWidth(cut(text, width))).toBeLessThanOrEqual(width);
        expect(textWidth(pad(text, width))).toBeGreaterThanOrEqual(width);
      }),
    );
  });
});
