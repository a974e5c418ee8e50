import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { identifyLicenses } from "./identify.ts";

const shared = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
const ownLicense = readFileSync(fileURLToPath(new URL("../../LICENSE", import.meta.url)), "utf8");

function outcomes(text: string): string[] {
  return identifyLicenses(text).map((match) => {
    if (match.outcome === "identified") return match.license.id;
    if (match.outcome === "modified") return `modified ${match.base.id}`;
    return match.outcome === "pointer" ? `${match.to} -> ${match.license?.id ?? "?"}` : "unknown";
  });
}

describe("identifyLicenses", () => {
  it("knows this project's own license and gives it no restrictions", () => {
    const [match, ...others] = identifyLicenses(ownLicense);
    expect(others).toEqual([]);
    expect(match).toMatchObject({ outcome: "identified", license: { id: "Apache-2.0", osiApproved: true }, restrictions: [] });
  });

  it("reads a pointer as a pointer", () => {
    expect(outcomes("https://github.com/meta/x/blob/main/README.md#license\n")).toEqual([
      "https://github.com/meta/x/blob/main/README.md#license -> ?",
    ]);
    expect(outcomes("https://www.apache.org/licenses/LICENSE-2.0.txt")).toEqual([
      "https://www.apache.org/licenses/LICENSE-2.0.txt -> Apache-2.0",
    ]);
    expect(outcomes("https://creativecommons.org/licenses/by-nc/4.0/legalcode")).toEqual([
      "https://creativecommons.org/licenses/by-nc/4.0/legalcode -> CC-BY-NC-4.0",
    ]);
    expect(outcomes("See LICENSE-MODEL for the terms of the weights.")).toEqual(["LICENSE-MODEL -> ?"]);
    expect(outcomes("This model is released under the Apache License 2.0.")).toEqual(["Apache License 2.0 -> Apache-2.0"]);
    expect(outcomes("Licensed under the MIT No Attribution license")[0]).toMatch(/-> MIT-0$/u);
    expect(outcomes("# SPDX-License-Identifier: MIT OR Apache-2.0\nimport torch\n")).toEqual(["MIT OR Apache-2.0 -> ?"]);
    expect(outcomes("/* SPDX-License-Identifier: BSD-3-Clause */\nint main(void) { return 0; }\n")).toEqual([
      "BSD-3-Clause -> BSD-3-Clause",
    ]);
  });

  it("reads Apache's notice as a pointer, not as the license", () => {
    const notice = ownLicense.slice(ownLicense.indexOf("   Licensed under the Apache License"));
    expect(outcomes(`# Copyright 2024 Foo\n#\n${notice.replace(/^/gmu, "# ")}\nimport torch\n`)).toEqual(["Apache-2.0 -> Apache-2.0"]);
  });

  it("says unknown where terms are not known", () => {
    const terms = `EXAMPLE MODEL LICENSE. The Licensor hereby grants you a limited license to use the model. You must not redistribute copies or
derivative works. This agreement terminates on breach. The model comes without any warranty and the Licensor is not liable for damages. All rights
not granted are reserved; no patent or trademark rights are granted. You shall comply with the conditions of this agreement and its governing law.`;
    expect(outcomes(terms)).toEqual(["unknown"]);
    const chinese = `示例模型许可协议。许可方特此授予您使用本模型的许可。您不得将本模型用于军事目的，禁止转让。本模型按原样提供，不提供任何担保，
许可方不承担任何责任。版权归许可方所有。违反本协议的，许可终止。`;
    expect(outcomes(chinese)).toEqual(["unknown"]);
  });

  it("finds nothing in prose, code and empty texts", () => {
    for (const text of [
      "",
      " \n\t\n",
      "# A model\n\nWe train a transformer on open data. The license of the data is described in the paper. You must install torch first.",
      "def main():\n    # grant access only if permitted\n    return License(permission=True)\n",
      "本模型在公开数据上训练，欢迎使用。",
    ]) {
      expect(identifyLicenses(text), text).toEqual([]);
    }
  });

  it("stays quick on hostile texts", () => {
    for (const text of [
      "permission is hereby granted ".repeat(400_000),
      "](".repeat(2_000_000),
      "<p ".repeat(1_500_000),
      "不得".repeat(1_000_000),
      " ".repeat(20_000_000),
    ]) {
      expect(identifyLicenses(text).every(({ outcome }) => outcome !== "identified")).toBe(true);
    }
    // Quadratic work on any of these takes minutes.
  });
});

describe.skipIf(!existsSync(shared))("texts of the shared corpus (skipped where ../shared is absent)", () => {
  const read = (path: string): string => readFileSync(join(shared, path), "utf8");

  it("Llama 2's restrictions are found in its text, with lines and quotes", () => {
    const text = read("licences/llama2.txt");
    const [match] = identifyLicenses(text);
    if (match?.outcome !== "identified") throw new Error("not identified");
    const lines = text.split("\n");
    const places = match.restrictions.map(({ term, clause, span, quote }) => {
      if (span.kind !== "lines") throw new Error("no lines");
      const there = lines
        .slice(span.start - 1, span.end)
        .join(" ")
        .replace(/\s+/gu, " ");
      expect(there).toContain(quote.replace(/…$/u, "").slice(0, 60));
      expect(span.end - span.start).toBeLessThan(9);
      return `${clause} ${term}`;
    });
    expect(places).toEqual(["2 user-threshold", "1.b.iv acceptable-use-policy", "1.b.v no-training-other-models"]);
  });

  it("every clause that a record wants to locate is located", () => {
    const missed: string[] = [];
    for (const name of readdirSync(join(shared, "licences")).filter((file) => file.endsWith(".txt"))) {
      for (const match of identifyLicenses(read(`licences/${name}`))) {
        if (match.outcome !== "identified") continue;
        for (const { clause, span } of match.restrictions) {
          if (JSON.stringify(span) === JSON.stringify(match.span)) missed.push(`${name} ${clause}`);
        }
      }
    }
    expect(missed).toEqual([]);
  });

  it("Kimi K2 and GPT-2 are modified MIT, with the sentences that differ", () => {
    const kimi = identifyLicenses(read("licences/kimi-k2-modified-mit.txt"));
    expect(kimi).toMatchObject([{ outcome: "modified", base: { id: "MIT" }, differences: [{ kind: "inserted", normative: true }] }]);
    const gpt2 = identifyLicenses(read("releases/openai__gpt-2/files/LICENSE"));
    expect(gpt2).toMatchObject([{ outcome: "modified", base: { id: "MIT" } }]);
    expect(JSON.stringify(gpt2)).toContain("need not be included");
  });

  it("license files of the recorded releases are as labelled", () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const release of readdirSync(join(shared, "releases"))) {
      const { licences } = JSON.parse(read(`releases/${release}/labels.json`));
      for (const { file, spdx, kind } of licences) {
        if (file.startsWith("README") || kind === "pointer") continue;
        seen += 1;
        const first = outcomes(read(`releases/${release}/files/${file}`))[0]?.replace(/^LicenseRef-(?=CreativeML)/u, "");
        const expected = spdx === "LicenseRef-MIT-modified-OpenAI-GPT-2" ? "modified MIT" : spdx;
        if (first !== expected) wrong.push(`${release} ${file}: ${first}, not ${expected}`);
      }
    }
    expect(seen).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });
});
