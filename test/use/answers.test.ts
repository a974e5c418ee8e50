// What license texts say of made-up releases and of Llama 2 as it was recorded: each answer with the clause that gives it.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import type { Use } from "../../src/core/terms.ts";
import type { Answer, UseReport } from "../../src/core/use.ts";
import { USE_SCHEMA_EQUALS_TYPES, useJsonSchema } from "../../src/reports/use/schema.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { type Ran, runInProcess } from "../cli/run-in-process.ts";
import { type RELEASES, write } from "./made-up.ts";

type Name = keyof typeof RELEASES;

const LLAMA2 = "LicenseRef-Llama-2-Community";
const GEMMA = "LicenseRef-Gemma";
const HUNYUAN = "LicenseRef-Tencent-Hunyuan-Large-Community";
const OPENRAIL = "LicenseRef-CreativeML-OpenRAIL-M";

interface Case {
  readonly release: Name;
  readonly use: Use;
  readonly args?: readonly string[];
  readonly answer: Answer;
  /** `license clause` of the ground or of the condition that gives the answer; a reason where no clause does. */
  readonly by: string;
}

const CASES: readonly Case[] = [
  { release: "apache", use: "commercial", answer: "allowed", by: "Apache-2.0 2" },
  { release: "apache", use: "redistribute", answer: "allowed", by: "Apache-2.0 4" },
  { release: "llama-derived", use: "commercial", answer: "review", by: `${LLAMA2} 2` },
  { release: "llama-derived", use: "commercial", args: ["--users", "700000000"], answer: "review", by: `${LLAMA2} 1.b.iv` },
  { release: "llama-derived", use: "commercial", args: ["--users", "700000001"], answer: "not-allowed", by: `${LLAMA2} 2` },
  { release: "llama-derived", use: "train-on-outputs", args: ["--users", "5"], answer: "review", by: `${LLAMA2} 1.b.v` },
  { release: "llama-relabelled", use: "commercial", args: ["--users", "800000000"], answer: "not-allowed", by: `${LLAMA2} 2` },
  { release: "llama-relabelled", use: "redistribute", answer: "review", by: `${LLAMA2} 1.b.i` },
  { release: "gemma-derived", use: "commercial", answer: "review", by: `${GEMMA} 3.2` },
  { release: "gemma-derived", use: "train-on-outputs", answer: "review", by: `${GEMMA} 1.1.e` },
  { release: "openrail", use: "commercial", answer: "review", by: `${OPENRAIL} Attachment A` },
  { release: "openrail", use: "redistribute", answer: "review", by: `${OPENRAIL} 4` },
  { release: "cc-by-nc", use: "commercial", answer: "not-allowed", by: "CC-BY-NC-4.0 2.a.1" },
  { release: "cc-by-nc", use: "research", answer: "allowed", by: "CC-BY-NC-4.0 2.a.1" },
  { release: "cc-by-nc", use: "fine-tune", answer: "review", by: "CC-BY-NC-4.0 2.a.1.B" },
  { release: "cc-by-nc", use: "train-on-outputs", answer: "review", by: "unknown" },
  { release: "unknown", use: "research", answer: "review", by: "unknown" },
  { release: "silent", use: "internal", answer: "review", by: "unknown" },
  { release: "chinese-custom", use: "commercial", answer: "review", by: "unknown" },
  { release: "chinese-custom", use: "research", answer: "review", by: "unknown" },
  { release: "disputed", use: "commercial", answer: "review", by: "disputed" },
  { release: "disputed", use: "research", answer: "review", by: "disputed" },
  { release: "apache-from-unknown", use: "commercial", answer: "review", by: "unknown" },
  { release: "hunyuan", use: "internal", args: ["--region", "DE"], answer: "not-allowed", by: `${HUNYUAN} 5.c` },
  { release: "hunyuan", use: "internal", args: ["--region", "eu"], answer: "not-allowed", by: `${HUNYUAN} 5.c` },
  { release: "hunyuan", use: "internal", args: ["--region", "UK"], answer: "review", by: `${HUNYUAN} 5.a` },
  { release: "hunyuan", use: "internal", args: ["--region", "JP"], answer: "review", by: `${HUNYUAN} 5.a` },
];

const EXIT_OF: Readonly<Record<Answer, number>> = { allowed: 0, review: 3, "not-allowed": 1 };
const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true, allErrors: true }).compile({ ...useJsonSchema() });
const written = new Map<Name, string>();
afterAll(() => {
  for (const folder of written.values()) rmSync(folder, { recursive: true });
});

function folderOf(name: Name): string {
  const folder = written.get(name) ?? write(name);
  written.set(name, folder);
  return folder;
}

async function ask(target: string, ...args: readonly string[]): Promise<{ readonly ran: Ran; readonly answer: UseReport }> {
  const ran = await runInProcess(["use", target, "--offline", "-f", "json", ...args], { env: { CI: "1" } });
  const answer: UseReport = JSON.parse(ran.stdout);
  validate(answer);
  expect(validate.errors).toBeNull();
  return { ran, answer };
}

/** Everything that stands in an answer as what gives it. */
function reasonsFor({ answers }: UseReport): readonly string[] {
  const parts = answers.flatMap((answer) => answer.parts);
  const blocking = parts.flatMap(({ checks }) => checks.filter(({ state }) => state !== "met"));
  const cited = [...parts.flatMap(({ because }) => because), ...blocking];
  return [...parts.flatMap(({ reasons }) => reasons), ...cited.map(({ license, clause }) => `${license} ${clause}`)];
}

