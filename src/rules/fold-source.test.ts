import { expect, test } from "vitest";
import { foldSource, foldText } from "./fold-source.ts";

test("escapes and names of groups keep their case", () => {
  expect(foldSource(String.raw`\bGPT\S(?<Name>[A-Z\D]+)(?<!No)`)).toBe(String.raw`\bgpt\S(?<Name>[a-z\D]+)(?<!no)`);
});

test.each([
  ["a letter with cases outside ASCII", "É"],
  ["a range across alphabets", "[A-z]"],
  ["a range of signs and letters", "[!-Z]"],
  ["an escaped end of a range", String.raw`[\.-x]`],
  ["a Unicode property", String.raw`\p{L}`],
  ["a reference back", String.raw`(a)\1`],
  ["a code point", String.raw`\u0041`],
  ["changed flags", "(?i:a)"],
  ["an open set", "[a"],
])("does not take %s for plain", (_what, source) => {
  expect(foldSource(source)).toBeNull();
});

test("lower case of a text is place by place the same, or not given", () => {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const char = String.fromCodePoint(point);
    const folded = foldText(char);
    if (folded === null) continue;
    if (folded.length !== char.length) expect.unreachable(`U+${point.toString(16)} grows`);
    // An ASCII letter comes only from its own upper case.
    if (/[a-z]/u.test(folded) && !/[A-Za-z]/u.test(char)) expect.unreachable(`U+${point.toString(16)} becomes ${folded}`);
  }
});

test.each(["i", "iu"])("with %s an ASCII letter matches nothing outside ASCII in a text that has a lower case", (flags) => {
  const patterns = ["[a-z]", "\\w"].map((source) => new RegExp(source, flags));
  for (let point = 0x80; point <= 0x10ffff; point += 1) {
    const char = String.fromCodePoint(point);
    if (foldText(char) !== null && patterns.some((pattern) => pattern.test(char))) expect.unreachable(`U+${point.toString(16)}`);
  }
});
