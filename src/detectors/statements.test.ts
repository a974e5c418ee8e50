// Detectors that only apply their rules: what they say yes and no to, in both languages.
import { describe, expect, it } from "vitest";
import { detectIn } from "../../test/facts/context.ts";
import { detector as dataAspects } from "./data-aspects.ts";
import type { Detector } from "./detector.ts";
import { detector as duties } from "./duties.ts";
import { detector as usageInfo } from "./usage-info.ts";

async function topics(detector: Detector, text: string): Promise<readonly string[]> {
  const { facts } = await detectIn(detector, { "README.md": text });
  return facts.map((fact) =>
    fact.kind === "data-aspect" ? fact.aspect : fact.kind === "usage-info" ? fact.topic : fact.kind === "duty" ? fact.duty : fact.kind,
  );
}

describe("usage-info", () => {
  it("sees the five subjects that users must be told, and hardware", async () => {
    const card = [
      "Nimbus takes text. Input: text only.",
      "Nimbus is intended for dialogue in English.",
      "## Limitations\n\nThe model may produce incorrect answers.",
      "## Usage\n\n```python\nmodel = AutoModel.from_pretrained('nimbus')\n```",
      "Nimbus is a decoder-only transformer.",
      "It needs at least 16 GB of GPU memory.",
    ].join("\n\n");
    expect(new Set(await topics(usageInfo, card))).toEqual(
      new Set(["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"]),
    );
  });

  it("sees them in Chinese", async () => {
    const card =
      "模型支持文本与图像输入。\n\n模型具备推理能力。\n\n模型输出可能存在错误。\n\n采用 Transformer 架构。\n\n## 使用方法\n\n```\npython chat.py\n```\n\n至少需要 16GB 显存。\n";
    expect(new Set(await topics(usageInfo, card))).toEqual(
      new Set(["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"]),
    );
  });

  it("reads the hub's task and a config's architecture", async () => {
    const { facts } = await detectIn(usageInfo, {
      "README.md": "---\npipeline_tag: text-to-image\n---\n",
      "config.json": '{"architectures": ["NimbusForCausalLM"]}',
    });
    expect(facts.map(({ kind, evidence }) => [kind, evidence[0].method])).toEqual([
      ["usage-info", "front-matter"],
      ["usage-info", "config"],
    ]);
  });

  it("does not take a limitation of liability for a limitation", async () => {
    expect(await topics(usageInfo, "The clause on limitations of liability applies.")).toEqual([]);
  });
});

describe("data-aspects", () => {
  it.each([
    ["description", "Nimbus was trained on 2T tokens of web text and code."],
    ["provenance", "The training data was collected from Common Crawl and Wikipedia."],
    ["scope", "The pretraining data has a cutoff of September 2025."],
    ["collection", "We crawled web pages to build the training dataset with our own spider."],
    ["selection", "Documents of the corpus were selected with a quality classifier."],
    ["labelling", "Answers were ranked by human annotators."],
    ["processing", "We filtered and deduplicated the training data."],
    ["public-list", "The model was trained on RedPajama and The Stack."],
    ["third-party-list", "The training data includes licensed content from data vendors."],
    ["provenance", "训练数据来自公开网页。"],
    ["processing", "我們對訓練資料進行了清洗和去重。"],
    ["labelling", "数据由人工标注。"],
  ])("sees %s in: %s", async (aspect, text) => expect(await topics(dataAspects, text)).toContain(aspect));

  it.each([
    "We do not release the training data.",
    "We have not disclosed what data the model was trained on.",
    "我们未公开训练数据的来源。",
    "Fine-tune the model on your own data after filtering it.",
    "Evaluated on MMLU with human raters' benchmark labels.",
    "Unlike other models trained on RedPajama, ours is new.",
  ])("sees nothing in: %s", async (text) => expect(await topics(dataAspects, text)).toEqual([]));
});

describe("duties", () => {
  it("sees a copyright policy and a training-content summary", async () => {
    expect(await topics(duties, "See our [copyright policy](https://a.example/c).")).toEqual(["copyright-policy"]);
    expect(await topics(duties, "Our crawler respects robots.txt when it collects training data.")).toEqual(["copyright-policy"]);
    expect(await topics(duties, "Here is the public summary of training content.")).toEqual(["training-content-summary"]);
    expect(await topics(duties, "请见训练内容摘要。")).toEqual(["training-content-summary"]);
  });

  it("does not take a copyright notice for a policy", async () => {
    expect(await topics(duties, "Copyright (c) 2025 Skylab. All rights reserved.")).toEqual([]);
  });
});
