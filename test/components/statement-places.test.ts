// Places where licenses are stated beside the usual ones: badges, headers of weights, configurations, packages, gates, links.
import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import { findConflicts } from "../../src/components/findings.ts";
import { factsOf } from "../../src/core/fact.ts";
import { writeRelease } from "../acceptance/made-up-releases.ts";
import { writeGguf } from "../formats/gguf-writer.ts";
import { spdxText } from "../licenses/texts.ts";
import { observe } from "./compare.ts";
import { type MadeUpFile, type MadeUpOptions, MIT, madeUp } from "./made-up.ts";

/** Statements as `path: license`, with what they cover. */
async function statedIn(files: Readonly<Record<string, MadeUpFile>>, options?: MadeUpOptions): Promise<readonly string[]> {
  const { facts } = await observe(madeUp(files, options));
  return factsOf(facts, "license").map(({ evidence, license, stated, covers, choice }) => {
    const scope = covers.length === 0 ? "" : ` (${covers.join("+")})`;
    return `${evidence[0].path}: ${license?.id ?? stated}${scope}${choice === undefined ? "" : " or"}`;
  });
}

async function rulesOf(files: Readonly<Record<string, MadeUpFile>>, options?: MadeUpOptions): Promise<readonly string[]> {
  const { facts, findings, components, inventory } = await observe(madeUp(files, options));
  return [...findings, ...findConflicts(facts, components, [inventory])].map(({ ruleId }) => ruleId);
}

describe("badges", () => {
  it.each([
    ["https://img.shields.io/badge/License-MIT-green.svg", ["README.md: MIT"]],
    ["https://img.shields.io/badge/Code%20License-Apache_2.0-green.svg", ["README.md: Apache-2.0 (code)"]],
    ["https://img.shields.io/badge/Data%20License-CC%20By%20NC%204.0-red.svg", ["README.md: CC-BY-NC-4.0 (data)"]],
    ["https://img.shields.io/badge/license-Apache--2.0-blue", ["README.md: Apache-2.0"]],
    ["https://img.shields.io/badge/license-GPL-3.0-blue", ["README.md: GPL-3.0"]],
    ["https://img.shields.io/static/v1?label=license&message=MIT&color=green", ["README.md: MIT"]],
    ["https://img.shields.io/badge/Model_License-Model_Agreement-red", []],
    ["https://img.shields.io/badge/build-passing-green", []],
    ["https://img.shields.io/github/license/acme/tern", []],
    ["https://img.shields.io/badge/License-%E0%A4%A-green", []],
  ])("%s", async (url, expected) => {
    expect(await statedIn({ "README.md": `# Tern\n\n![badge](${url})\n` })).toEqual(expected);
  });
});

describe("fields", () => {
  it("of data descriptions and configurations are statements about data and weights", async () => {
    const files = {
      "README.md": "# Tern\n",
      "croissant.json": '{"@type": "sc:Dataset", "license": "https://creativecommons.org/licenses/by-nc/4.0/"}',
      "dataset_info.json": '{"license": "mit", "features": {}}',
      "config.json": '{"architectures": ["Tern"], "license": "apache-2.0"}',
      "codemeta.json": '{"license": {"@id": "https://spdx.org/licenses/GPL-3.0-only"}, "name": "tern"}',
      "data/dataset_infos.json": '{"license": ""}',
    };
    expect(await statedIn(files)).toEqual([
      "codemeta.json: GPL-3.0-only",
      "config.json: Apache-2.0 (weights)",
      "croissant.json: CC-BY-NC-4.0 (data)",
      "dataset_info.json: MIT (data)",
    ]);
  });

  it("that are no JSON, or nested without end, say nothing", async () => {
    const deep = `{"license": ${"[".repeat(5_000)}`;
    expect(
      await statedIn({ "README.md": "# Tern\n", "config.json": deep, "dataset_info.json": '{"license": [{"x": 1}, 3, null]}' }),
    ).toEqual([]);
  });

  it("of packages: expressions, classifiers, the old list form, and a reservation of all rights", async () => {
    expect(await statedIn({ "Cargo.toml": 'license = "MIT OR Apache-2.0"\n' })).toEqual([
      "Cargo.toml: MIT (code) or",
      "Cargo.toml: Apache-2.0 (code) or",
    ]);
    const setup = 'setup(\n    classifiers=[\n        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",\n    ],\n)\n';
    expect(await statedIn({ "setup.py": setup })).toEqual(["setup.py: GPL-3.0 (code)"]);
    expect(await statedIn({ "package.json": '{"licenses": [{"type": "MIT"}, {"type": "ISC"}]}' })).toEqual([
      "package.json: MIT (code)",
      "package.json: ISC (code)",
    ]);
    expect(await statedIn({ "package.json": '{"license": "UNLICENSED"}' })).toEqual([
      "package.json: LicenseRef-All-Rights-Reserved (code)",
    ]);
  });
});

