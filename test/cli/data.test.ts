import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
