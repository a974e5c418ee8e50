import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Report } from "../../src/core/report.ts";
import { parseReport } from "../../src/reports/schema.ts";
import { runInProcess } from "../cli/run-in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-data-audit-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LINES = [
  ...Array.from({ length: 6 }, (_, at) =>
    JSON.stringify({ text: `The committee meets on thursday. Write to anna.schmidt${at}@gmail.com before it.` }),
  ),
  ...Array.from({ length: 4 }, (_, at) =>
    JSON.stringify({ text: `委员会将于星期四再次开会讨论预算问题，铁路部门的工程师也会参加这个会议。第${at}次` }),
  ),
];
const DATA = `${LINES.join("\n")}\n`;

const ADDRESS = `${JSON.stringify({ text: "The minutes are kept at https://www.example.org/minutes for all to read." })}\n`;

function release(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(folder, name);
}

async function auditRows(path: string): Promise<Report> {
  const context = auditContext({ env: {}, cwd: folder, offline: true });
  return await audit({ parts: [{ part: "all", reference: path }], context, acceptClaims: false, rows: "full" });
}

const card = (front: string, body: string): string => `---\n${front}\n---\n# Data\n\n${body}\n`;

function croissant(sha256: string, column: string): string {
  return JSON.stringify({
    "@context": {},
    "@type": "sc:Dataset",
    conformsTo: "http://mlcommons.org/croissant/1.0",
    name: "x",
    description: "x",
    license: "https://spdx.org/licenses/MIT",
    url: "https://example.org",
    creator: { "@type": "Person", name: "x" },
    datePublished: "2026-01-01",
    distribution: [{ "@type": "cr:FileObject", "@id": "f", contentUrl: "train.jsonl", encodingFormat: "application/jsonlines", sha256 }],
    recordSet: [{ field: [{ source: { extract: { column } } }] }],
  });
}

