import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { runInProcess } from "./run-in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-data-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function data(...argv: readonly string[]): Promise<{ readonly code: number; readonly report: DataReport }> {
  const { code, stdout } = await runInProcess(["data", ...argv, "-f", "json"]);
  return { code, report: JSON.parse(stdout) as DataReport };
}

describe("ajar data", () => {
  test("counts rows, languages and duplicates of a file, the same each time", async () => {
    const rows = Array.from({ length: 300 }, (_, at) =>
      JSON.stringify({ text: `The committee met for the ${at % 100}th time to discuss the budget of the railway.` }),
    );
    const path = file("train.jsonl", `${rows.join("\n")}\n`);
    const { code, report } = await data(path);
    expect(code).toBe(0);
    expect(report.coverage).toMatchObject({ files: 1, rows: 300, rowsPresent: 300, complete: true });
    expect(report.duplicates).toMatchObject({ rows: 300, distinct: 100, repeated: 200 });
    expect(report.languages[0]).toEqual({ language: "en", share: 1 });
    expect((await data(path)).report).toEqual(report);
  });

  test("a large file is read at places that it chooses itself; the rate says how sure it is", async () => {
    const path = file("large.jsonl", `${JSON.stringify({ text: "x".repeat(500) })}\n`.repeat(60_000));
    const { code, report } = await data(path);
    expect(code).toBe(0);
    expect(report.files[0]).toMatchObject({ basis: "blocks" });
    expect(report.coverage.rows).toBeGreaterThan(10_000);
    expect(report.coverage.rows).toBeLessThan(30_000);
    expect(Math.abs((report.coverage.rowsPresent ?? 0) / 60_000 - 1)).toBeLessThan(0.01);
    expect(report.noneAbove).toBeCloseTo(2.9957 / report.coverage.rows, 6);
    expect((await data(path, "--rows", "full")).report.coverage).toMatchObject({ rows: 60_000, rowsPresent: 60_000 });
  });

  test("what is cut off is reported with its place and makes the answer partial", async () => {
    const lines = Array.from({ length: 4000 }, (_, at) => JSON.stringify({ text: `row ${at} ${Math.sin(at)}` })).join("\n");
    const packed = gzipSync(lines);
    const { code, report } = await data(file("cut.jsonl.gz", packed.subarray(0, packed.length >> 1)));
    expect(code).toBe(3);
    expect(report.coverage.complete).toBe(false);
    expect(report.coverage.rows).toBeGreaterThan(100);
    expect(report.files[0]?.problem).toMatchObject({ code: "TRUNCATED" });
    expect(report.noneAbove).toBeNull();
    const read = lines.split("\n").slice(0, report.coverage.rows).join("\n");
    expect(report.coverage.bytes / Buffer.byteLength(read)).toBeCloseTo(1, 2);
    const full = (await data(join(folder, "cut.jsonl.gz"), "--rows", "full")).report;
    expect(full.files[0]).toMatchObject({ basis: "beginning", rowsPresent: null, bytes: report.coverage.bytes });
  });

  test("Arrow: what is there of a cut file is read by batches, and the answer is partial; places are rows", async () => {
    const whole = readFileSync(join(import.meta.dirname, "../dataset/fixtures/types-stream-none.arrow"));
    const { code, report } = await data(file("whole.arrow", whole));
    expect(code).toBe(0);
    expect(report.coverage).toMatchObject({ rows: 60, rowsPresent: 60, complete: true });
    const cut = await data(file("cut.arrow", whole.subarray(0, whole.length - 5000)));
    expect(cut.code).toBe(3);
    expect(cut.report.files[0]).toMatchObject({ rows: 50, rowsPresent: null, problem: { code: "TRUNCATED", offset: expect.any(Number) } });
    const damaged = Buffer.from(whole);
    damaged[damaged.lastIndexOf("deep 59")] = 0xff;
    const { broken } = (await data(file("damaged.arrow", damaged))).report.files[0] ?? {};
    expect(broken).toEqual([{ code: "invalid-bytes", rows: 1, places: [{ path: "damaged.arrow", row: 60 }] }]);
  });

  test.each(["table", "markdown"])("speaks three languages as %s", async (format) => {
    const path = file("a.csv", 'id,text\n1,"some words | of <b>text</b>"\n');
    for (const language of ["en", "zh-Hans", "zh-Hant"]) {
      const { code, stdout } = await runInProcess(["data", path, "-f", format, "--lang", language]);
      expect(code).toBe(0);
      expect(stdout).toContain("a.csv");
    }
  });

  test("a target without data is named", async () => {
    const { code, stderr } = await runInProcess(["data", file("x.bin", "no data")]);
    expect(code).toBe(4);
    expect(stderr).toContain("there is no data file");
  });
});

