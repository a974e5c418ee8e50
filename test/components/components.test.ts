import { describe, expect, it } from "vitest";
import { findConflicts } from "../../src/components/findings.ts";
import { weighComponents } from "../../src/components/weigh.ts";
import type { ComponentId } from "../../src/core/component.ts";
import { factsOf } from "../../src/core/fact.ts";
import type { ComponentState } from "../../src/core/release.ts";
import { type Observation, observe } from "./compare.ts";
import { type MadeUpFile, type MadeUpOptions, MIT, madeUp } from "./made-up.ts";
import { BY_NC } from "./statement-parts.ts";

async function audited(files: Readonly<Record<string, MadeUpFile>>, options?: MadeUpOptions): Promise<Observation> {
  return observe(madeUp(files, options));
}

function state({ components }: Observation, id: ComponentId): Pick<ComponentState, "availability" | "openness"> {
  const { availability = "unknown", openness = "unknown" } = components.get(id) ?? {};
  return { availability, openness };
}

function licenseIds({ components }: Observation, id: ComponentId): readonly string[] {
  return (components.get(id)?.licenses ?? []).map((license) => license.id);
}

const HUB = "https://huggingface.co/acme/tern-7b";

describe("split licenses", () => {
  const readme = `# Tern\nThe weights are at ${HUB}.\n\n## License\nThe code is licensed under the [MIT License](LICENSE-CODE). The use of Tern model weights is subject to the [Model License](LICENSE-MODEL).\n`;
  const terms =
    "TERN MODEL LICENSE AGREEMENT\n\nYou are granted a non-exclusive license to use the Model, subject to the following conditions. You shall not use the Model for any military purpose. You must not use the Model to harm minors.\n";

  it("code follows its own license, weights do not inherit it", async () => {
    const seen = await audited({ "README.md": readme, "LICENSE-CODE": MIT, "LICENSE-MODEL": terms, "tern/model.py": null });
    expect(state(seen, "architecture-code")).toEqual({ availability: "found", openness: "open" });
    // Whose terms they are nobody knows, but that they forbid a use was read in them.
    expect(state(seen, "weights")).toEqual({ availability: "elsewhere", openness: "restricted" });
  });

  it("Chinese sentences say what each license covers", async () => {
    const text = `# Tern\n模型权重：${HUB}\n\n## 协议\n本仓库的代码依照 [MIT](LICENSE) 协议开源，Tern 模型的权重采用 CC-BY-NC-4.0 协议。\n`;
    const seen = await audited({ "README.md": text, LICENSE: MIT, "tern/model.py": null });
    expect(state(seen, "architecture-code").openness).toBe("open");
    expect(state(seen, "weights")).toEqual({ availability: "elsewhere", openness: "restricted" });
    expect(licenseIds(seen, "weights")).toEqual(["CC-BY-NC-4.0"]);
  });

  it("one sentence may cover code and weights", async () => {
    const text = `# Tern\nDownload the weights from ${HUB}.\n\n## License\nCode and model weights are licensed under Apache-2.0.\n`;
    const seen = await audited({ "README.md": text });
    expect(state(seen, "weights")).toEqual({ availability: "elsewhere", openness: "open" });
  });
});

describe("a statement about code", () => {
  it.each([
    "Tern is licensed under the MIT License.",
    "This library for training large language models is licensed under the MIT License.",
    "Tern, a platform for serving LLMs, is released under the MIT License.",
    "The model code is released under the MIT License.",
    "El código fuente de https://github.com/acme/tern está licenciado bajo la licencia [MIT License](LICENSE).",
    "模型的代码采用 MIT 协议。",
  ])("does not open the weights: %s", async (sentence) => {
    const seen = await audited({
      "README.md": `# Tern\nThe model is at ${HUB}.\n\n## License\n${sentence}\n`,
      LICENSE: MIT,
      "tern/model.py": null,
    });
    expect(state(seen, "weights")).toEqual({ availability: "elsewhere", openness: "unknown" });
    expect(state(seen, "architecture-code").openness).toBe("open");
  });
});

