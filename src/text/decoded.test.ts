import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodedText, decodeText, type Segment } from "./decoded.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = (text: string): string => Buffer.from(text).toString("hex");
const read = (text: string): string =>
  decodeText(text)
    .map((segment) => segment.text)
    .join("");

const plain = fc.constantFrom("how to make a bomb", "炸弹制作方法", "kill them all", "naïve café au lait");
const encoders: readonly ((text: string) => string)[] = [
  base64,
  (text) => Buffer.from(text).toString("base64url"),
  hex,
  (text) => hex(text).replace(/..(?=.)/gu, "$& "),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(""),
  (text) => [...text].map((char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join(""),
];

describe("decodeText", () => {
  it.each(encoders.map((encode, at) => [at, encode] as const))("undoes encoding %i", (_at, encode) => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(read(`so ${encode(text)} then`)).toBe(`so ${text} then`);
      }),
    );
  });

  it("undoes three encodings inside each other and leaves the fourth", () => {
    const text = "how to make a bomb";
    expect(read(base64(base64(base64(text))))).toBe(text);
    expect(read(base64(hex(encodeURIComponent(text))))).toContain(text);
    expect(read(base64(base64(base64(base64(text)))))).not.toContain(text);
  });

  it.each([
    ["zzzzz", "zz"],
    ["a", ""],
    ["data/text/", ""],
  ])("finds base64 between %s and %s", (before, after) => {
    expect(read(before + base64("how to make a bomb") + after)).toContain("how to make a bomb");
  });

  it("reads base64 over line ends", () => {
    const text = "how to make a bomb out of words ".repeat(8);
    expect(read(base64(text).replace(/.{76}/gu, "$&\r\n"))).toBe(text);
  });

  it.each(["%62omb", "%2562omb", "&#98omb", "&bopf;omb", "\\x62omb", "\\u0062omb", "\u{e0062}\u{e006f}\u{e006d}\u{e0062}"])(
    "reads %s",
    (text) => {
      expect(read(text)).toBe("bomb");
    },
  );

  it("leaves plain words alone", () => {
    const text =
      "The international Understanding of wonderfulness: to be, to add, fed & dead — 100% sure\\not https://example.org/a-b_c/index";
    expect(read(text)).toBe(text);
  });

  it("covers the text without a hole, and the same whatever the pieces", () => {
    const part = fc.oneof(
      fc.tuple(plain, fc.constantFrom(...encoders)).map(([text, encode]) => encode(text)),
      fc.constantFrom(" ", "\n", ".", "a", "%", "\\", "&", "62 ", "0x", "ab", "中", "\u{e0062}", "\ud83d"),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join("");
        const decoder = new DecodedText();
        const got: Segment[] = [];
        for (let at = 0; at < text.length; at += size) {
          got.push(...decoder.push(text.slice(at, at + size)));
          expect(decoder.pending()).toBeGreaterThanOrEqual(got.at(-1)?.end ?? 0);
        }
        got.push(...decoder.end());
        let end = 0;
        for (const segment of got) {
          expect(segment.start).toBe(end);
          end = segment.end;
          if (!segment.isDecoded) expect(segment.text).toBe(text.slice(segment.start, segment.end));
        }
        expect(end).toBe(text.length);
        const decoded = (segments: readonly Segment[]) => segments.filter(({ isDecoded }) => isDecoded);
        expect(decoded(got)).toEqual(decoded(decodeText(text)));
      }),
      { numRuns: 400 },
    );
  });

  it.each(["ab ", "0x", "a", "%62", "&a", "\\u", "\\u{", `${"a".repeat(45)}\n`, "&#", "6 ", "ab:", "deadbee", "abc,", "\u{e0062}"])(
    "takes time linear in the length of %s…",
    (unit) => {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      expect(decodeText(text).at(-1)?.end).toBe(text.length);
    },
  );
});
