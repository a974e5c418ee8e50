// Of a packed file a sample reads the beginning: it is never told as the whole, whatever the file is packed with.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { withSources } from "../../src/audit/data/data.ts";
import { type DataOptions, measureAll, openAll } from "../../src/audit/data/measure.ts";
import type { DataReport } from "../../src/core/dataset.ts";
import { dataReport } from "../../src/dataset/result.ts";
import { writeXz } from "../formats/xz-writer.ts";
import { type Collected, readAll } from "./rows.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-beginnings-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context = auditContext({ env: {}, cwd: tmpdir(), offline: true });
const OPTIONS: DataOptions = { rows: "sample", threads: 1, overlap: null, signal: context.signal, progress: () => undefined };

/** What a sample says of a file; `limit` stands for the 32 MiB of the product. */
async function report(name: string, bytes: Uint8Array, limit: number | null): Promise<DataReport> {
  writeFileSync(join(folder, name), bytes);
  return await withSources({ references: [join(folder, name)], context, include: [], exclude: [] }, async (sources) => {
    const files = await openAll(sources, "sample");
    const cut =
      limit === null ? files : files.map((file) => ({ ...file, plan: { ...file.plan, shares: [{ kind: "stream", limit } as const] } }));
    const { tally, outcomes } = await measureAll(cut, OPTIONS);
    return dataReport(tally, { mode: "sample", outcomes, looked: ["personal"], overlap: null, infos: new Map() });
  });
}

const ROWS = 2000;
const TEXTS = Array.from({ length: ROWS }, (_, at) => (at < ROWS - 9 ? `row ${at} ${Math.sin(at)}` : "write to anna.lee@gmail.com"));
const LINES = Buffer.from(`${TEXTS.map((text) => JSON.stringify({ text })).join("\n")}\n`);
const TEXT = Buffer.from(`${TEXTS.join("\n")}\n`);

describe("a packed file of lines beyond the limit", () => {
  test.each([
    ["a.jsonl.gz", gzipSync(LINES), LINES],
    ["a.jsonl.zst", zstdCompressSync(LINES), LINES],
    ["a.jsonl.xz", writeXz(LINES), LINES],
    ["a.json.gz", gzipSync(LINES), LINES],
    ["a.txt.gz", gzipSync(TEXT), TEXT],
    ["a.txt.zst", zstdCompressSync(TEXT), TEXT],
    ["a.txt.xz", writeXz(TEXT), TEXT],
  ] as const)("%s: the beginning stands for no others", async (name, packed, plain) => {
    const limit = plain.length >> 1;
    const { files, coverage, noneAbove, rules } = await report(name, packed, limit);
    expect(files[0]).toMatchObject({ basis: "beginning", rowsPresent: null, broken: [] });
    expect(coverage.rowsPresent).toBeNull();
    expect(coverage.rows).toBe(plain.subarray(0, limit).toString().split("\n").length - 1);
    expect(noneAbove).toBeNull();
    expect(rules).toEqual([]);
    const whole = await report(name, packed, plain.length);
    expect(whole.files[0]).toMatchObject({ basis: "whole", rowsPresent: ROWS });
    expect(whole.rules.map(({ rule }) => rule)).toContain("personal/email");
  });

  test("the limit is the one that is documented", { timeout: 60_000 }, async () => {
    const line = `${JSON.stringify({ text: "x ".repeat(32_000) })}\n`;
    const lines = Math.ceil((34 * 1024 * 1024) / line.length);
    const { files, noneAbove } = await report("long.jsonl.gz", gzipSync(line.repeat(lines), { level: 1 }), null);
    expect(files[0]).toMatchObject({
      basis: "beginning",
      rowsPresent: null,
      rows: Math.floor((32 * 1024 * 1024) / line.length),
      broken: [],
    });
    expect(noneAbove).toBeNull();
  });
});

test("of a line that is read in pieces and cut, what was read is a row, and its JSON is not called broken", async () => {
  const long = Buffer.from(
    `{"text":"first"}\n${JSON.stringify({ text: Array.from({ length: 1_500_000 }, (_, at) => at * 7919).join(" ") })}\n`,
  );
  const read = await readAll("a.jsonl.zst", zstdCompressSync(long), "sample", [{ kind: "stream", limit: 10 * 1024 * 1024 }]);
  expect(read.rows).toHaveLength(2);
  expect(read.broken_).toEqual([[1, "long-row"]]);
});

test("every line that ends before a limit is a row, and no other", async () => {
  const lines = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom("a", "é", "字", " b") }), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(2000), async (texts, at) => {
      const plain = Buffer.from(`${texts.join("\n")}\n`);
      const limit = 1 + (at % plain.length);
      const read: Collected = await readAll("a.txt.gz", gzipSync(plain), "sample", [{ kind: "stream", limit }]);
      const ended = plain.subarray(0, limit).filter((byte) => byte === 0x0a).length;
      expect(read.texts).toEqual(texts.slice(0, ended).map((text) => [text]));
      expect(read.broken_).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