describe("cards", () => {
  const hub = { kind: "hub-model", ref: "hf:acme/tern" } as const;

  it("hold license texts in what must be accepted before a download", async () => {
    const text = spdxText("CC-BY-NC-4.0").replace(/\n/gu, "\n  ");
    const stated = await statedIn(
      { "README.md": `---\nlicense: other\nlicense_name: tern\nextra_gated_prompt: |\n  ${text}\n---\n# Tern\n` },
      hub,
    );
    expect(stated).toContain("README.md: CC-BY-NC-4.0 (weights+code+documents)");
  });

  it("offer a choice with an expression", async () => {
    expect(await statedIn({ "README.md": "---\nlicense: MIT OR Apache-2.0\n---\n# Tern\n" }, hub)).toEqual([
      "README.md: MIT (weights+code+documents) or",
      "README.md: Apache-2.0 (weights+code+documents) or",
    ]);
  });

  it.each(["cc", "openrail", "gpl"])("name no license with the family id %s", async (id) => {
    expect(await rulesOf({ "README.md": `---\nlicense: ${id}\n---\n# Tern\n` }, hub)).toContain("licenses/family-id");
  });

  it("name one with `other` when a name or a link is given", async () => {
    const named = {
      "README.md": "---\nlicense: other\nlicense_name: tern-license\nlicense_link: https://example.com/terms\n---\n# Tern\n",
    };
    expect(await rulesOf(named, hub)).not.toContain("licenses/unnamed");
  });

  it("lead nowhere with a link to a file that is not there", async () => {
    const card = { "README.md": "---\nlicense: other\nlicense_name: tern\nlicense_link: LICENSE.md\n---\n# Tern\n" };
    expect(await rulesOf(card, hub)).toContain("licenses/file-missing");
    expect(await rulesOf({ ...card, "LICENSE.md": MIT }, hub)).not.toContain("licenses/file-missing");
    expect(await rulesOf(card, { ...hub, listingComplete: false })).not.toContain("licenses/file-missing");
  });
});

describe("notices", () => {
  const hub = { kind: "hub-model", ref: "hf:somebody/tuned" } as const;
  const card = "---\nlicense: llama3.1\n---\n# Tuned\n";

  it("that a license asks for are missed where the weights are passed on by somebody else", async () => {
    const files = { "README.md": card, "model.safetensors": null, "config.json": "{}" };
    expect(await rulesOf(files, hub)).toEqual(expect.arrayContaining(["licenses/notice-missing", "licenses/label-without-text"]));
    const noticed = {
      ...files,
      NOTICE: "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc. All Rights Reserved.",
    };
    expect(await rulesOf(noticed, hub)).not.toContain("licenses/notice-missing");
    expect(await rulesOf(files, { ...hub, ref: "hf:meta-llama/tuned" })).not.toContain("licenses/notice-missing");
  });

  it("are asked of nobody who only links to the weights", async () => {
    expect(
      await rulesOf(
        { "README.md": `${card}\nWeights: https://huggingface.co/somebody/tuned\n` },
        { ref: "https://example.com/somebody/tuned" },
      ),
    ).not.toContain("licenses/notice-missing");
  });
});

describe("weight files", () => {
  it("that name another license than the card are a conflict with bytes as place", async () => {
    const gguf = writeGguf({
      metadata: [
        ["general.architecture", { type: "string", value: "tern" }],
        ["general.license", { type: "string", value: "cc-by-nc-4.0" }],
      ],
    });
    const root = writeRelease({
      "README.md": "---\nlicense: mit\npipeline_tag: text-generation\n---\n# Tern\n",
      LICENSE: MIT,
      "quantized/tern-q4.gguf": gguf,
    });
    try {
      const report = await audit({
        parts: [{ part: "all", reference: root }],
        context: auditContext({ env: {}, cwd: "/" }),
        acceptClaims: false,
      });
      const conflict = report.findings.find(({ ruleId }) => ruleId === "licenses/conflict");
      expect(conflict?.message.args).toMatchObject({ scope: "weights", first: "MIT", second: "CC-BY-NC-4.0" });
      const places = report.evidence.filter(({ id }) => conflict?.evidence.includes(id)).map(({ path, span }) => [path, span?.kind]);
      expect(places).toEqual(expect.arrayContaining([["quantized/tern-q4.gguf", "bytes"]]));
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("say with a name which other license they are under", async () => {
    const gguf = writeGguf({
      metadata: [
        ["general.license", { type: "string", value: "other" }],
        ["general.license.name", { type: "string", value: "gemma" }],
      ],
    });
    const root = writeRelease({ "README.md": "# Tern\n", "tern.gguf": gguf });
    try {
      const report = await audit({
        parts: [{ part: "all", reference: root }],
        context: auditContext({ env: {}, cwd: "/" }),
        acceptClaims: false,
      });
      expect(report.licenses.filter(({ statement }) => statement === "header").map(({ id }) => id)).toEqual(["LicenseRef-Gemma"]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("texts printed in a README", () => {
  it("are license texts with their lines, and count for the label beside them", async () => {
    const readme = `# Tern\n\nA tool.\n\n## License\n\n${MIT}`;
    const { facts } = await observe(madeUp({ "README.md": readme, "package.json": '{"license": "MIT"}' }));
    const texts = factsOf(facts, "license").filter(({ statement }) => statement === "text");
    expect(texts.map(({ license, evidence }) => [license?.id, evidence[0].path, evidence[0].span])).toEqual([
      ["MIT", "README.md", { kind: "lines", start: 7, end: 27 }],
    ]);
    expect(await rulesOf({ "README.md": readme, "package.json": '{"license": "MIT"}' })).not.toContain(
      "licenses/permissive-label-without-text",
    );
    expect(await rulesOf({ "README.md": readme, "package.json": '{"license": "GPL-3.0-only"}' })).toContain("licenses/conflict");
  });

  it("of other people's work are theirs", async () => {
    const { facts } = await observe(madeUp({ "README.md": `# Tern\n\n## Third-party licenses\n\n${MIT}` }));
    expect(factsOf(facts, "license").every(({ thirdParty }) => thirdParty)).toBe(true);
  });
});