describe("data in an audit", () => {
  test("cards that contradict the data give findings with both places", async () => {
    const report = await auditRows(
      release("wrong", {
        "README.md": card(
          "license: mit\nlanguage: en\ndataset_info:\n  splits:\n  - name: train\n    num_examples: 7",
          "The data does not contain any personal information.",
        ),
        "croissant.json": croissant("a".repeat(64), "other"),
        "train.jsonl": DATA,
        "test.jsonl": `${LINES[0]}\n`,
      }),
    );
    const rules = report.findings
      .filter(({ ruleId }) => ruleId.startsWith("data/"))
      .map(({ ruleId, message }) => `${ruleId} ${message.id}`);
    expect([...rules].sort()).toEqual([
      "data/card-denies-personal data.denied",
      "data/croissant data.croissant.fields",
      "data/croissant data.croissant.sha256",
      "data/language-undeclared data.language-differs",
      "data/personal data.found-all",
      "data/rows-differ data.rows-differ",
      "data/split-overlap data.across",
    ]);
    const denied = report.findings.find(({ ruleId }) => ruleId === "data/card-denies-personal");
    const places = report.evidence.filter(({ id }) => denied?.evidence.includes(id)).map(({ path, span }) => ({ path, span }));
    expect(places).toContainEqual({ path: "README.md", span: { kind: "lines", start: 11, end: 11 } });
    expect(places.map(({ path }) => path)).toContain("train.jsonl");
    expect(parseReport(JSON.parse(JSON.stringify(report)))).toHaveProperty("report");
    // Not one of the addresses found is in the report.
    expect(JSON.stringify(report)).not.toContain("anna.schmidt");
  });

  test("cards that are right give none", async () => {
    const digest = createHash("sha256").update(DATA).digest("hex");
    const report = await auditRows(
      release("right", {
        "README.md": card(
          "license: mit\nlanguage: [en, zh]\ndataset_info:\n  splits:\n  - name: train\n    num_examples: 10",
          "It holds addresses of authors.",
        ),
        "croissant.json": croissant(digest, "text"),
        "train.jsonl": DATA,
      }),
    );
    expect(report.findings.filter(({ ruleId }) => ruleId.startsWith("data/")).map(({ ruleId }) => ruleId)).toEqual(["data/personal"]);
  });

  test.each([
    ["en", /in all data files together 3 rows.*, 3 hits.*the file named is an example/u],
    ["zh-Hans", /全部数据文件合计 3 行.*，3 处.*所列文件仅为一例/u],
    ["zh-Hant", /全部資料檔案合計 3 列.*，3 處.*所列檔案僅為一例/u],
  ])("counts of a rule are said to be those of all files: %s", async (language, sentence) => {
    const rows = (...names: readonly string[]): string =>
      names.map((name) => `${JSON.stringify({ text: `write to ${name}@gmail.com` })}\n`).join("");
    const path = release(`together-${language}`, { "neg.jsonl": rows("anna.schmidt"), "pos.jsonl": rows("jane.roe88", "paul.meier") });
    const { stdout } = await runInProcess(["audit", path, "--rows", "full", "-f", "csv", "--lang", language, "--fail-on", "none"]);
    expect(stdout).toMatch(sentence);
  });

  test("the data stand in every form of a report, and not without being asked for", async () => {
    const path = release("forms", { "README.md": card("license: mit", "Words."), "train.jsonl": DATA });
    for (const format of ["table", "markdown", "html", "json"]) {
      const { stdout } = await runInProcess(["audit", path, "--rows", "full", "-f", format, "--fail-on", "none"]);
      expect(stdout).toContain("train.jsonl");
      expect(stdout).toMatch(/e-mail address of a person|personal\/email/u);
    }
    const { stdout } = await runInProcess(["audit", path, "-f", "json"]);
    expect(JSON.parse(stdout)).not.toHaveProperty("data");
  });

  const found = (report: Report, id: string) => {
    const criterion = report.verdicts.flatMap(({ criteria }) => criteria).find((one) => one.id === id);
    const told = criterion?.because.filter(({ id: message }) => message.startsWith("standards.measured.")) ?? [];
    const cited = told.flatMap(({ evidence }) => evidence ?? []);
    const pieces = report.evidence.filter(({ id: piece }) => cited.includes(piece));
    return { result: criterion?.result, told: told.map(({ id: message }) => message.slice("standards.measured.".length)), pieces };
  };

  test("what was measured is told in the criteria about data, with file, place and digest", async () => {
    const path = release("told", {
      "README.md": card("license: mit\nlanguage: [en, zh]", "Collected by us."),
      "data/train.jsonl": `${DATA}${ADDRESS}`,
    });
    const report = await auditRows(path);
    for (const id of [
      "osaid-1.0/data-information",
      "mof/datasets",
      "osaii-2026/datasources_endmodel",
      "eu-ai-act-53-2/owed-training-content-summary",
    ]) {
      const { told, pieces } = found(report, id);
      expect(told).toContain("files");
      expect(pieces.find(({ path: file }) => file === "data/train.jsonl")?.digest).toMatch(/^[a-z0-9-]+:[0-9a-f]+$/u);
    }
    expect(found(report, "eu-ai-act-53-2/owed-training-content-summary").told).toEqual(["files", "languages", "domains", "personal"]);
    expect(found(report, "mof/datasets").result).toBe("met");
    const context = auditContext({ env: {}, cwd: folder, offline: true });
    const without = await audit({ parts: [{ part: "all", reference: path }], context, acceptClaims: false });
    expect(JSON.stringify(without)).not.toContain("measured");
    const outcomes = ({ verdicts }: Report) => verdicts.map(({ standard, profile, result }) => [standard, profile, result]);
    expect(outcomes(without)).toEqual(outcomes(report));
  });

  test("data that cannot be read is no data set that is there, and a card that files contradict is no data card that is met", async () => {
    const damaged = await auditRows(
      release("damaged", { "README.md": card("license: mit", "Words."), "data/train.parquet": "PAR1 nothing of it" }),
    );
    expect(found(damaged, "mof/datasets")).toMatchObject({ result: "unknown", told: ["files", "unreadable"] });
    const texts = await auditRows(
      release("texts", { "README.md": card("license: mit", "Words."), "data/train.jsonl": "no\njson\nat all\n" }),
    );
    expect(found(texts, "mof/datasets")).toMatchObject({ result: "unknown" });
    const body = `${card("license: mit\nlanguage: en", "The data does not contain any personal information.")}`;
    const wrong = await auditRows(release("denied", { "DATA_CARD.md": body, "data/train.jsonl": DATA }));
    const { result, told, pieces } = found(wrong, "mof/data-card");
    expect([result, told]).toEqual(["unknown", ["files", "languages", "contradicted", "contradicted"]]);
    expect(new Set(pieces.map(({ path }) => path))).toEqual(new Set(["DATA_CARD.md", "data/train.jsonl"]));
  });
});
