import { describe, expect, test } from "vitest";
import { literalsOf } from "./literals.ts";
import { loadRules } from "./load.ts";
import { Pattern } from "./pattern.ts";

describe("the words that a pattern cannot do without", () => {
  test.each([
    [String.raw`\blicen[sc]e\b`, ["licen"]],
    ["red[\\s-]?team|红队", ["team", "红队"]],
    ["(?:model|data)\\s", ["model", "data"]],
    ["colou?r", ["colo"]],
    ["(?:weights){0,2}x", []],
    ["(?!never)always", ["always"]],
    ["(?:one|.)two?", ["tw"]],
    [String.raw`\u0041bc|de{2}f`, ["bc", "de"]],
    ["(?i:odd)", []],
    ["", []],
  ])("of %s are %j", (source, words) => {
    expect(literalsOf(source)).toEqual(words);
  });

  test("stand in everything that a rule's pattern matches, whatever the case", () => {
    const sources = new Set<string>();
    const visit = (value: unknown): void => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
      if (typeof value === "string" && !value.includes("@{")) sources.add(value);
    };
    visit([...loadRules("detectors").values()]);
    const texts = [...sources]
      .flatMap((source) => source.split(/[|()]/u))
      .map((text) => text.replace(/\\[sb]|[\\?+*]/gu, " ").toUpperCase());
    for (const source of sources) {
      const words = literalsOf(source);
      if (words.length === 0) continue;
      const regex = new RegExp(source, "i");
      const missed = texts.find((text) => regex.test(text) && !words.some((word) => text.toLowerCase().includes(word)));
      expect(missed, source).toBeUndefined();
    }
  });
});

test("a pattern answers as the regular expression does", () => {
  const pattern = new Pattern("safe|kelvin", "iu");
  expect(["SAFE", "safe", "ſafe", "\u212Aelvin", "other"].map((text) => pattern.test(text))).toEqual([true, true, true, true, false]);
  expect(pattern.exec("un-safe")?.index).toBe(3);
});