describe("a root license", () => {
  it("is not stretched over weights on another host", async () => {
    const seen = await audited({ "README.md": `# Tern\nThe model is at ${HUB}.\n`, LICENSE: MIT, "tern/model.py": null });
    expect(state(seen, "weights")).toEqual({ availability: "elsewhere", openness: "unknown" });
  });

  it("covers weights that lie beside it", async () => {
    const seen = await audited({ "README.md": "# Tern\n", LICENSE: MIT, "config.json": "{}", "model.safetensors": null });
    expect(state(seen, "weights")).toEqual({ availability: "found", openness: "open" });
  });

  it("that is only an address grants nothing", async () => {
    const seen = await audited({ "README.md": "# Tern\n", LICENSE: "https://acme.example/terms\n", "model.py": null });
    expect(state(seen, "architecture-code")).toEqual({ availability: "found", openness: "unknown" });
    expect(seen.findings.map(({ ruleId }) => ruleId)).toContain("licenses/pointer-only");
  });

  it("yields to a license in a nested folder", async () => {
    const nc = "# Tern\n\nThe data is licensed under CC BY-NC 4.0.\n";
    const seen = await audited({ LICENSE: MIT, "README.md": "# Tern\n", "data/README.md": nc, "data/train_conversations.json": null });
    expect(state(seen, "training-data")).toEqual({ availability: "found", openness: "restricted" });
  });

  it("of vendored code says nothing about the release", async () => {
    const seen = await audited({
      "README.md": "# Tern\n",
      "model.py": null,
      "third_party/kernels/LICENSE": MIT,
      "third_party/kernels/model.py": null,
    });
    expect(state(seen, "architecture-code").openness).toBe("unknown");
    expect(factsOf(seen.facts, "license").every(({ thirdParty }) => thirdParty)).toBe(true);
  });
});

describe("names and contents", () => {
  it("a file named after one license is what its text says", async () => {
    const seen = await audited({ "README.md": "# Tern\n", "LICENSE-APACHE": MIT, "model.py": null });
    expect(factsOf(seen.facts, "license").map(({ license }) => license?.id)).toEqual(["MIT"]);
    expect(seen.findings.map(({ ruleId }) => ruleId)).toContain("licenses/name-contradicts-text");
  });

  it("an empty training script is no training code", async () => {
    const seen = await audited({ "README.md": "# Tern\n", "train.py": "print('coming soon')\n" }, { kind: "folder" });
    expect(state(seen, "training-code").availability).toBe("absent");
  });

  it("a script is told by its loop, whatever it is called", async () => {
    const loop =
      "optimizer = AdamW(model.parameters(), lr=1e-4)\nfor batch in loader:\n    loss = model(batch)\n    loss.backward()\n    optimizer.step()\n";
    const seen = await audited({ "README.md": "# Tern\n", LICENSE: MIT, "go.py": loop }, { kind: "folder" });
    expect(state(seen, "training-code")).toEqual({ availability: "found", openness: "open" });
  });

  it("an example of fine-tuning somebody's model is not this model's training code", async () => {
    const seen = await audited({ "README.md": "# Tern\n", "examples/finetune_lora.py": null, "cookbook/train.ipynb": null });
    expect(state(seen, "training-code").availability).toBe("absent");
  });

  it("a fine-tuning stage is a part, and said to be one", async () => {
    const seen = await audited({ "README.md": "# Tern\n", "finetune/finetune.py": null });
    expect(seen.components.get("training-code")).toMatchObject({ availability: "found", partial: true });
  });

  it("a submodule leads elsewhere", async () => {
    const seen = await audited({
      "README.md": "# Tern\n",
      LICENSE: MIT,
      "utils/gpt-neox": { sizeBytes: null, content: "submodule", target: "3a5f" },
    });
    expect(state(seen, "training-code")).toEqual({ availability: "elsewhere", openness: "unknown" });
  });

  it("tests are no components", async () => {
    const seen = await audited({ "README.md": "# Tern\n", "tests/test_train.py": null, "tests/fixtures/model.safetensors": null });
    expect(state(seen, "training-code").availability).toBe("absent");
    expect(state(seen, "weights").availability).toBe("absent");
  });
});

