import { describe, expect, it } from "vitest";
import { MAX_PASSAGE_CHARS, type Passage } from "./passages.ts";
import { loadStatementRules, matchStatements } from "./statements.ts";

const NAMES = ["safety", "openness-claim", "usage-info", "data-aspects", "access", "duties"];

function passage(text: string): Passage {
  const artifact = {
    path: "README.md",
    sizeBytes: 1,
    content: "readable",
    roles: ["readme", "license"],
    digest: "sha256:00",
    text,
    thirdParty: false,
  } as const;
  return { artifact, kind: "paragraph", text, startLine: 1, endLine: 1, under: ["Training data"], before: "" };
}

describe.each(NAMES)("rules/detectors/%s.yaml", (name) => {
  it("compiles, with an id for each rule that no other has", () => {
    const ids = loadStatementRules(name).groups.flatMap(({ rules }) => rules.map(({ topic, id }) => `${topic}/${id}`));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("stays quick on the longest passages made of its own words", () => {
    const units = [
      "we open-source ",
      "is an open source model ",
      "data training from web ",
      "request access form ",
      "red team we ",
      "not not ",
      "may be biased ",
      "开源了模型",
      "数据来自",
      ", ",
      "a ",
    ];
    const rules = loadStatementRules(name);
    for (const unit of units) {
      for (let round = 0; round < 10; round += 1)
        matchStatements(rules, passage(unit.repeat(MAX_PASSAGE_CHARS).slice(0, MAX_PASSAGE_CHARS)), () => false);
      // 10 rounds: well under 100 ms each on a busy machine; cubic patterns take seconds.
    }
  });
});
