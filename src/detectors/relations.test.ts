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

  it("hears relations that tags and libraries imply", async () => {
    expect(await told("---\nbase_model: a/base\nlibrary_name: peft\n---\n")).toEqual(["adapter a/base front-matter"]);
    expect(await told("---\nbase_model: a/base\ntags: [gguf]\n---\n")).toEqual(["quantized a/base front-matter"]);
    expect(await told("---\ntags: ['base_model:merge:a/x', 'dataset:c/one', en]\n---\n")).toEqual([
      "merge a/x front-matter",
      "dataset c/one front-matter",
    ]);
    const data = { "README.md": { text: "---\nsource_datasets: [original, extended|c/one]\n---\n", roles: ["data-card"] as const } };
    expect(await read(data)).toEqual(["source-data c/one front-matter"]);
  });

  it("reads the parts of a composed model, quantised configs and the host's list of base models", async () => {
    const config = { _name_or_path: "./", text_config: { _name_or_path: "a/text" }, vision_config: { _name_or_path: "b/eyes" } };
    expect(await read({ "config.json": JSON.stringify(config) })).toEqual(["base-model a/text config", "base-model b/eyes config"]);
    const quantized = { _name_or_path: "a/base", quantization_config: { bits: 4 } };
    expect(await read({ "config.json": JSON.stringify(quantized) })).toEqual(["quantized a/base config"]);
    const files = { "quantize_config.json": { text: '{"bits": 4, "model_name_or_path": "a/base"}', roles: ["config"] as const } };
    expect(await read(files)).toEqual(["quantized a/base config"]);
    const record = { tags: ["base_model:a/base", "base_model:adapter:a/base"], baseModels: { relation: "adapter", models: ["a/base"] } };
    expect(await read({ "@host/model.json": JSON.stringify(record) })).toEqual(["adapter a/base host-record"]);
    expect(await read({ "@host/model.json": JSON.stringify({ ...record, tags: [] }) })).toEqual(["adapter a/base host-record"]);
  });

  const MERGE =
    "slices:\n- sources:\n  - model: a/x\n    layer_range: [0, 8]\n  - model: b/y+c/lora\nbase_model: d/base\nmerge_method: ties\n";

  it("reads merge configurations, as files and shown in cards, with their lines", async () => {
    const file = { text: MERGE, roles: ["config"] as const };
    const merged = ["merge d/base config", "merge a/x config", "merge b/y config", "merge c/lora config"];
    expect(await read({ "mergekit_config.yml": file })).toEqual(merged);
    expect(await told(`# N\n\n\`\`\`yaml\n${MERGE}\`\`\`\n`)).toEqual(merged);
    const { facts } = await detectIn(detector, { "README.md": `# N\n\n\`\`\`yaml\n${MERGE}\`\`\`\n`, "mergekit_config.yml": file });
    const places = factsOf(facts, "relation").map(
      ({ evidence: [{ path, span }] }) => `${path} ${span?.kind === "lines" ? span.start : ""}`,
    );
    const lines = (path: string, numbers: readonly number[]) => numbers.map((line) => `${path} ${line}`);
    expect(places).toEqual([...lines("mergekit_config.yml", [6, 3, 5, 5]), ...lines("README.md", [9, 6, 8, 8])]);
    expect(await read({ "train.yml": { text: "base_model: a/x\nlr: 1\n", roles: ["config"] as const } })).toEqual([]);
  });

  it("takes a data set written by a model for its outputs", async () => {
    const text = "# Chats\n\nThe training data was generated by GPT-4.\n";
    expect(await read({ "README.md": { text, roles: ["data-card", "readme"] } })).toEqual(["generated GPT-4 text"]);
    expect(await read({ "README.md": { text, roles: ["model-card", "readme"] } })).toEqual(["distilled GPT-4 text"]);
  });

  it("marks what a repository of a family makes from its own", async () => {
    const { facts } = await detectIn(detector, { "README.md": "# Nimbus\n\nNimbus-9B is continuously trained based on Nimbus-6B." });
    expect(factsOf(facts, "relation")).toMatchObject([{ target: "Nimbus-6B", sibling: true }]);
  });

  it("survives any merge configuration and header", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string(), async (json, noise) => {
        await read({
          "mergekit_config.yml": { text: `merge_method: x\nmodels: ${json}\nslices: ${json}\n${noise}`, roles: ["config"] },
          "README.md": `\`\`\`yaml\nmerge_method: x\n${noise}\n\`\`\`\n${noise} fine-tuned from ${noise}`,
        });
      }),
      { numRuns: 60 },
    );
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
