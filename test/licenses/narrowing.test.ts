import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LicenseMatch } from "../../src/core/license.ts";
import { identifyLicenses } from "../../src/licenses/identify.ts";
import { narrowingIn, narrowingTerms, reservation } from "../../src/licenses/narrowing.ts";
import { licenseById } from "../../src/licenses/records.ts";
import { brief, hasShared, sharedTexts, spdxText, spdxTexts } from "./texts.ts";

const SIMPLIFIED = `山雀大模型许可协议

第一条 定义
“许可方”是指山雀科技有限公司。“模型”是指山雀系列大语言模型的权重与参数。

第二条 许可授予
在遵守本协议条款的前提下，许可方授予您一项非排他、不可转让、不可撤销、免版税的版权许可，用于使用、复制和修改本模型。

第三条 使用限制
1. 您不得将本模型用于军事或任何违法目的。
2. 您不得使用本模型的输出训练或改进其他大语言模型。
3. 如您的产品或服务月活跃用户超过 1 亿，您须另行向许可方申请授权。
4. 商业使用须向许可方登记并取得书面授权。

第四条 免责声明
本模型按“原样”提供，许可方不提供任何明示或默示的担保，亦不承担任何责任。
`;

const TRADITIONAL = `藍鵲模型授權協議

一、定義：「授權人」指藍鵲科技股份有限公司。
二、授權：授權人授予您非專屬、不可轉讓之著作權授權，僅限學術研究使用。
三、限制：您不得將本模型用於商業用途，亦不得散布或轉讓本模型。
四、免責：本模型依現狀提供，授權人不負任何擔保責任。
五、準據法：本協議依中華民國法律解釋。
`;

/** The one unknown text among the matches, with its terms as `term@clause:line`. */
function located(text: string): readonly string[] {
  const unknown = identifyLicenses(text).filter(
    (match): match is Extract<LicenseMatch, { outcome: "unknown-license" }> => match.outcome === "unknown-license",
  );
  expect(unknown.map(({ form }) => form)).toEqual(["text"]);
  return (unknown[0]?.restrictions ?? []).map(({ term, clause, span }) => `${term}@${clause}:${span.kind === "lines" ? span.start : ""}`);
}

describe("a license written only in Chinese", () => {
  it("is an unknown license with its narrowing sentences, clauses and lines", () => {
    expect(located(SIMPLIFIED)).toEqual([
      "field-of-use@1:10",
      "no-training-other-models@2:11",
      "user-threshold@3:12",
      "separate-commercial-license@4:13",
    ]);
  });

  it("is heard in Traditional characters", () => {
    expect(located(TRADITIONAL)).toEqual(["research-only@二:4", "non-commercial@三:5", "no-redistribution@三:5", "field-of-use@三:5"]);
  });

  it("is one where a title and a sentence are all there is", () => {
    expect(located("模型使用许可协议\n\n本模型仅供学术研究使用，禁止商业使用。\n")).toEqual(["non-commercial@:3", "research-only@:3"]);
    expect(identifyLicenses("模型使用说明\n\n安装依赖后即可运行，仅供参考。\n")).toEqual([]);
  });

  it.each(["MulanPSL-1.0", "MulanPSL-2.0"])("%s is itself in either of its languages", (id) => {
    const text = spdxText(id);
    const middle = text.indexOf("Mulan Permissive Software License");
    expect([text, text.slice(0, middle), text.slice(middle)].map((part) => identifyLicenses(part).map(brief))).toEqual([[id], [id], [id]]);
  });

  it.skipIf(!hasShared)("ChatGLM's is itself in Chinese, in English, and in both", () => {
    const text = sharedTexts().find(({ id }) => id === "chatglm-6b-model-license")?.text ?? "";
    const middle = text.indexOf("1. Definitions");
    for (const part of [text, text.slice(0, middle), text.slice(middle)]) {
      const [match, ...others] = identifyLicenses(part);
      expect([match === undefined ? "" : brief(match), others]).toEqual(["LicenseRef-ChatGLM-6B", []]);
      expect(match?.outcome === "identified" && match.restrictions.every(({ quote }) => quote !== "")).toBe(true);
    }
  });
});

describe("a notice that reserves all rights", () => {
  it.each([
    "版权所有 © 2024 山雀科技。保留所有权利。",
    "版權所有 2024 藍鵲。未經授權不得轉載。",
    "未经许可不得转载",
    "Copyright 2024 Acme. All rights reserved.",
    "No part of this repository may be used without written permission.",
  ])("grants nothing: %s", (text) => {
    expect(identifyLicenses(text).map(brief)).toEqual(["-> LicenseRef-All-Rights-Reserved"]);
    expect(licenseById("LicenseRef-All-Rights-Reserved")?.kind).toBe("proprietary");
  });

  it.each([
    "Copyright 2024 Acme. All rights reserved. Licensed under the MIT License.",
    "版权所有 © 2024 山雀科技。本项目采用 MIT 许可证。",
    "This page lists all rights that users have.",
  ])("does not when something is granted or nothing reserved: %s", (text) => {
    expect(identifyLicenses(text).map(brief)).not.toContain("-> LicenseRef-All-Rights-Reserved");
  });

  it("is a ban only when it forbids", () => {
    expect(["版权所有 © 2024", "未经许可不得使用", "We reserve a table"].map(reservation)).toEqual(["reserved", "banned", null]);
  });
});

describe("sentences that narrow use", () => {
  it("are found in no open license but those that limit research or results themselves", () => {
    const open = spdxTexts().filter(({ id }) => ["osi-approved", "open-data"].includes(licenseById(id)?.kind ?? ""));
    expect(open.length).toBeGreaterThan(150);
    const narrow = open.filter(({ text }) => narrowingIn(text).some(({ term }) => term !== "revocable")).map(({ id }) => id);
    // APSL 1.x and Watcom limit some uses to internal research; NLOD forbids misleading ones; RPSL and OCLC forbid one thing each in passing.
    expect(narrow.filter((id) => !/^(?:APSL-1|Watcom|NLOD|RPSL|OCLC)/u.test(id))).toEqual([]);
  });

  it.skipIf(!hasShared)("are found in every AI license that is not permissive", () => {
    const none = sharedTexts()
      .filter(({ text }) => narrowingIn(text).length === 0)
      .map(({ id }) => id);
    expect(none).toEqual(["apple-ml-ferret-2023", "openmdw-1.0", "openmdw-1.1"]);
  });

  it("lie inside the text, each with a quote, whatever the text", () => {
    const piece = fc.constantFrom(
      "不得",
      "商用",
      "用于",
      "。",
      "\n",
      "1. ",
      "研究",
      "仅供",
      "You may not use ",
      "the model ",
      "commercially. ",
      "（二）",
      "第三条 ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const lines = text.split("\n").length;
        for (const { span, quote, term } of narrowingIn(text)) {
          expect(quote).not.toBe("");
          expect(narrowingTerms(quote.replace(/…$/u, "")).length + term.length).toBeGreaterThan(0);
          expect(span.kind === "lines" && span.start >= 1 && span.end >= span.start && span.end <= lines).toBe(true);
        }
        expect(Array.isArray(identifyLicenses(text))).toBe(true);
      }),
    );
  });
});
