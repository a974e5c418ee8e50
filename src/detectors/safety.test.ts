import { describe, expect, it } from "vitest";
import { detectIn, type MadeFile } from "../../test/facts/context.ts";
import { factsOf } from "../core/fact.ts";
import { detector } from "./safety.ts";

const topics = async (files: Readonly<Record<string, MadeFile>>): Promise<readonly string[]> => [
  ...new Set(factsOf((await detectIn(detector, files)).facts, "safety").map(({ topic }) => topic)),
];
const inReadme = (text: string): Promise<readonly string[]> => topics({ "README.md": text });

describe("safety", () => {
  it("counts the publisher's own red-teaming", async () => {
    expect(await inReadme("We conducted extensive red teaming exercises before release.")).toEqual(["red-teaming"]);
    expect(await inReadme("我们在发布前进行了红队测试。")).toEqual(["red-teaming"]);
    expect(await inReadme("我們在發佈前進行了紅隊測試。")).toEqual(["red-teaming"]);
  });

  it("does not count advice to red-team, nor that none was done", async () => {
    expect(await inReadme("Developers should perform their own red teaming before deployment.")).toEqual([]);
    expect(await inReadme("We recommend that deployers do red teaming.")).toEqual([]);
    expect(await inReadme("We did not conduct any red teaming.")).toEqual([]);
    expect(await inReadme("建议开发者自行进行红队测试。")).toEqual([]);
  });

  it("counts a table of safety benchmarks and a study with a result, not a warning", async () => {
    expect(await inReadme("| Model | TruthfulQA | ToxiGen |\n|--|--|--|\n| Nimbus | 40.1 | 21.3 |\n")).toEqual(["safety-evaluation"]);
    expect(await inReadme("Our evaluation of gender bias found that pronouns were stereotyped in 12 % of answers.")).toEqual([
      "safety-evaluation",
    ]);
    expect(await inReadme("The model may show bias and can be toxic.")).toEqual([]);
    expect(await inReadme("| Model | TruthfulQA |\n|--|--|\n| Nimbus | 40.1 |\n")).toEqual([]);
  });

  it("names guard models, not guarding in general", async () => {
    expect(await inReadme("Use Llama Guard 3 to filter prompts.")).toEqual(["guard-model"]);
    expect(await inReadme("We ship a safety checker.")).toEqual(["guard-model"]);
    expect(await inReadme("Staging guards against misuse.")).toEqual([]);
  });

  it("finds a usage policy in a link, in a file of its own and inside a license", async () => {
    expect(await inReadme("Use must follow the [Acceptable Use Policy](https://a.example/aup).")).toEqual(["usage-policy"]);
    expect(await inReadme("使用须遵守《使用政策》。")).toEqual(["usage-policy"]);
    expect(await topics({ "USE_POLICY.md": "# Nimbus rules\n" })).toEqual(["usage-policy"]);
    expect(await topics({ LICENSE: "Attachment A: Use Restrictions. You agree not to use the Model for the following." })).toEqual([
      "usage-policy",
    ]);
    expect(await topics({ LICENSE: "Permission is hereby granted, free of charge, to any person to use the Software." })).toEqual([]);
    expect(await topics({ "SECURITY_POLICY.md": "# Security policy\nReport bugs by mail.\n" })).toEqual([]);
  });
});
