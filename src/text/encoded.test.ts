import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeText, openFromPattern } from "./decoded.ts";
import { mayHoldEncoded, openRunOf } from "./encoded.ts";

const isDecoded = (text: string): boolean => decodeText(text).some((segment) => segment.isDecoded);

/** Runs, beginnings and ends of runs, what stands between bytes, and what ends a run. */
const piece = fc.oneof(
  fc.constantFrom(..."0aF5xg- ,:;+/_=%&\\\n\r\t.ſK\u00a0\u2028\ufeff", "0x", "62", "6f 6d", "%62", "&#98;", "\\u0062", "&amp", "\u{e0062}"),
  fc.constantFrom(
    "furthest",
    "well-known",
    "deadbeef",
    "62 6f 6d 62",
    "66-6f-6f",
    "0x62, 0x6f, 0x6d",
    "12345678",
    "Ym9tYg==",
    "626f6d62",
    "approximately",
    "2024-01-15",
  ),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }).map((text) => Buffer.from(text).toString("base64")),
  fc.string({ maxLength: 6 }).map((text) => Buffer.from(text).toString("hex")),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.stringMatching(/^[a-zA-Z0-9+/_-]{0,24}$/),
);
const texts = fc.array(piece, { maxLength: 10 }).map((parts) => parts.join(""));

it("says of no text that it holds nothing encoded where a run of it is decoded", () => {
  let encoded = 0;
  let plain = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (isDecoded(text)) {
        encoded += 1;
        expect(mayHoldEncoded(text)).toBe(true);
      } else if (!mayHoldEncoded(text)) plain += 1;
    }),
    { numRuns: 3000 },
  );
  // Where either never happened nothing was compared.
  expect(encoded).toBeGreaterThan(100);
  expect(plain).toBeGreaterThan(100);
});

it("says where a text is open just as the patterns do", () => {
  let told = 0;
  fc.assert(
    fc.property(texts, fc.constantFrom("", " be", "be", " ", "  ", ", ", "b", "wood", "-", "ed, ", "=", "."), (text, end) => {
      const open = openRunOf(text + end);
      if (open === -1) return;
      told += 1;
      expect(open).toBe(openFromPattern(text + end));
    }),
    { numRuns: 6000 },
  );
  expect(told).toBeGreaterThan(500);
  expect(openRunOf("The tern flies from pole to pole each y")).toBe(38);
  expect(openRunOf("The tern flies from pole to pole, ")).toBe(34);
});

it.each([
  "Which bird flies the furthest each year?",
  "A well-known, self-supporting structure (see chapter 12 or https://example.org/architecture/overview) costs 50% more & takes 3 days.",
  "国家图书馆明年开放，approximately 300 seats.",
])("sees at once that %j holds nothing encoded", (text) => {
  expect(mayHoldEncoded(text)).toBe(false);
});

it("takes time linear in the length of a text", () => {
  for (const unit of ["a", "12 ", "-", "%6", "ab-", "&", "=", "zzzzzzzzzzzz="]) mayHoldEncoded(unit.repeat(200_000));
});
