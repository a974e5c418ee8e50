import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanNumbers } from "./numbers.ts";

const value = (text: string): number | undefined => scanNumbers(text)[0]?.value;

describe("scanNumbers", () => {
  it.each([
    ["2.0T", 2e12],
    ["1,259.13B", 1_259.13e9],
    ["3311616", 3_311_616],
    ["2 trillion", 2e12],
    ["70-billion", 7e10],
    ["3.3M", 3.3e6],
    ["1.4万亿", 1.4e12],
    ["700亿", 7e10],
    ["1.4萬億", 1.4e12],
    ["18億", 1.8e9],
    ["680千", 680],
    ["3.8e25", 3.8e25],
    ["1.8 × 10^24", 1.8e24],
    ["3 x 10²³", 3e23],
    ["10^25", 1e25],
  ])("reads %s", (text, expected) => expect(value(text)).toBeCloseTo(expected, -Math.floor(Math.log10(expected)) + 6));

  it("does not take a factor or a version for a scale", () => {
    expect(value("16 x 1024")).toBe(16);
    expect(scanNumbers("8x7B").map((number) => number.value)).toEqual([8]);
    expect(scanNumbers("v1.5").map((number) => number.value)).toEqual([]);
    expect(value("24GB")).toBe(24);
  });

  it("reads back every integer it is given, with or without separators", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (number) => {
        expect(value(`about ${number} of them`)).toBe(number);
        expect(value(`about ${number.toLocaleString("en-US")} of them`)).toBe(number);
      }),
    );
  });

  it("scales what it reads by its letter", () => {
    const scales = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 } as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom("K", "M", "B", "T"), (tenths, letter) => {
        expect(value(`${tenths / 10}${letter}`)).toBeCloseTo((tenths / 10) * scales[letter as keyof typeof scales], 0);
      }),
    );
  });

  it("points at what it read, in order, on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("1", "2", ",", ".", "B", " ", "亿", "万", "^", "×", "e", "x", "-") }), (text) => {
        let last = 0;
        for (const { start, end, stated } of scanNumbers(text)) {
          expect(text.slice(start, end)).toBe(stated);
          expect(start).toBeGreaterThanOrEqual(last);
          last = start;
        }
      }),
    );
  });

  it("stays quick on long runs of digits and separators", () => {
    for (const text of ["1".repeat(200_000), "1,".repeat(100_000), "1.1".repeat(60_000), "10^".repeat(60_000), "1 ".repeat(100_000)])
      scanNumbers(text);
  });
});