describe("ajar data find", () => {
  const rows = Array.from({ length: 50 }, (_, at) =>
    JSON.stringify({ text: `row ${at}${at % 10 === 3 ? ", write to Anna.Schmidt@gmail.com" : ""}` }),
  );

  test("answers how often and where, for a value and for its salted hash, and shows no record", async () => {
    const path = file("find.jsonl", rows.join("\n"));
    const value = await runInProcess(["data", "find", path, "--value-stdin", "-f", "json"], { stdin: "anna.schmidt@GMAIL.com\n" });
    expect(value.code).toBe(1);
    expect(JSON.parse(value.stdout)).toMatchObject({
      rows: 5,
      rowsRead: 50,
      complete: true,
      places: expect.arrayContaining([{ path: "find.jsonl", row: 14, field: "/text" }]),
    });
    expect(value.stdout.toLowerCase()).not.toContain("schmidt");
    const hash = createHash("sha256").update("ajar.data.value.v1\0a salt\0anna.schmidt@gmail.com").digest("hex");
    const hashed = await runInProcess(["data", "find", path, "--hash", hash, "--salt", "a salt", "-f", "json"]);
    expect(JSON.parse(hashed.stdout)).toEqual(JSON.parse(value.stdout));
    expect((await runInProcess(["data", "find", path, "--value-stdin"], { stdin: "somebody@else.org" })).code).toBe(0);
  });

  test.each(['{"phone":13912345678}', '{"手机号":"13912345678"}'])("finds a telephone number that stands alone in %s", async (row) => {
    const path = file("find-phone.jsonl", `${row}\n`);
    const { code, stdout } = await runInProcess(["data", "find", path, "--value-stdin", "-f", "json"], { stdin: "13912345678\n" });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1, rowsRead: 1 });
  });

  test("wants one of the two ways of asking", async () => {
    for (const argv of [
      ["data", "find", "."],
      ["data", "find", ".", "--hash", "12"],
      ["data", "find"],
    ]) {
      expect((await runInProcess(argv)).code).toBe(2);
    }
  });
});

describe("ajar data in parts", () => {
  test("a plan, its shards in any order, and the merge give the report of one run", async () => {
    const data = Array.from({ length: 400 }, (_, at) => JSON.stringify({ text: `row ${at % 90} mail${at % 7}@gmail.com ${at}` }));
    file("p1.jsonl", data.slice(0, 250).join("\n"));
    file("p2.csv", `id,text\n${data.map((_, at) => `${at},"a cell, of ${at % 20}"`).join("\n")}\n`);
    const plan = join(folder, "plan.json");
    const parts = join(folder, "parts");
    const targets = [join(folder, "p1.jsonl"), join(folder, "p2.csv")];
    expect((await runInProcess(["data", "shard", "plan", ...targets, "--rows", "full", "-o", plan])).code).toBe(0);
    const read = JSON.parse(readFileSync(plan, "utf8"));
    const split = { ...read, shards: read.shards.flat().map((share: unknown) => [share]) };
    writeFileSync(plan, JSON.stringify(split));
    expect(split.shards).toHaveLength(2);
    expect((await runInProcess(["data", "shard", "run", plan, "--index", "1", "--parts", parts])).code).toBe(0);
    const early = await runInProcess(["data", "merge", join(parts, "part-00001.json")]);
    expect(early.code).toBe(2);
    expect(early.stderr).toContain("parts are missing: 0");
    expect((await runInProcess(["data", "shard", "run", plan, "--parts", parts])).code).toBe(0);
    const merged = await runInProcess(["data", "merge", join(parts, "part-00001.json"), join(parts, "part-00000.json"), "-f", "json"]);
    const whole = await runInProcess(["data", ...targets, "--rows", "full", "-f", "json"]);
    const { targets: _, ...one } = JSON.parse(merged.stdout);
    const { targets: __, ...other } = JSON.parse(whole.stdout);
    expect(one).toEqual(other);
  });
});

describe("ajar data against a test set and for the EU", () => {
  test("finds items that the data hold, and not others", async () => {
    const question = "If a train leaves the station at nine and travels for three hours at sixty miles an hour how far does it go";
    const chinese = "一列火车九点从车站出发以每小时六十公里的速度行驶三个小时请问它一共走了多远的路程才能到达终点站";
    const other = "A farmer has seventeen sheep and all but nine of them run away so how many sheep does the farmer still have";
    const path = file(
      "corpus.jsonl",
      [question, chinese].map((text) => JSON.stringify({ text: `Some words before. ${text}? And after.` })).join("\n"),
    );
    const test = file(
      "questions.jsonl",
      [question, chinese, other, "too short"].map((text) => JSON.stringify({ question: text })).join("\n"),
    );
    const { stdout } = await runInProcess(["data", path, "--against", test, "-f", "json"]);
    expect((JSON.parse(stdout) as DataReport).overlaps).toEqual([
      { testSet: "questions.jsonl", items: 4, short: 1, touched: 2, half: 2, whole: 2 },
    ]);
  });

  test("the summary of training content has what was measured", async () => {
    const path = file(
      "eu.jsonl",
      JSON.stringify({ text: "See https://www.example.co.uk/page and write to anna.schmidt@gmail.com about the railway." }),
    );
    const { stdout } = await runInProcess(["data", path, "--eu-summary", "--rows", "full"]);
    expect(stdout).toContain("| example.co.uk | 1 |");
    expect(stdout).toContain("for the provider to state");
    expect(stdout).not.toContain("anna.schmidt");
  });
});
