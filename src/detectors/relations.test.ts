import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectIn, type MadeFile } from "../../test/facts/context.ts";
import { factsOf } from "../core/fact.ts";
import { detector } from "./relations.ts";

const read = async (files: Readonly<Record<string, MadeFile>>): Promise<readonly string[]> =>
  factsOf((await detectIn(detector, files)).facts, "relation").map(
    ({ relation, target, evidence }) => `${relation} ${target} ${evidence[0].method}`,
  );
const told = (text: string): Promise<readonly string[]> => read({ "README.md": text });

describe("relations", () => {
  it("reads parents and data sets from front matter with their lines", async () => {
    const card = "---\nbase_model:\n  - a/base\nbase_model_relation: quantized\ndatasets: [c/one, c/two]\n---\n# Nimbus\n";
    expect(await told(card)).toEqual(["quantized a/base front-matter", "dataset c/one front-matter", "dataset c/two front-matter"]);
    const { facts } = await detectIn(detector, { "README.md": card });
    expect(facts[0]?.evidence[0].span).toEqual({ kind: "lines", start: 3, end: 3 });
  });

  it("takes several bases with a merge tag for a merge", async () => {
    expect(await told("---\nbase_model: [a/x, b/y]\ntags: [merge]\n---\n")).toEqual(["merge a/x front-matter", "merge b/y front-matter"]);
  });

  it("reads what configs and the host say", async () => {
    expect(
      await read({
        "config.json": '{"_name_or_path": "a/base"}',
        "adapter_config.json": '{"base_model_name_or_path": "a/base"}',
        "@host/model.json": '{"tags": ["base_model:finetune:a/base", "dataset:c/one", "en"]}',
      }),
    ).toEqual(["base-model a/base config", "adapter a/base config", "finetune a/base host-record", "dataset c/one host-record"]);
  });

  it("reads parents from English and Chinese prose, preferring the link", async () => {
    expect(await told("# Nimbus\n\nNimbus is fine-tuned from Cirrus-7B on public chats.")).toEqual(["finetune Cirrus-7B text"]);
    expect(await told("# Nimbus\n\nNimbus is fine-tuned from [Cirrus-7B](https://huggingface.co/skylab/Cirrus-7B).")).toEqual([
      "finetune skylab/Cirrus-7B text",
    ]);
    expect(await told("本模型基于 Cirrus-7B 微调而来。")).toEqual(["finetune Cirrus-7B text"]);
    expect(await told("本模型基於 Cirrus-7B 微調而來。")).toEqual(["finetune Cirrus-7B text"]);
    expect(await told("This model was distilled from Stratus-70B.")).toEqual(["distilled Stratus-70B text"]);
  });

  it("takes comparisons, instructions and negations for none", async () => {
    expect(await told("Unlike models fine-tuned from Cirrus-7B, Nimbus is new.")).toEqual([]);
    expect(await told("You can run a script to get models fine-tuned from Cirrus-7B.")).toEqual([]);
    expect(await told("Rival is fine-tuned from scratch.")).toEqual([]);
    expect(await told("在 oasst1 数据集上微调模型。")).toEqual([]);
  });

  it("survives any front matter and config", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        await read({
          "config.json": json,
          "adapter_config.json": json,
          "@host/model.json": json,
          "README.md": `---\nbase_model: ${json}\ndatasets: ${json}\ntags: ${json}\n---\n`,
        });
      }),
      { numRuns: 60 },
    );
  });
});
