// What is no model release is not called shut: exit 4 where nothing belongs to one, unknown where code, data or documents do.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Report } from "../../src/core/report.ts";
import { type Files, writeRelease } from "./made-up-releases.ts";

async function auditOf(files: Files): Promise<Report> {
  const root = writeRelease(files);
  try {
    const context = auditContext({ env: {}, cwd: "/" });
    return await audit({ parts: [{ part: "all", reference: root }], context, acceptClaims: false });
  } finally {
    rmSync(root, { recursive: true });
  }
}

const reasons = ({ headline }: Report): readonly string[] => headline.because.map(({ id }) => id.replace("standards.headline.", ""));
const LOOP = "optimizer = AdamW(model.parameters(), lr=1e-4)\nfor batch in loader:\n    loss = model(batch)\n    loss.backward()\n";

describe("nothing of a model release", () => {
  test.each<[string, Files]>([
    ["a program", { "main.go": "package main\n", "README.md": "# Teapot\n\nBoils water over HTTP.\n", LICENSE: "MIT" }],
    [
      "notes about models",
      { "notes.md": "# On openness\n\nSome models may produce incorrect answers. Licenses differ.\n", "todo.txt": "milk\n" },
    ],
    ["a package", { "package.json": '{"name": "left", "license": "MIT"}', "index.js": "module.exports = (s) => s;\n" }],
    ["a web service", { "api.py": "def get(url):\n    return send(url)\n", "server.py": "serve()\n", "model.py": "class Invoice: pass\n" }],
  ])("%s exits with 4 and says so", async (_, files) => {
    await expect(auditOf(files)).rejects.toMatchObject({ code: "NOTHING_AUDITABLE", exitCode: 4 });
  });
});

describe("code, data or documents without a model", () => {
  test.each<[string, Files, string]>([
    [
      "code that could train any model",
      { "train.py": LOOP, "README.md": "# Forge\n\nA library to train your own models.\n" },
      "training-code",
    ],
    [
      "a data set",
      { "README.md": "---\nsize_categories: [10K<n<100K]\n---\n# Letters\n\nA dataset of letters.\n", "train.jsonl": '{"text": "a"}\n' },
      "training-data",
    ],
  ])("%s is unknown, with what is there", async (_, files, component) => {
    const report = await auditOf(files);
    expect(report.headline.word).toBe("unknown");
    expect(reasons(report)).toContain("no-model");
    const holds = report.headline.because.find(({ id }) => id.endsWith(".holds"));
    expect(String(holds?.args?.["components"]).split(", ")).toContain(component);
  });
});

describe("a model without weights is shut", () => {
  test.each<[string, Files, string]>([
    ["a card", { "MODEL_CARD.md": "# Model card\n\nPlover reads forms. You can use it in our app.\n" }, "speaks-of-model"],
    ["a config", { "config.json": '{"architectures": ["PloverForCausalLM"], "hidden_size": 64}' }, "speaks-of-model"],
    ["a sentence", { "README.md": "# Plover\n\nPlover is a 70B language model. Sign up at https://plover.example.\n" }, "speaks-of-model"],
    ["a sentence in Chinese", { "README.md": "# 鸻鸟 Plover\n\nPlover 是一个对话语言模型。\n" }, "speaks-of-model"],
    ["a refusal", { "README.md": "# Plover\n\nFor safety we do not release the model weights.\n" }, "weights-withheld"],
    ["a promise", { "README.md": "# Plover\n\nThe weights will be released soon.\n" }, "weights-withheld"],
    ["a refusal in Chinese", { "README.md": "# 鸻鸟\n\n出于安全考虑，暂不公开模型权重。\n" }, "weights-withheld"],
  ])("%s", async (_, files, reason) => {
    const report = await auditOf(files);
    expect(report.headline.word).toBe("shut");
    expect(reasons(report)).toContain(reason);
  });
});

test("other people's models in the text make no release of it", async () => {
  const text =
    "# Roundup\n\nLlama 3 is a language model by Meta. Qwen is a model trained on web text. Sign the form to get their weights.\n";
  const report = await auditOf({ "roundup.md": text });
  expect([report.headline.word, ...reasons(report)]).toEqual(["unknown", "weights-absent", "no-model", "label.none"]);
});
