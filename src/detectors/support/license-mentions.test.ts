import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aboutOf, isBare } from "./license-about.ts";
import { findMentions } from "./license-mentions.ts";
import { knownNameAt, unknownNameAt } from "./license-names.ts";

const own = new Set(["tern", "tern7b", "山雀"]);

describe("names of licenses", () => {
  it.each([
    ["Apache License, Version 2.0 applies", "Apache-2.0"],
    ["Apache2.0协议", "Apache-2.0"],
    ["CC BY-NC-SA 4.0.", "CC-BY-NC-SA-4.0"],
    ["CC-BY-4.0 license", "CC-BY-4.0"],
    ["Creative Commons BY-SA 4.0", "CC-BY-SA-4.0"],
    ["GPLv3 or later", "GPL-3.0"],
    ["MIT许可证", "MIT"],
    ["木兰宽松许可证 第2版", "MulanPSL-2.0"],
    ["署名-非商业性使用 4.0", "CC-BY-NC-4.0"],
    ["署名-禁止演绎 4.0", "CC-BY-ND-4.0"],
  ])("%s", (text, id) => {
    expect(knownNameAt(text)?.license?.id).toBe(id);
  });

  it("without a version are families", () => {
    expect(knownNameAt("CC BY-NC license")).toEqual({ license: null, name: "CC BY-NC" });
    expect(knownNameAt("知识共享署名协议")?.license ?? null).toBeNull();
  });

  it.each([
    "Model License",
    "Open Source License",
    "Apache Custom License",
    "Contributor License Agreement",
    "the Petrel License",
    "License Agreement 2.0",
  ])("of nobody in particular are no titles: %s", (text) => {
    expect(unknownNameAt(text)).toBeNull();
  });

  it.each([
    "Petrel License",
    "Petrel Model License Agreement v2.0",
    "Petrel Terms of Use",
    "《海燕模型许可协议》",
    "Petrel 系列模型社区许可协议",
  ])("with a title of their own: %s", (text) => {
    expect(unknownNameAt(text)?.name).toBe(text);
  });
});

describe("what a statement is about", () => {
  it.each([
    ["The code of Tern is", ""],
    ["The weights of this model are", ""],
    ["Tern-7B is", ""],
    ["Tern-7B-Chat is", "chat"],
    ["Tern-13B and Tern 2 are", "13b 2"],
    ["Base model checkpoints are", "base"],
    ["Kestrel's weights are", "kestrel"],
    ["V2 models are", "v2"],
    ["On 2024-01-05 the model was", ""],
    ["The GPL-3.0 text, then", ""],
    ["山雀大模型的权重", ""],
    ["红隼大模型的权重", "红隼"],
    ["对话模型的权重", "对话"],
  ])("%s -> %s", (words, about) => {
    expect(aboutOf(words, own)).toBe(about);
  });

  it.each([
    ["Tern is released under the", true],
    ["License:", true],
    ["本项目采用", true],
    ["The figures are released under", false],
    ["训练脚本采用", false],
  ])("%s is bare: %s", (words, bare) => {
    expect(isBare(words, own)).toBe(bare);
  });
});

describe("any text", () => {
  const piece = fc.constantFrom(
    "MIT",
    "Apache 2.0",
    " license",
    "CC BY-NC ",
    "4.0",
    "采用",
    "协议",
    "。",
    "under the ",
    "《",
    "》",
    "Petrel ",
    "Community License ",
    "or ",
    "from ",
    "to ",
    "不",
    "与",
  );
  const words = fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 40 }).map((pieces) => pieces.join(""));

  it("gives names in order, inside it, that do not overlap", () => {
    fc.assert(
      fc.property(words, (text) => {
        const mentions = findMentions({ text }, []);
        let end = 0;
        for (const mention of mentions) {
          expect(mention.start).toBeGreaterThanOrEqual(end);
          expect(mention.end).toBeLessThanOrEqual(text.length);
          expect(text.slice(mention.start, mention.end)).toBe(mention.name);
          end = mention.end;
        }
        expect(mentions.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it("is about something, or nothing, and never about a name of the release alone", () => {
    fc.assert(
      fc.property(words, (text) => {
        const about = aboutOf(text, own);
        expect(own.has(about)).toBe(false);
        expect(aboutOf("Tern", own)).toBe("");
        expect(typeof isBare(text, own)).toBe("boolean");
      }),
    );
  });
});
