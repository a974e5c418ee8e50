import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { runInProcess } from "../cli/run-in-process.ts";

const fixtures = join(import.meta.dirname, "fixtures");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-sql-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Answer = Readonly<Record<string, unknown>>;

/** Runs statements in DuckDB; gives the rows that the selects answer. */
async function inDuckDb(sql: string): Promise<readonly Answer[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET memory_limit = '1GB'; SET threads = 1");
  await connection.run(
    "CREATE VIEW ajar_items AS SELECT 'known' AS item, 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen' AS text UNION ALL SELECT 'other', 'a b c d e f g h i j k l m n o'",
  );
  const answers: Answer[] = [];
  for (const statement of sql.split(/;\n/u)) {
    if (statement.trim() === "") continue;
    const result = await connection.runAndReadAll(statement);
    answers.push(...result.getRowObjectsJson());
  }
  connection.closeSync();
  return answers;
}

describe("SQL for a warehouse", () => {
  test("DuckDB counts what Ajar counts: candidates, exact duplicates, overlap; over a broken line, CSV and Parquet too", async () => {
    const long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
    const rows = Array.from({ length: 200 }, (_, at) =>
      JSON.stringify({ text: at % 5 === 0 ? `write to anna.schmidt${at}@gmail.com` : `some words of the row ${at % 50}` }),
    );
    const lines = join(folder, "a.jsonl");
    writeFileSync(lines, `${[...rows, JSON.stringify({ text: long }), "{broken"].join("\n")}\n`);
    const table = join(folder, "b.csv");
    writeFileSync(table, "id,text\n1,hello there all of you\n2,reach anna.lee@gmail.com\n");
    const parquet = join(fixtures, "rows-snappy.parquet");
    const files = [lines, table, parquet];
    const { stdout: sql } = await runInProcess(["data", "--emit-sql", "duckdb", ...files]);
    const [candidates, duplicates, , ...overlap] = await inDuckDb(sql);
    const report = JSON.parse((await runInProcess(["data", ...files, "--rows", "full", "-f", "json"])).stdout) as DataReport;
    const email = report.rules.find(({ rule }) => rule === "personal/email");
    expect(email?.rows).toBe(141);
    expect(Number(candidates?.["personal/email"])).toBe(email?.rows);
    // The broken line is a row of one word, which Ajar does not compare.
    expect(Number(duplicates?.["row_count"])).toBe(report.duplicates.rows + 1);
    expect(Number(duplicates?.["distinct_rows"])).toBe(report.duplicates.distinct + 1);
    expect(overlap).toEqual([
      { item: "known", grams: "2", found: "2" },
      { item: "other", grams: "3", found: "0" },
    ]);
  });

  test("Spark's has its own ways of writing, and quotes stay quotes", async () => {
    const { stdout } = await runInProcess(["data", "--emit-sql", "spark", "s3://bucket/o'neil/*.parquet"]);
    expect(stdout).toContain("FROM parquet.`s3://bucket/o'neil/*.parquet`");
    expect(stdout).toContain("'s3://bucket/o\\'neil/*.parquet' AS file");
    expect(stdout).toContain("row_text RLIKE");
  });
});