describe("documents", () => {
  it("the word paper in prose is not a paper", async () => {
    const text = "# Tern\nWe follow the LoRA paper ([Hu et al.](https://arxiv.org/abs/2106.09685)) and will write a paper soon.\n";
    const seen = await audited({ "README.md": text });
    expect(state(seen, "paper").availability).toBe("absent");
  });

  it("the release's own report is one", async () => {
    const seen = await audited({ "README.md": "# Tern\n📄 [Technical Report](https://arxiv.org/abs/2501.00001)\n" });
    expect(state(seen, "paper")).toEqual({ availability: "elsewhere", openness: "unknown" });
  });

  it("a description of training data is a claim, not the data", async () => {
    const seen = await audited({ "README.md": "# Tern\nTern was trained on 2T tokens of text collected from public web pages.\n" });
    expect(state(seen, "training-data")).toEqual({ availability: "claimed", openness: "unknown" });
    expect(state(seen, "data-collection-docs").availability).toBe("claimed");
  });

  it("a form in front of the weights restricts them", async () => {
    const text = `# Tern\nTo download the weights from ${HUB}, fill out this form; once approved you receive a signed URL.\n\n## License\nThe weights are released under Apache-2.0.\n`;
    const seen = await audited({ "README.md": text });
    expect(state(seen, "weights")).toEqual({ availability: "gated", openness: "restricted" });
  });

  it("a table of benchmark scores is a result, a mention of a benchmark is none", async () => {
    const table = "# Tern\n\n| Model | MMLU | GSM8K |\n|---|---|---|\n| Tern 7B | 61.2 | 40.1 |\n| Tern 1B | 30.2 | 10.5 |\n";
    expect(state(await audited({ "README.md": table, LICENSE: MIT }), "evaluation-results")).toEqual({
      availability: "found",
      openness: "open",
    });
    const mention = "# Tern\nYou can evaluate on MMLU yourself.\n";
    expect(state(await audited({ "README.md": mention }), "evaluation-results").availability).toBe("absent");
  });

  it("front matter makes a README a card, and its license covers the weights", async () => {
    const card = "---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n# Tern\n";
    const seen = await audited(
      { "README.md": card, "model.safetensors": null, "config.json": "{}" },
      { kind: "hub-model", ref: "hf:acme/tern" },
    );
    expect(state(seen, "weights")).toEqual({ availability: "found", openness: "open" });
    expect(state(seen, "model-card")).toEqual({ availability: "found", openness: "open" });
  });

  it("a host's gate outweighs an open label", async () => {
    const card = "---\nlicense: mit\n---\n# Tern\n";
    const record = JSON.stringify({ kind: "model", gated: "manual", license: "mit" });
    const weights = { sizeBytes: 10, content: "gated" } as const;
    const seen = await audited(
      { "@host/model-info.json": record, "README.md": card, "model.safetensors": weights },
      { kind: "hub-model", ref: "hf:acme/tern" },
    );
    expect(state(seen, "weights")).toEqual({ availability: "gated", openness: "restricted" });
    expect(factsOf(seen.facts, "access").map(({ condition }) => condition)).toContain("approval");
  });
});

describe("front matter", () => {
  it("names data sets, results and gates", async () => {
    const card =
      "---\nlicense: llama3\nlibrary_name: transformers\ndatasets:\n- acme/tern-mix\nmodel-index:\n- name: tern\n  results:\n  - task: {type: text-generation}\nextra_gated_prompt: Agree to the terms\n---\n# Tern\n";
    const seen = await audited({ "README.md": card, "model.safetensors": null, "config.json": "{}" }, { ref: "hf:acme/tern" });
    expect(state(seen, "training-data").availability).toBe("elsewhere");
    expect(seen.components.get("training-data")?.places).toEqual(["https://huggingface.co/datasets/acme/tern-mix"]);
    expect(state(seen, "evaluation-results").availability).toBe("found");
    expect(state(seen, "weights").openness).toBe("restricted");
  });
});

