// A table of invoices: numbers as long as a card's, of which one in ten has its check digit by chance.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { isLuhn } from "../../src/patterns/validators/checksums.ts";
import { runInProcess } from "../cli/run-in-process.ts";

const invoices = Array.from({ length: 300 }, (_, row) => String(4_000_000_000_000_000 + row * 7_919_317));

const CARD = "please charge 4111 1111 1111 1111 today";

async function answer(rows: readonly object[], ...argv: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ajar-id-columns-"));
  try {
    const file = join(folder, "rows.jsonl");
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const { stdout } = await runInProcess(["data", file, "--rows", "full", ...argv]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function reportOf(rows: readonly object[]): Promise<DataReport> {
  return JSON.parse(await answer(rows, "-f", "json")) as DataReport;
}

describe("a column of ids", () => {
  test("is told, and its numbers are no cards", async () => {
    const { rules, files } = await reportOf(invoices.map((invoice) => ({ invoice, note: "paid" })));
    expect(files[0]?.idColumns).toEqual([{ rule: "personal/card", field: "/invoice", cells: 300, shaped: 300, passed: 35 }]);
    expect(rules.map(({ rule }) => rule)).not.toContain("personal/card");
  });

  test("does not hide a card that stands in another column, nor its sample", async () => {
    const { rules } = await reportOf(invoices.map((invoice, row) => ({ invoice, note: row === 7 ? CARD : "paid" })));
    const card = rules.find(({ rule }) => rule === "personal/card");
    expect(card).toMatchObject({ rows: 1, hits: 1 });
    expect(card?.samples).toMatchObject([{ field: "/note", row: 8 }]);
  });

  test("is none where nearly all numbers are cards", async () => {
    const cards = invoices.map((number) => [..."0123456789"].map((last) => number.slice(0, -1) + last).find(isLuhn) ?? "");
    const { rules, files } = await reportOf(cards.map((card) => ({ card })));
    expect(files[0]).not.toHaveProperty("idColumns");
    expect(rules.find(({ rule }) => rule === "personal/card")?.rows).toBeGreaterThan(250);
  });

  test.each([
    ["en", "holds ids: 300 of 300 cells"],
    ["zh-Hans", "是编号：300"],
    ["zh-Hant", "是編號：300"],
  ])("is told in %s", async (language, sentence) => {
    expect(
      await answer(
        invoices.map((invoice) => ({ invoice })),
        "-f",
        "markdown",
        "--lang",
        language,
      ),
    ).toContain(sentence);
  });
});

describe("a column of telephone numbers", () => {
  const mobiles = Array.from({ length: 200 }, (_, row) => 13_800_000_000 + row * 219_317);

  test.each(["手机号", "phone", "mobile"])("named %s is counted, as texts and as numbers, and is none of ids", async (name) => {
    for (const cell of [String, Number]) {
      const { rules, files } = await reportOf(mobiles.map((number) => ({ [name]: cell(number) })));
      expect(rules.find(({ rule }) => rule === "personal/phone")).toMatchObject({ rows: 200, hits: 200 });
      expect(files[0]).not.toHaveProperty("idColumns");
    }
  });

  test.each([
    ["订单号", mobiles],
    ["order_id", mobiles],
    ["message_id", mobiles],
    ["timestamp", mobiles.map((_, row) => 1_764_105_600_123 + row * 1_117)],
  ])("is not what %s is", async (name, numbers) => {
    const { rules } = await reportOf(numbers.map((number) => ({ [name]: number })));
    expect(rules.map(({ rule }) => rule)).not.toContain("personal/phone");
  });
});
