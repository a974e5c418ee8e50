import { expect, test } from "vitest";
import { type CellCounts, CellShapes, isIdColumn } from "./columns.ts";
import { isLuhn } from "./validators/checksums.ts";

function watched(cells: readonly string[], field = "/number"): ReadonlyMap<string, CellCounts> {
  const shapes = new CellShapes();
  const counts = new Map<string, CellCounts>();
  for (const cell of cells) {
    shapes.each(cell, field, (rule, passed) => {
      const { shaped, passed: before } = counts.get(rule) ?? { shaped: 0, passed: 0 };
      counts.set(rule, { cells: cells.length, shaped: shaped + 1, passed: before + Number(passed) });
    });
  }
  return counts;
}

const invoices = Array.from({ length: 300 }, (_, row) => String(4_000_000_000_000_000 + row * 7_919_317));

test("a column of numbers that pass by chance is one of ids", () => {
  const counts = watched(invoices).get("personal/card");
  expect(counts).toMatchObject({ cells: 300, shaped: 300 });
  expect(counts?.passed).toBeGreaterThan(10);
  expect(isIdColumn(counts ?? { cells: 0, shaped: 0, passed: 0 })).toBe(true);
});

test("a column of cards is none", () => {
  const cards = invoices.map((number) => [..."0123456789"].map((last) => number.slice(0, -1) + last).find(isLuhn) ?? "");
  const counts = watched(cards).get("personal/card");
  expect(isIdColumn(counts ?? { cells: 0, shaped: 0, passed: 0 })).toBe(false);
});

test("a few numbers among texts say nothing", () => {
  const counts = watched([...invoices.slice(0, 30), ...invoices.map((number) => `invoice ${number}`)]).get("personal/card");
  expect(counts).toMatchObject({ shaped: 30 });
  expect(isIdColumn(counts ?? { cells: 0, shaped: 0, passed: 0 })).toBe(false);
  expect(isIdColumn({ cells: 19, shaped: 19, passed: 0 })).toBe(false);
});

test("long cells and cells without digits have no shape", () => {
  expect(watched(["", "x".repeat(1e6), "4".repeat(1e6)]).size).toBe(0);
});

test("a column of mobile numbers is no column of tax ids, and one of telephones where its name says so", () => {
  const mobiles = Array.from({ length: 300 }, (_, row) => String(13_800_000_000 + row * 219_317));
  const taxIds = watched(mobiles, "/手机号").get("personal/de-tax-id");
  expect(taxIds).toMatchObject({ shaped: 300, passed: 0 });
  expect(watched(mobiles, "/steuer_id").get("personal/de-tax-id")?.passed).toBeGreaterThan(0);
  expect(watched(mobiles, "/手机号").get("personal/phone")).toMatchObject({ shaped: 300, passed: 300 });
  expect(watched(mobiles, "/订单号").get("personal/phone")).toMatchObject({ passed: 0 });
});
