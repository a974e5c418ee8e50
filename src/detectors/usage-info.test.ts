import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { detectIn, factsInReadme, type MadeFile } from "../../test/facts/context.ts";
import { factsOf } from "../core/fact.ts";
import { detector } from "./usage-info.ts";

const NAMED = "recorded:acme__tern";

async function topics(text: string): Promise<readonly string[]> {
  return [...new Set((await factsInReadme(detector, "usage-info", `# Tern-7B\n\n${text}\n`, NAMED)).map(({ topic }) => topic))].sort();
}

describe("a passage that answers the question", () => {
  test.each([
    ["modalities", "**Input:** text and images. "],
    ["modalities", "Tern takes images and text as input and returns text."],
    ["modalities", "Tern is a compact image-to-text model."],
    ["modalities", "Outputs | speech"],
    ["modalities", "模型支持图像与文本输入。"],
    ["modalities", "本模型是一個語音辨識模型。"],
    ["capabilities", "Tern is meant for drafting letters."],
    ["capabilities", "The model can translate between Swahili and Chinese."],
    ["capabilities", "## Intended use\n\nDrafting letters and sorting mail in small offices."],
    ["capabilities", "該模型具備閱讀理解與摘要能力。"],
    ["limitations", "The model may produce incorrect dates."],
    ["limitations", "Tern is not suitable for medical advice."],
    ["limitations", "## Known issues\n\nAddresses in rural areas are often invented by it."],
    ["limitations", "模型可能會產生錯誤或帶有偏見的內容。"],
    ["integration", '```python\nllm = LLM(model="acme/tern-7b")\n```'],
    ["integration", "## Usage\n\n```sh\npython ask.py --model tern\n```"],
    ["architecture", "Tern uses a decoder-only transformer with 32 layers."],
    ["architecture", "我們採用混合專家架構。"],
  ])("%s: %s", async (topic, text) => {
    expect(await topics(text)).toContain(topic);
  });
});

describe("a word without an answer", () => {
  test.each([
    ["a bare heading", "## Intended use\n\n## Limitations\n\n## Usage\n\n## Model architecture\n"],
    ["the tokenizer's input", "By default the tokenizer adds a mark before the input text."],
    ["a function", "This function returns text."],
    ["the reader's memory", "We only report up to 2048 tokens due to the limitation of GPU memory."],
    ["what is not meant for the eye", "This information is not intended to be shown to end users."],
    ["another thing's design", "The REST API is capable of being executed from a notebook. The library is designed for speed."],
    ["somebody's news", "- [2024/05/17] Wren is an image-to-text model and can answer questions."],
    ["a pointer to the paper", "## Limitations\n\nFurther analysis of these limitations is provided in the paper."],
    ["a library of that name", "使用 Transformers 进行推理。"],
    ["training", "```sh\ntorchrun --nproc_per_node=8 train.py\n```"],
    ["other people's models", "## Related projects\n\nWren is an image-to-text model."],
    ["a table of data fields", "## Data format\n\n- `output`: str, the text of the answer"],
    ["a chip", "Architecture | aarch64"],
  ])("%s: nothing", async (_, text) => {
    expect(await topics(text)).toEqual([]);
  });

  it("a guide in a folder is about a tool, a card in a folder about a model", async () => {
    const text = "# Wren\n\nThe model may produce incorrect dates.\n";
    const seen = async (files: Readonly<Record<string, MadeFile>>): Promise<number> =>
      factsOf((await detectIn(detector, files, NAMED)).facts, "usage-info").length;
    expect(await seen({ "docs/guides/spark.md": text })).toBe(0);
    expect(await seen({ "models/small/MODEL_CARD.md": { text, roles: ["model-card"] } })).toBe(1);
  });
});

it("survives any text", async () => {
  const word = fc.constantFrom(
    "Tern",
    "model",
    "is",
    "may",
    "incorrect",
    "input:",
    "text",
    "##",
    "Limitations",
    "\n\n",
    "|",
    "模型",
    "可能",
    "。",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(word, fc.string()), { maxLength: 60 }), async (words) => {
      for (const { evidence } of await factsInReadme(detector, "usage-info", words.join(" "), NAMED))
        expect(evidence.length).toBeGreaterThan(0);
    }),
  );
});