describe("ajar use", () => {
  it.each(CASES)("$release for $use $args: $answer by $by", async ({ release, use, args = [], answer, by }) => {
    const { ran, answer: given } = await ask(folderOf(release), "--for", use, ...args);
    expect(given.answers.map((one) => [one.use, one.answer])).toEqual([[use, answer]]);
    expect(reasonsFor(given)).toContain(by);
    expect(ran.code).toBe(EXIT_OF[answer]);
  });

  const recorded = join(packageRoot, "..", "shared", "corpus", "releases", "meta-llama__llama");
  it.skipIf(!existsSync(recorded))("gives the users of Llama 2 what its clauses say, where they stand", async () => {
    const over = await ask(`recorded:${recorded}`, "--for", "commercial", "--users", "800000000");
    expect(over.ran.code).toBe(1);
    const [part] = over.answer.answers[0]?.parts ?? [];
    const failed = part?.checks.filter(({ state }) => state === "failed") ?? [];
    expect(failed).toMatchObject([
      { license: LLAMA2, clause: "2", condition: { above: 700_000_000, effect: "separate-license", date: "2023-07-18" } },
    ]);
    const place = over.answer.evidence.find(({ id }) => id === failed[0]?.evidence[0]);
    expect(place).toMatchObject({
      path: "LICENSE",
      span: { kind: "lines", start: 65 },
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
    });
    const under = await ask(`recorded:${recorded}`, "--for", "commercial", "--users", "5000");
    expect(under.answer.answers[0]).toMatchObject({
      answer: "review",
      parts: [{ part: "weights", reasons: ["conditions"] }, { part: "code" }],
    });
  });

  it("names the parent that brings a clause in, and where the release names that parent", async () => {
    const { answer } = await ask(folderOf("llama-relabelled"), "--for", "redistribute", "--users", "10");
    const [ground] = answer.answers[0]?.parts[0].because ?? [];
    expect(ground).toMatchObject({
      license: LLAMA2,
      reach: "derived",
      path: [{ relation: "base-model", node: "hf:meta-llama/llama-2-7b-hf" }],
    });
    expect(answer.evidence.find(({ id }) => id === ground?.evidence[0])).toMatchObject({ path: "README.md", span: { start: 3 } });
    expect(answer.duties.map(({ kind, license, clause }) => `${kind} ${license} ${clause}`)).toEqual(
      expect.arrayContaining([`license-text ${LLAMA2} 1.b.i`, `notice ${LLAMA2} 1.b.iii`, "license-text Apache-2.0 4.a"]),
    );
    expect(answer.duties.find(({ clause }) => clause === "1.b.iii")?.words).toContain("Llama 2 is licensed under");
  });

  it("shows both places of a contradiction, and the sentences that limit use of a text nobody knows", async () => {
    const disputed = await ask(folderOf("disputed"), "--for", "commercial");
    const places = disputed.answer.disputes.flatMap(({ evidence }) => evidence);
    const paths = disputed.answer.evidence.filter(({ id }) => places.includes(id)).map(({ path }) => path);
    expect(paths.sort()).toEqual(["LICENSE", "README.md"]);
    const chinese = await ask(folderOf("chinese-custom"), "--for", "commercial");
    expect(chinese.answer.evidence.map(({ quote }) => quote).join()).toContain("不得将本模型用于任何商业用途");
  });

  it("says the same of a saved report, and tells it in three languages with the warning", async () => {
    const folder = folderOf("llama-relabelled");
    const report = await runInProcess(["audit", folder, "--offline", "-f", "json"], { env: { CI: "1" } });
    const direct = await runInProcess(["use", folder, "--offline", "--for", "commercial"], { env: { CI: "1" } });
    const saved = await runInProcess(["use", "-", "--for", "commercial"], { stdin: report.stdout });
    expect(saved).toEqual(direct);
    expect(direct.stdout).toContain("no legal advice");
    const under = await runInProcess(["use", "-", "--for", "commercial", "--users", "5"], { stdin: report.stdout });
    expect(under.stdout.replace(/\s+/gu, " ")).toContain("not passed by the number given");
    for (const line of direct.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    const chinese = await runInProcess(["use", "-", "--lang", "zh-Hans"], { stdin: report.stdout });
    expect(chinese.stdout).toContain("并非法律意见");
    expect((await runInProcess(["use", "-", "--lang", "zh-Hant"], { stdin: report.stdout })).stdout).toContain("需要人工審查");
  });

  it("refuses a use, a region and a format that do not exist", async () => {
    const folder = folderOf("apache");
    for (const args of [
      ["--for", "resale"],
      ["--region", "XQ"],
      ["--region", "Germany"],
      ["--users", "many"],
      ["-o", "sarif=x.sarif"],
    ])
      expect((await runInProcess(["use", folder, ...args])).code).toBe(2);
    expect((await runInProcess(["use"])).code).toBe(2);
  });

  it("has a schema equal to its types, published as it is", () => {
    expect(USE_SCHEMA_EQUALS_TYPES).toBe(true);
    expect(JSON.parse(readFileSync(join(packageRoot, "schema", "use.schema.json"), "utf8"))).toEqual(useJsonSchema());
  });
});
