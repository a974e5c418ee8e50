import { describe, expect, test } from "vitest";
import { alternativesOf } from "./literals.ts";

describe("the words that an alternative cannot do without", () => {
  test.each([
    [String.raw`\blicen[sc]e\b`, [["licen"]]],
    ["(?:model|data)\\s", [["model", "data"]]],
    ["colou?r", [["colo"]]],
    ["(?:weights){0,2}x", []],
    ["(?!never)always", [["always"]]],
    ["(?:one|.)two?", [["tw"]]],
    [String.raw`\u0041bc`, [["bc"]]],
    ["de{2}f", [["de"]]],
    ["", []],
    ["(?:may|must)[^.]{0,9}(?:train|evaluate)\\s+models", [["models"], ["train", "evaluate"], ["may", "must"]]],
    ["(?:red)?(?:team\\s+(?:work|effort))", [["team"], ["work", "effort"]]],
  ])("of %s are %j", (source, needs) => {
    expect(alternativesOf(source)).toEqual([{ source, needs, isWord: false }]);
  });

  test("are told for each alternative, and whether it is a word and nothing else", () => {
    expect(alternativesOf("red[\\s-]?team|\\.safe|红队")).toEqual([
      { source: "red[\\s-]?team", needs: [["team"], ["red"]], isWord: false },
      { source: "\\.safe", needs: [[".safe"]], isWord: true },
      { source: "红队", needs: [["红队"]], isWord: true },
    ]);
  });

  test.each(["(?i:odd)", "(open", "shut)"])("are not told of %s", (source) => {
    expect(alternativesOf(source)).toBeNull();
  });
});
