import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCounter, splitSentences } from "./sentences.ts";

const texts = (text: string): readonly string[] => splitSentences(text).map((sentence) => sentence.text);

describe("splitSentences", () => {
  it("cuts English at full stops but not inside numbers, abbreviations or URLs", () => {
    expect(texts("We used 2.0T tokens, e.g. from the web. See https://a.b/c.html for more! Done?")).toEqual([
      "We used 2.0T tokens, e.g. from the web.",
      "See https://a.b/c.html for more!",
      "Done?",
    ]);
  });

  it("cuts Chinese at its own marks", () => {
    expect(texts("模型已开源。权重另有许可！是否商用？请看协议；谢谢")).toEqual([
      "模型已开源。",
      "权重另有许可！",
      "是否商用？",
      "请看协议；",
      "谢谢",
    ]);
  });

  it("does not end a sentence at a line break, only at a blank line", () => {
    expect(texts("one line\ngoes on. Two\n\nthree")).toEqual(["one line\ngoes on.", "Two", "three"]);
  });

  it("covers every character that is not white space, in order", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "B", "7", ".", "。", "!", "\n", " ", '"', "）", ",") }), (text) => {
        const sentences = splitSentences(text);
        expect(
          sentences
            .map((one) => one.text)
            .join("")
            .replace(/\s/gu, ""),
        ).toBe(text.replace(/\s/gu, ""));
        for (const { start, end, text: words } of sentences) expect(text.slice(start, end)).toBe(words);
      }),
    );
  });
});

describe("lineCounter", () => {
  it("gives the line of each offset, never past the block", () => {
    const lineOf = lineCounter({ startLine: 10, endLine: 11 }, "a\nb\nc");
    expect([0, 1, 2, 4].map(lineOf)).toEqual([10, 10, 11, 11]);
  });
});
