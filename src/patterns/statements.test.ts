// Statements of rights, reservations, spam and disguises: what is one, and what only looks like it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawing } from "../../test/support/regex.ts";
import { compilePatterns, compileRules } from "./compile.ts";
import type { PatternArea } from "./hit.ts";
import { hashTerm } from "./measures/terms.ts";
import { patternRules } from "./rule.ts";

function finder(area: PatternArea): (text: string) => readonly string[] {
  const set = compilePatterns({ areas: [area] });
  return (text) => set.find(text).map(({ pattern, start, end }) => `${pattern.slice(area.length + 1)}: ${text.slice(start, end)}`);
}

describe("rights", () => {
  const found = finder("copyright");

  test.each([
    ["(c) 2021 Somebody. All rights\nreserved.", ["notice: (c) 2021", "reserved: All rights\nreserved"]],
    ["Copyright © 2019-2023 by Nobody", ["notice: Copyright © 2019-2023"]],
    ["No part of this book may be copied.", ["reserved: No part of this book"]],
    ["版权所有，未经许可不得转载", ["zh-reserved: 版权所有", "zh-reserved: 未经许可不得"]],
    [
      "著作權歸作者所有。商業轉載請聯繫作者，非商業轉載請註明出處。",
      ["zh-reserved: 著作權歸作者所有", "zh-conditional: 轉載請聯繫作者，非商業轉載請註明"],
    ],
    ["转载自某网，如有侵权请联系删除", ["zh-conditional: 转载自", "zh-takedown: 侵权请联系删除"]],
    ["本文仅代表作者观点", ["zh-disclaimer: 本文仅代表作者观点"]],
    ["版\u200b权\u200b所\u200b有", ["zh-reserved: 版\u200b权\u200b所\u200b有"]],
    ["版(bǎn)权(quán)所(suǒ)有", ["zh-reserved: 版(bǎn)权(quán)所(suǒ)有"]],
    ["Ａｌｌ ｒｉｇｈｔｓ ｒｅｓｅｒｖｅｄ", ["reserved: Ａｌｌ ｒｉｇｈｔｓ ｒｅｓｅｒｖｅｄ"]],
    ["無断転載を禁じます", ["ja-reserved: 無断転載を禁じ"]],
    ["ⓒ 신문, 무단 전재 및 재배포 금지", ["ko-reserved: 무단 전재 및 재배포 금지"]],
    ["Licensed under the MIT License", ["open-license: Licensed under the MIT"]],
    ["本作品采用知识共享署名 4.0 国际许可协议", ["open-license: 知识共享署名 4.0 国际许可协议"]],
    ["Send a DMCA notice", ["takedown: DMCA notice"]],
    ["Reprinted with permission.", ["conditional: Reprinted with permission"]],
    ["ISBN 978-3-16-148410-0", ["isbn: ISBN 978-3-16-148410-0"]],
  ])("in %j", (text, wanted) => {
    for (const one of wanted) expect(found(text)).toContain(one);
  });

  test.each([
    "Human rights are reserved seats for nobody; copyright law is taught in 2020.",
    "版本更新，權重公開，所有人都可以使用。",
    "他的作品未经修改。不得不说，禁止吸烟。",
    "We released under pressure; the train was licensed to run.",
    "ISBN 978-3-16-148410-1",
  ])("not in %j", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("reservations", () => {
  const found = finder("reservation");

  test.each([
    ["tdm-reservation: 1", "tdm-reservation: tdm-reservation: 1"],
    ['<meta name="tdm-reservation" content="1">', 'tdm-reservation: tdm-reservation" content="1'],
    ["tdm-policy: https://site.example/policy.json", "tdm-policy: tdm-policy: https://site.example/policy.json"],
    ["User-agent: GPTBot\nDisallow: /\n", "robots-ai: User-agent: GPTBot\nDisallow: /"],
    [
      "User-agent: CCBot\nUser-agent: Google-Extended\r\nDisallow: /\n",
      "robots-ai: User-agent: CCBot\nUser-agent: Google-Extended\r\nDisallow: /",
    ],
    ["X-Robots-Tag: noai, noimageai", "noai-meta: noai, noimageai"],
    ['<meta name="robots" content="noai">', "noai-meta: noai"],
    ["This text may not be used to train models.", "no-training-order: not be used to train"],
    ["未经授权，本内容不得用于人工智能训练。", "no-training-order: 不得用于人工智能训练"],
    ["무단 전재, AI 학습 이용 금지", "no-training-order: AI 학습 이용 금지"],
  ])("in %j", (text, wanted) => {
    expect(found(text)).toContain(wanted);
  });

  test.each([
    "tdm-reservation: 0",
    "User-agent: *\nDisallow: /tmp",
    "User-agent: GPTBot\nAllow: /",
    "noai is a word",
    "We do not train here; the model is not used.",
  ])("not in %j", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("spam", () => {
  const found = finder("spam");
  const draw = drawing(11);
  const words = Array.from({ length: 400 }, () => Array.from({ length: 2 + draw(7) }, () => String.fromCharCode(97 + draw(26))).join(""));
  const prose = Array.from({ length: 12 }, () => `${Array.from({ length: 14 }, () => words[draw(400)]).join(" ")}.`).join("\n");

  test("a list of phrases about something else, first or last", () => {
    const list = "cheap watches online | best casino bonus | download free movies | replica bags outlet | instant loans approved";
    expect(found(`${list}\n${prose}`)).toEqual([`pipe-list: ${list}`]);
    expect(found(`${prose}\n${list}`)).toEqual([`pipe-list: ${list}`]);
    expect(found(`The bonus casino of watches offers loans approved, free movies and replica bags.\n${prose}\n${list}`)).toEqual([]);
  });

  test("no table and no line in the middle", () => {
    expect(
      found("| name of thing | size of thing | colour of thing | weight of it | age of it |\n|---|---|---|---|---|\n| a | b | c | d | e |"),
    ).toEqual([]);
    expect(found(prose)).toEqual([]);
  });

  test("keywords in a row that repeat one of them", () => {
    const line = Array.from({ length: 20 }, (_, at) => `cheap watches ${words[at]}`).join(", ");
    expect(found(line)).toEqual([`keyword-stuffing: ${line.slice(0, 400)}`]);
    expect(found(words.slice(0, 30).join(", "))).toEqual([]);
  });

  test("links and little else", () => {
    expect(found(Array.from({ length: 12 }, (_, at) => `https://site${at}.org/${words[at]}/${words[at + 1]}`).join(" "))[0]).toMatch(
      /^link-stuffing/,
    );
    expect(found(`https://site.org/a ${prose}`)).toEqual([]);
  });

  test("terms of a list, three and more of them, by their hashes alone", () => {
    const [rule] = patternRules().filter(({ id }) => id === "spam/adult-terms");
    if (rule?.kind !== "measure") throw new Error("no such rule");
    expect(rule.terms.length).toBeGreaterThan(50);
    const terms = ["brackish", "tundra", "gable", "山水画", "田园"];
    const set = compileRules([{ ...rule, terms: terms.map(hashTerm) }]);
    const text = "Brackish water, a tundra and 山水画 in one place; brackish again";
    expect(set.find(text).map(({ start, end }) => text.slice(start, end))).toEqual(["Brackish", "tundra", "山水画", "brackish"]);
    expect(set.find("brackish tundra brackish")).toEqual([]);
  });

  test("runs of words that come again", () => {
    const sentence = `${words.slice(0, 12).join(" ")}. `;
    expect(found(sentence.repeat(10))[0]).toMatch(/^repeated-runs/);
    expect(found(`${prose} ${prose.slice(0, 60)}`)).toEqual([]);
  });
});

describe("disguises", () => {
  const found = finder("disguise");

  test.each([
    ["frее mоney", ["homoglyphs: frее", "homoglyphs: mоney"]],
    ["敏.感.词 is split", ["split-characters: 敏.感.词"]],
    ["pay\u202egnp.exe", ["bidi-controls: \u202e"]],
    ["v\u200bi\u200ba", ["zero-width: \u200b", "zero-width: \u200b"]],
    ["因(yīn)為(wéi)驗(yàn)證", ["pinyin-annotation: 因(yīn)", "pinyin-annotation: 為(wéi)", "pinyin-annotation: 驗(yàn)"]],
  ])("in %j", (text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });

  test.each([
    "Привет, world",
    "μm and α-helix, IL2Rγ",
    "重(chóng)庆的读音",
    "soft\u00adhyphen co\u00adoperation",
    "👨‍👩‍👧 می‌خواهم",
    "2023.10.5 版本1.2.3",
    "\u202bשלום\u202c",
  ])("not in %j", (text) => {
    expect(found(text)).toEqual([]);
  });
});

test("measures read any text, and much of it", () => {
  const set = compilePatterns({ areas: ["damage", "disguise", "spam", "copyright"] });
  const pieces = [
    "鐨",
    "锟",
    "Ã©",
    "вЂ™",
    "\ufffd",
    "汉(",
    "汉(ā",
    "因?yàn)",
    "?!",
    "版",
    "\ue000",
    "é",
    "敏.",
    "a\u200b",
    "|",
    ",",
    "http://a",
    "\u00a0\n",
    "АA",
    "\u202e",
    "?汉汉E",
  ];
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    for (const { start, end } of set.find(text)) if (!(end > start && end <= text.length)) expect.unreachable(piece);
  }
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 }), (parts) => {
      const text = parts.join("");
      for (const { start, end } of set.find(text)) if (!(start >= 0 && end > start && end <= text.length)) expect.unreachable(text);
    }),
  );
});
