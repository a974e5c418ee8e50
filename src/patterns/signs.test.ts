import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureNamed } from "./measures/index.ts";
import { type MeasureRule, patternRules } from "./rule.ts";
import { type Sign, SignFinder, units } from "./signs.ts";

const measured = patternRules().filter(
  (rule): rule is MeasureRule => rule.kind === "measure" && measureNamed(rule.measure).signs !== undefined,
);

/** What signs are made of, and what stands beside it in texts that measures find something in. */
const UNITS = [
  ..."aBz 权為为小学们的一，。？！、,.?!()（）[]「」/-_@^~|·•*'ā ǎ é à ü Ã©Â»В р е о α ν ０Ａ\n\t",
  ..."\u00a0\u00ad\u00b7\u200b\u202e\u2067\ue000\uf8ff\ufeff\ud835\udc00ﾃﾂ가힣鐨勬銆锟斤拷",
];
const plain = fc.array(fc.constantFrom(...UNITS), { maxLength: 60 }).map((list) => list.join(""));
const words = fc.array(fc.constantFrom("的问题", "это", "café", "κόσμε", "한국어", "don’t", "版权所有", "（bǎn）", "naïve—", "ok "), {
  maxLength: 12,
});
const ENCODINGS = ["gbk", "big5", "shift_jis", "euc-kr", "windows-1252", "windows-1251", "koi8-r", "iso-8859-2", "ibm866", "macintosh"];
/** UTF-8 read as something else, cut anywhere. */
const damaged = fc
  .tuple(words, fc.constantFrom(...ENCODINGS), fc.nat(8), fc.nat(8))
  .map(([list, encoding, from, less]) => new TextDecoder(encoding).decode(Buffer.from(list.join("")).subarray(from, -1 - less)));
/** What a page is left with by a replacement of bytes, by converters and by who hides words. */
const pieces = fc.constantFrom(
  "为?yàn)一",
  "一。的?!们",
  "的.一.们",
  "的\u200b一",
  "\n\u00a0\n\n",
  "的,一,们。权(quán)",
  "的?yàn)嘂鐨E一",
  "пaypal",
);
const joinedWords = words.map((list) => list.join(""));
const texts = fc.array(fc.oneof(plain, damaged, joinedWords, pieces), { maxLength: 5 }).map((parts) => parts.join(""));

function told(rule: MeasureRule, text: string, signs: number): readonly unknown[] {
  const found: unknown[] = [];
  // As easily as can be: a rule's own limits ask for more than a few random pieces hold.
  const limits = Object.fromEntries(Object.entries(rule.limits).map(([name, limit]) => [name, Math.min(limit, 1)]));
  measureNamed(rule.measure).find(text, { limits, terms: rule.terms, signs }, (...place) => found.push(place));
  return found;
}

describe("signs", () => {
  test("are there exactly where an expression finds them, however many are looked for", () => {
    const signs: readonly Sign[] = [
      { first: units("<han>"), second: units("(（") },
      { first: null, second: units("\u200b\ue000-\uf8ff") },
      { first: units("a-z"), second: units("a-zA-Z") },
    ];
    const expressions = [/[\u3400-\u9fff][(（]/, /[\u200b\ue000-\uf8ff]/, /[a-z][a-zA-Z]/];
    const finder = new SignFinder(signs);
    fc.assert(
      fc.property(texts, (text) => {
        const bits = finder.find(text);
        expect(signs.map((sign) => (bits & finder.maskOf([sign])) !== 0)).toEqual(expressions.map((one) => one.test(text)));
      }),
    );
  });

  test.each(measured.map((rule) => [rule.id, rule] as const))(
    "%s finds nothing in a text without its signs, and the same with all",
    (_, rule) => {
      const signs = measureNamed(rule.measure).signs ?? [];
      const finder = new SignFinder(signs);
      let hits = 0;
      fc.assert(
        fc.property(texts, (text) => {
          const bits = finder.find(text);
          const all = told(rule, text, -1);
          hits += all.length;
          expect(bits === 0 ? [] : told(rule, text, bits)).toEqual(all);
        }),
        { numRuns: 2_000 },
      );
      // Texts in which nothing is ever found would agree whatever the signs say.
      expect(hits).toBeGreaterThan(0);
    },
  );

  test("are refused where there are more than bits", () => {
    const many = Array.from({ length: 32 }, (): Sign => ({ first: null, second: units("a") }));
    expect(() => new SignFinder(many)).toThrow(RangeError);
  });
});
