import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { detectIn } from "../../test/facts/context.ts";
import { type ComponentFact, factsOf } from "../core/fact.ts";
import { detector } from "./checkpoints.ts";

async function sightings(text: string, ref = "recorded:acme__tern"): Promise<readonly ComponentFact[]> {
  return factsOf((await detectIn(detector, { "README.md": `# Tern\n\n${text}\n` }, ref)).facts, "component");
}

describe("checkpoints along the training are elsewhere", () => {
  test.each([
    ["two branches", "[a](https://huggingface.co/acme/tern-7b/tree/step1000) [b](https://huggingface.co/acme/tern-7b/tree/step2000)"],
    ["two repositories", "[a](https://huggingface.co/acme/tern-iter-50k) and [b](https://huggingface.co/acme/tern-iter-100k)"],
    [
      "a table",
      "| step | where |\n|---|---|\n| 1k | https://modelscope.cn/models/acme/tern?revision=ckpt-10 |\n| 2k | https://modelscope.cn/models/acme/tern?revision=ckpt-20 |",
    ],
    [
      "a command and the publisher's word",
      'Intermediate checkpoints are available as branches.\n\n```python\nm = AutoModel.from_pretrained("acme/tern-7b", revision="tokens-300B")\n```',
    ],
    [
      "a bucket under their heading",
      "## Intermediate checkpoints\n\n```\naws s3 cp s3://acme/tern/ . --recursive\n```\n\nWe host 40 snapshots there, free to download.",
    ],
    ["Chinese", "我们公开了训练过程中的全部检查点：[step1000](https://huggingface.co/acme/tern-7b/tree/step1000)。"],
  ])("%s", async (_, text) => {
    expect((await sightings(text)).map(({ component, sighting }) => [component, sighting])).toEqual([["weights-intermediate", "linked"]]);
  });
});

describe("what shows less", () => {
  test.each([
    ["one branch alone may be the last", "[weights](https://huggingface.co/acme/tern-7b/tree/step143000)", "described"],
    ["a sentence alone", "We release 154 checkpoints for every size.", "described"],
    ["a refusal", "The intermediate checkpoints are not released.", "withheld"],
    ["a Chinese refusal", "暂不公开中间检查点。", "withheld"],
  ])("%s", async (_, text, sighting) => {
    expect((await sightings(text)).map((fact) => fact.sighting)).toEqual([sighting]);
  });
});

test.each([
  [
    "somebody else's branches",
    "[a](https://huggingface.co/other/finch/tree/step1000) [b](https://huggingface.co/other/finch/tree/step2000)",
  ],
  ["a name that ends in a number", "[a](https://huggingface.co/acme/step-3) [b](https://huggingface.co/acme/tern-v4)"],
  [
    "the reader's own checkpoints",
    "The script saves your intermediate checkpoints to `out/` every 1000 steps and you can find them there.",
  ],
  ["a promise", "We plan to release the intermediate checkpoints soon."],
  ["memory saving", "Activation checkpointing every 2 steps is available."],
  [
    "data at a step",
    "[a](https://huggingface.co/datasets/acme/tern/tree/step1000) [b](https://huggingface.co/datasets/acme/tern/tree/step2000)",
  ],
])("%s: nothing", async (_, text) => {
  expect(await sightings(text)).toEqual([]);
});

it("takes the host's word for branches named after steps", async () => {
  const record = JSON.stringify({ kind: "model", refs: { branches: ["main", "step1000", "step2000"], tags: ["v1.0"] } });
  const { facts } = await detectIn(detector, { "@host/model-info.json": record }, "hf:acme/tern@0123456789abcdef0123456789abcdef01234567");
  expect(factsOf(facts, "component").map(({ sighting, place, evidence }) => [sighting, place, evidence.length])).toEqual([
    ["linked", "hf:acme/tern@step1000", 2],
  ]);
  const plain = JSON.stringify({ refs: { branches: ["main", "fp16", "v2"], tags: [] } });
  expect((await detectIn(detector, { "@host/model-info.json": plain })).facts).toEqual([]);
});

it("survives any text", async () => {
  const word = fc.constantFrom(
    "checkpoints",
    "step1000",
    "https://huggingface.co/acme/tern/tree/",
    "revision=",
    "```",
    "every",
    "|",
    "\n",
    "中间检查点",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(word, fc.string()), { maxLength: 40 }), async (words) => {
      for (const fact of await sightings(words.join(" "))) expect(fact.evidence.length).toBeGreaterThan(0);
    }),
  );
});