describe("several sources", () => {
  it("a license in one source does not cover another", async () => {
    const code = await audited({ "README.md": "# Tern\n", LICENSE: MIT, "model.py": null });
    const data = await audited(
      { "README.md": "---\ntask_categories: [text-generation]\n---\n# Mix\n", "data/a.parquet": null },
      { kind: "hub-dataset", ref: "hf:datasets/acme/mix" },
    );
    const both = weighComponents([...code.facts, ...data.facts], [code.inventory, data.inventory]);
    expect(both.get("training-data")).toMatchObject({ availability: "found", openness: "unknown" });
    expect(both.get("architecture-code")).toMatchObject({ availability: "found", openness: "open" });
  });
});

describe("absence", () => {
  it("is claimed only after a complete search, with the search as evidence", async () => {
    const seen = await audited({ "README.md": "# Tern\n", LICENSE: MIT });
    const weights = seen.components.get("weights");
    expect(weights?.availability).toBe("absent");
    expect(weights?.evidence.map(({ method, digest }) => [method, digest.split(":")[0]])).toEqual([["search", "listing"]]);
  });

  it("is not claimed when the listing was cut", async () => {
    const seen = await audited({ "README.md": "# Tern\n" }, { listingComplete: false });
    expect(state(seen, "weights").availability).toBe("unknown");
  });

  it("is not claimed when the README could not be read", async () => {
    const seen = await audited({ "README.md": null, LICENSE: MIT });
    expect(state(seen, "weights").availability).toBe("unknown");
  });
});

describe("findings", () => {
  it("two statements with different terms for the weights are a conflict, both places cited", async () => {
    const text = `# Tern\nWeights: ${HUB}\n\n## License\nThe model weights are released under Apache-2.0.\n`;
    const card = "# Model card\n\n## Model Details\n- **License:** CC-BY-NC-4.0\n";
    const { facts, components, inventory } = await audited({ "README.md": text, "MODEL_CARD.md": card });
    const conflict = findConflicts(facts, components, [inventory]).find(({ ruleId }) => ruleId === "licenses/conflict");
    expect(conflict?.evidence.map(({ path }) => path).sort()).toEqual(["MODEL_CARD.md", "README.md"]);
    expect(components.get("weights")?.openness).toBe("restricted");
  });

  it("a permissive label without its text is reported", async () => {
    const { facts, components, inventory } = await audited({
      "README.md": "# Tern\n\n## License\nThe code is licensed under the MIT License.\n",
    });
    expect(findConflicts(facts, components, [inventory]).map(({ ruleId }) => ruleId)).toContain("licenses/permissive-label-without-text");
  });

  it("calling weights open source under terms that are not is reported", async () => {
    const text = `# Tern\nWe open-source the Tern models.\nWeights: ${HUB}\n\n## License\nThe model weights are released under CC-BY-NC-4.0.\n`;
    const { facts, components, inventory } = await audited({ "README.md": text });
    expect(findConflicts(facts, components, [inventory]).map(({ ruleId }) => ruleId)).toContain("claims/open-source-not-osi");
  });

  it("a modified MIT is not MIT", async () => {
    const changed = MIT.replace(
      "THE SOFTWARE IS",
      "If the Software is used by more than one million users, you must display the name Acme.\n\nTHE SOFTWARE IS",
    );
    const seen = await audited({ "README.md": "# Tern\n", LICENSE: changed, "model.py": null });
    expect(licenseIds(seen, "architecture-code")).toEqual(["modified MIT"]);
    expect(state(seen, "architecture-code").openness).not.toBe("open");
    expect(seen.findings.map(({ ruleId }) => ruleId)).toContain("licenses/modified");
  });
});

