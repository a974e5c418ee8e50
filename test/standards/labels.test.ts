import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareText } from "../../src/core/text.ts";
import { type Judgement, judge } from "../../src/standards/judge.ts";
import { viewOfLabels } from "./labels.ts";

const folder = join(import.meta.dirname, "../../../shared/corpus/releases");
const isAbsent = !existsSync(folder);
if (isAbsent) console.warn(`skipped: ${folder} is not there, so no real release was judged from its labels`);

const names = isAbsent ? [] : readdirSync(folder).sort(compareText);
const judgeLabels = (name: string): Judgement => judge(viewOfLabels(join(folder, name, "labels.json")));
const osaid = (name: string): string | undefined => judgeLabels(name).verdicts.find(({ standard }) => standard === "osaid-1.0")?.result;

describe.skipIf(isAbsent)("real releases, judged from a careful reader's labels", () => {
  it("are 31, and none meets OSAID by itself", () => {
    expect(names.length).toBe(31);
    expect(names.filter((name) => osaid(name) === "met")).toEqual([]);
  });

  it.each(["meta-llama__llama", "meta-llama__llama-models", "xai-org__grok-1", "databricks__dbrx", "google__gemma_pytorch"])(
    "%s meets no standard",
    (name) => {
      expect(judgeLabels(name).verdicts.filter(({ result }) => result === "met")).toEqual([]);
      expect(osaid(name)).toBe("not-met");
      expect(judgeLabels(name).headline.word).toBe("ajar");
    },
  );

  it.each(["EleutherAI__pythia", "allenai__OLMo", "LLM360__amber-train", "google-research__text-to-text-transfer-transformer"])(
    "%s does not fail OSAID",
    (name) => {
      expect(osaid(name)).toBe("unknown");
    },
  );

  it("give Llama 2 the label Weights Available", () => {
    expect(judgeLabels("meta-llama__llama").headline).toMatchObject({ word: "ajar", label: "weights-available-ai" });
  });
});
