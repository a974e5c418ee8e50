import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsInReadme } from "../../test/facts/context.ts";
import { detector } from "./openness-claim.ts";

const claims = async (text: string, ref = "hf:skylab/nimbus-7b"): Promise<readonly string[]> =>
  (await factsInReadme(detector, "openness-claim", text, ref)).map(({ claim }) => claim);

describe("openness-claim", () => {
  it.each([
    "We open-source our Nimbus series, from 1B to 70B models.",
    "The following models are open-sourced:",
    "Nimbus-7B is an open-source bilingual language model.",
    "We have made Nimbus 7B Base open source for the research community.",
    "It is our attempt at creating an open-source chatbot.",
    "With it we present Nimbus, producing the currently strongest open-source base model.",
    "We released Nimbus: An Open-Source Chatbot that runs anywhere",
    "Nimbus-7B 是一个开源的、支持中英双语的对话语言模型。",
    "我们开源了 Nimbus 系列模型。",
    "我們開源了 Nimbus 系列模型。",
    "本仓库的代码和权重依照 Apache-2.0 协议开源。",
  ])("takes for a claim: %s", async (text) => expect(await claims(text)).toHaveLength(1));

  it.each([
    "Nimbus outperforms other open-source models and is close to closed ones.",
    "Nimbus is better than any open-source chat model we tested.",
    "We compare with the strongest open-source models.",
    "We use our open source library Cirrus for training.",
    "We open-source a benchmark for testing models.",
    "Rival-13B is an open-source language model.",
    "Nimbus is not an open-source model.",
    "We plan to open-source the model.",
    "Thanks to the open-source community.",
    "```\n<|SYSTEM|>Nimbus is a helpful open-source AI language model.\n```",
    "System: Nimbus is an open-source AI language model.",
    "我们在已开源的中文评测数据集上测试模型。",
    "性能超越其他开源模型。",
    "模型尚未开源。",
    "SWIFT 是一个开源的模型训练框架。",
  ])("does not take for a claim: %s", async (text) => expect(await claims(text)).toEqual([]));

  it("takes a file of others for no claim", async () => {
    expect(await claims("## Related projects\n\nThis is an open-source chatbot made by friends.")).toEqual([]);
  });

  it("stays quick on hostile sentences", async () => {
    for (const unit of ["we open-source ", "open source model ", "is an open-source ", "the the the ", "开源了模型", "made open "])
      await claims(unit.repeat(20_000));
  });

  it("never throws on any text", async () => {
    const word = fc.constantFrom("we", "open-source", "our", "model", "is", "an", ".", "Nimbus", ":", "开源", "模型", "我们", "\n", "(");
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => void (await claims(words.join(" ")))),
      { numRuns: 100 },
    );
  });
});