describe("package metadata", () => {
  it("states the license of a package", async () => {
    const files = { "package.json": '{\n  "name": "tern",\n  "license": "MIT"\n}\n', LICENSE: MIT, "model/group1-shard1of1.bin": null };
    const seen = await audited(files, { kind: "npm", ref: "npm:tern@1.0.0" });
    expect(state(seen, "weights")).toEqual({ availability: "found", openness: "open" });
  });

  it("reads the headers of a wheel's METADATA", async () => {
    const meta = "Metadata-Version: 2.1\nName: tern\nLicense: Apache-2.0\n\n# Tern\n\nThe code is licensed under MIT.\n";
    const seen = await audited({ "tern-1.0.dist-info/METADATA": meta, "tern/model.onnx": null }, { kind: "pypi", ref: "pypi:tern@1.0" });
    // The description below them is the package's README, which speaks for the whole package.
    expect(factsOf(seen.facts, "license").map(({ stated, statement, folder }) => [stated, statement, folder])).toEqual([
      ["MIT", "prose", ""],
      ["Apache-2.0", "metadata", ""],
    ]);
  });

  it("tags at the head of code files are headers", async () => {
    const seen = await audited(
      { "README.md": "# Tern\n", "model.py": "# SPDX-License-Identifier: BSD-3-Clause\nclass Model(nn.Module): pass\n" },
      { kind: "folder" },
    );
    expect(licenseIds(seen, "architecture-code")).toEqual(["BSD-3-Clause"]);
  });
});

describe("licenses to choose from", () => {
  it("are as open as the most open of them", async () => {
    const text = "# Tern\n\nThe code is licensed under the MIT license or the CC-BY-NC-4.0 license, at your option.\n";
    const seen = await audited({ "README.md": text, "model.py": null });
    expect(state(seen, "architecture-code").openness).toBe("open");
    const both = await audited({
      "README.md": text.replace(" or the ", ", the data under the ").replace(", at your option", ""),
      "model.py": null,
    });
    expect(state(both, "architecture-code").openness).toBe("open");
  });
});

describe("a license with a title that nobody has read", () => {
  it("puts an open id beside it in doubt", async () => {
    const card = "---\nlicense: apache-2.0\n---\n# Petrel\n\nThe weights are released under the Petrel Community License.\n";
    const hub = { kind: "hub-model", ref: "hf:acme/petrel" } as const;
    const seen = await audited({ "README.md": card, "model.safetensors": null, "config.json": "{}" }, hub);
    expect(state(seen, "weights")).toEqual({ availability: "found", openness: "unknown" });
    const { facts, components, inventory } = seen;
    const conflict = findConflicts(facts, components, [inventory]).find(({ ruleId }) => ruleId === "licenses/conflict");
    expect(conflict?.message.args).toMatchObject({ scope: "weights", first: "Apache-2.0", second: "Petrel Community License" });
  });
});

describe("one release in two places", () => {
  const hub = { kind: "hub-model", ref: "hf:acme/tern" } as const;
  const card = { "README.md": "---\nlicense: mit\n---\n# Tern\n", LICENSE: MIT, "model.safetensors": null };

  async function conflictsOf(readme: string): Promise<readonly string[]> {
    const weights = await audited(card, hub);
    const code = await audited({ "README.md": readme, LICENSE: BY_NC }, { ref: "https://example.com/acme/tern" });
    const inventories = [weights.inventory, code.inventory];
    const found = findConflicts([...weights.facts, ...code.facts], weights.components, inventories);
    return found.filter(({ ruleId }) => ruleId === "licenses/conflict").flatMap(({ evidence }) => evidence.map(({ source }) => source));
  }

  it("contradicts itself where the code's README says otherwise of the weights", async () => {
    const sources = await conflictsOf("# Tern\n\nThe model weights are licensed under CC-BY-NC-4.0.\n");
    expect(new Set(sources)).toEqual(new Set(["hf:acme/tern", "https://example.com/acme/tern"]));
  });

  it("does not where only the code is under another license", async () => {
    expect(await conflictsOf("# Tern\n\nThe code is licensed under CC-BY-NC-4.0.\n")).toEqual([]);
  });
});
