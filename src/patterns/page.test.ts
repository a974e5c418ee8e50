// The page that began this: five kinds of damage, each found at its place, with something to do about it.
import { describe, expect, test } from "vitest";
import { damagedPage } from "../../test/support/damaged-page.ts";
import { LANGUAGES } from "../reports/language.ts";
import { lookup } from "../reports/messages.ts";
import { compilePatterns } from "./compile.ts";
import { patternRules } from "./rule.ts";

const { text, clean } = damagedPage();
const set = compilePatterns();
const hits = set.find(text);

function quotes(pattern: string): readonly string[] {
  return hits.filter((hit) => hit.pattern === pattern).map(({ start, end }) => text.slice(start, end));
}

describe("a damaged page", () => {
  test("is damaged as the one that was found: a bracket lost, characters shifted, a lone sign left", () => {
    expect(text).toMatch(/因\?yàn\)/);
    expect(text).not.toContain("版權歸");
  });

  test("has its line for search engines", () => {
    const [line] = text.split("\n");
    expect(quotes("spam/pipe-list")).toEqual([line]);
    expect(hits.find(({ pattern }) => pattern === "spam/pipe-list")?.start).toBe(0);
  });

  test("has its damage from a replacement of bytes", () => {
    expect(quotes("damage/annotation-cut")).toEqual(["?yàn)", "?yàn)"]);
    expect(quotes("damage/gbk-shift").length).toBeGreaterThan(0);
    for (const quote of quotes("damage/gbk-shift")) expect(quote).toMatch(/[\u3400-\u9fff][A-Z_@]$/);
  });

  test("has its readings", () => {
    expect(quotes("disguise/pinyin-annotation")).toContain("權(quán)");
    expect(new Set(quotes("disguise/pinyin-annotation")).size).toBeGreaterThanOrEqual(5);
  });

  test("has its copyright line, which the readings hide from a plain search", () => {
    expect(quotes("copyright/zh-reserved")).toEqual(["版權(quán)歸原作者所有"]);
    expect(quotes("copyright/zh-conditional")).toEqual(["轉(zhuǎn)載(zài)請註明"]);
    expect(quotes("copyright/zh-takedown")).toEqual(["侵權(quán),請聯繫我們刪除"]);
  });

  test("has its address of mail", () => {
    expect(quotes("personal/email-role")).toEqual(["editor@site-of-no-one.com"]);
  });

  test.each(LANGUAGES)("is told with reason and remedy in %s", (language) => {
    const rules = new Map(patternRules().map((rule) => [rule.id, rule]));
    for (const { pattern } of hits)
      for (const id of Object.values(rules.get(pattern)?.messages ?? {})) expect(lookup(id, language)?.length).toBeGreaterThan(3);
  });

  test("before it was damaged has rights, terms and an address only", () => {
    expect([...new Set(set.find(clean).map(({ pattern }) => pattern))].sort()).toEqual([
      "copyright/zh-conditional",
      "copyright/zh-reserved",
      "copyright/zh-takedown",
      "personal/email-role",
    ]);
  });
});
