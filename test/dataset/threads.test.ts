import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { data } from "../../src/audit/data/data.ts";
import { drawing } from "../support/regex.ts";

/** Three shares. */
const BYTES = 17 * 1024 * 1024;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-data-threads-"));
  const draw = drawing(3);
  const sentences = [
    "The committee meets on thursday to talk about the railway and what it costs.",
    "委员会将于星期四再次开会讨论预算问题，铁路部门的工程师也会参加这个会议。",
    "委員會將於星期四再次開會，討論鐵路的預算。",
    "La comisión se reúne el jueves para hablar del ferrocarril y de su precio.",
    "A line that stands in many rows of this file\nand a second one, which is as long as the first",
    "See https://www.example.org/a and https://news.example.com/b for more.",
  ];
  const rows: string[] = [];
  for (let bytes = 0; bytes < BYTES; ) {
    const words = Array.from({ length: 2 + draw(30) }, () => sentences[draw(sentences.length)] ?? "");
    if (draw(20) === 0) words.push(`write to anna.lee${draw(500)}@gmail.com`);
    const row = draw(300) === 0 ? "{ broken" : JSON.stringify({ text: words.join(" "), number: draw(1e9) });
    rows.push(row);
    bytes += Buffer.byteLength(row) + 1;
  }
  writeFileSync(join(folder, "train.jsonl"), `${rows.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reportWith(threads: number): Promise<string> {
  const context = auditContext({ env: {}, cwd: folder, offline: true });
  return JSON.stringify(
    await data({ references: ["file:train.jsonl"], rows: "full", threads, overlap: null, include: [], exclude: [], context }),
  );
}

test("one thread, two and three give the same report, byte for byte", { timeout: 120_000 }, async () => {
  const one = await reportWith(1);
  expect(JSON.parse(one).coverage.rows).toBeGreaterThan(5_000);
  expect(await reportWith(2)).toBe(one);
  expect(await reportWith(3)).toBe(one);
});
