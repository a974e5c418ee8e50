import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { openArrow } from "../../src/formats/arrow/file.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";
import { pythonWith } from "../support/python.ts";
import type { Collected } from "./rows.ts";
import { readAll } from "./rows.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const fixture = (name: string): Buffer => readFileSync(join(fixtures, name));
type Said = readonly (readonly [name: string, text: string])[];
const known = fixture("arrow-rows.jsonl")
  .toString()
  .trim()
  .split("\n")
  .map((line): readonly [string, Said] => JSON.parse(line));
const rowsOf = (set: string): readonly Said[] => known.filter(([name]) => name === set).map(([, said]) => said);
const saidBy = ({ rows }: Collected): readonly Said[] => rows.map((fields) => fields.map(({ name, text }) => [name, text] as const));
const escaped = (rows: readonly Said[]): readonly Said[] =>
  rows.map((said) => said.map(([name, text]) => [name.replace("/b/~", "/b~1~0"), text] as const));

/** A copy with a 64-bit number written over every place of another. */
function withNumber(bytes: Buffer, from: bigint, to: bigint): Buffer {
  const copy = Buffer.from(bytes);
  const sought = Buffer.alloc(8);
  sought.writeBigInt64LE(from);
  for (let at = copy.indexOf(sought); at !== -1; at = copy.indexOf(sought, at + 8)) copy.writeBigInt64LE(to, at);
  return copy;
}

/** Error code of a reading that fails as a whole, else what it says of parts. */
async function outcomeOf(path: string, bytes: Buffer): Promise<Collected | string> {
  try {
    return await readAll(path, bytes);
  } catch (error) {
    if (error instanceof AjarError && error.code !== "BUG") return error.code;
    throw error;
  }
}

describe("Arrow", () => {
  test.each(["types-file-none.arrow", "types-file-lz4.arrow", "types-stream-none.arrow", "types-stream-zstd.arrow"])(
    "%s: the texts that pyarrow reads, of every type",
    async (name) => {
      const read = await readAll("a.arrow", fixture(name));
      expect(saidBy(read)).toEqual(escaped(rowsOf("types")));
      expect([read.broken_, read.problem]).toEqual([[], null]);
    },
  );

  test("Feather of version 2 and streams of before 2019 are the same thing; dictionaries grow and are replaced", async () => {
    expect(saidBy(await readAll("a.feather", fixture("types.feather")))).toEqual(rowsOf("old"));
    expect(saidBy(await readAll("a.arrows", fixture("old-stream.arrow")))).toEqual(rowsOf("old"));
    expect(saidBy(await readAll("data-00000-of-00001.arrow", fixture("dictionaries-stream.arrow")))).toEqual(rowsOf("dictionaries"));
  });

  test("Feather of version 1, packed files, and what is no Arrow are refused by name", async () => {
    await expect(readAll("a.feather", fixture("version1.feather"))).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining("version 1"),
    });
    await expect(readAll("a.arrow.gz", fixture("types.feather"))).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await expect(readAll("a.arrow", "no Arrow data, but text")).rejects.toMatchObject({ code: "NOT_THIS_FORMAT" });
    await expect(readAll("a.arrow", "")).rejects.toMatchObject({ code: "NOT_THIS_FORMAT" });
  });

  test("batches read one by one are the rows of the file", async () => {
    const bytes = fixture("types-stream-none.arrow");
    const groups = [0, 1, 2].map((batch) => ({ kind: "groups", groups: [batch], start: batch, end: batch + 1 }) as const);
    expect(saidBy(await readAll("a.arrow", bytes, "full", groups))).toEqual(escaped(rowsOf("types")));
  });
});

describe("damaged Arrow", () => {
  test("cut anywhere, what is read are rows of the beginning, and it is said that there is no more", async () => {
    for (const name of ["types-file-lz4.arrow", "types-stream-none.arrow"]) {
      const whole = fixture(name);
      const all = escaped(rowsOf("types"));
      for (let length = 0; length < whole.length - 8; length += 1597) {
        const outcome = await outcomeOf("a.arrow", whole.subarray(0, length));
        if (typeof outcome === "string") expect(["TRUNCATED", "NOT_THIS_FORMAT"]).toContain(outcome);
        else {
          expect(outcome.problem?.code).toBe("TRUNCATED");
          expect(saidBy(outcome)).toEqual(all.slice(0, outcome.rows.length));
        }
      }
    }
  });

  test("without its footer, a file's batches are read, and it is said", async () => {
    const whole = fixture("types-file-none.arrow");
    const read = await readAll("a.arrow", whole.subarray(0, whole.length - 10));
    expect(saidBy(read)).toEqual(escaped(rowsOf("types")));
    expect(read.problem).toMatchObject({ code: "TRUNCATED" });
  });

  test("a damaged column is told once a batch; the other columns and batches are read", async () => {
    const whole = fixture("types-file-lz4.arrow");
    const frame = Buffer.from([0x04, 0x22, 0x4d, 0x18]);
    const all = escaped(rowsOf("types")).map((said) => new Set(said.map((one) => one.join("\0"))));
    let told = 0;
    for (let at = whole.indexOf(frame), count = 0; at !== -1; at = whole.indexOf(frame, at + 1), count += 1) {
      if (count % 7 !== 0) continue;
      const bytes = Buffer.from(whole);
      // The check sum of the frame's head.
      bytes[at + 6] = (bytes[at + 6] ?? 0) ^ 0x55;
      const read = await readAll("a.arrow", bytes);
      const said = saidBy(read);
      expect(said).toHaveLength(60);
      expect(said.every((row, index) => row.every((one) => all[index]?.has(one.join("\0"))))).toBe(true);
      // Columns that hold no text are never unpacked.
      if (read.problem === null) continue;
      told += 1;
      expect(read.problem).toMatchObject({ code: "INCONSISTENT", offset: expect.any(Number) });
      const batches = new Set(read.broken_.map(([row]) => row));
      expect(read.broken_).toEqual([...batches].map((row) => [row, "bad-batch"]));
      expect([0, 25, 50]).toEqual(expect.arrayContaining([...batches]));
    }
    expect(told).toBeGreaterThan(10);
  });

  test("texts that are no UTF-8, and cells whose place cannot be, are counted by row", async () => {
    const bytes = Buffer.from(fixture("old-stream.arrow"));
    const text = bytes.indexOf("row 0 row 1 ");
    bytes[text + 1] = 0xff;
    expect((await readAll("a.arrow", bytes)).broken_).toEqual([[0, "invalid-bytes"]]);
    // Offsets of the same column: 0, 6 and on. The second goes back, so that neither the first text ends nor the second begins.
    const offsets = bytes.indexOf(Buffer.from([0, 0, 0, 0, 6, 0, 0, 0]));
    expect(offsets).toBeGreaterThan(0);
    bytes.writeInt32LE(-5, offsets + 4);
    expect((await readAll("a.arrow", bytes)).broken_).toEqual([
      [0, "bad-record"],
      [1, "bad-record"],
    ]);
  });

  test("counts and lengths without bytes behind them cost nothing", async () => {
    for (const name of ["types-file-none.arrow", "types-stream-zstd.arrow"]) {
      const bytes = fixture(name);
      for (const number of [25n, 10n, 60n, 8n, 104n]) {
        for (const hostile of [2n ** 62n, -1n, 2n ** 40n, 2n ** 31n]) {
          const outcome = await outcomeOf("a.arrow", withNumber(bytes, number, hostile));
          if (typeof outcome !== "string") expect(outcome.rows.length).toBeLessThanOrEqual(60);
        }
      }
    }
  });

  test("a batch that reaches beyond its place in the footer is not read: a thousand could reach over the same bytes", async () => {
    const bytes = Buffer.from(fixture("types-file-none.arrow"));
    const footer = bytes.length - 10 - bytes.readUInt32LE(bytes.length - 10);
    // Lengths of bodies stand last in the blocks of 24 bytes.
    const { batches } = await openArrow(new MemoryReader(bytes));
    const body = Buffer.alloc(8);
    body.writeBigInt64LE(BigInt(batches[0]?.bodyBytes ?? 0));
    const place = bytes.indexOf(body, footer);
    expect(place).toBeGreaterThan(footer);
    bytes.writeBigInt64LE(BigInt((batches[0]?.bodyBytes ?? 0) - 8), place);
    const read = await readAll("a.arrow", bytes);
    expect(read.problem).toMatchObject({ code: "INCONSISTENT" });
    expect(read.rows).toHaveLength(35);
  });

  test("rows and texts that say themselves over and over are ended, and what else there is is read", async () => {
    const read = await readAll("a.arrow", fixture("amplified-stream.arrow"));
    expect(read.problem).toMatchObject({ code: "OVER_LIMIT" });
    expect(read.broken_.map(([, code]) => code)).toEqual(["bad-batch"]);
    const nulls = await readAll("a.arrow", withNumber(fixture("nulls-file.arrow"), 54_321n, 2n ** 40n));
    expect(nulls.rows).toEqual([]);
    expect(nulls.problem).toMatchObject({ code: "OVER_LIMIT", message: expect.stringContaining("1099511627776 rows") });
  });

  test("fails with a code for any damage, or reads something", async () => {
    const originals = ["types-file-none.arrow", "types-file-lz4.arrow", "types-stream-zstd.arrow", "dictionaries-stream.arrow"].map(
      fixture,
    );
    const change = fc.record({ at: fc.nat(100_000), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(100_000), async (which, changes, cut) => {
        const original = originals[which] ?? Buffer.alloc(0);
        const bytes = Buffer.from(original.subarray(0, original.length - (cut % 4 === 0 ? cut % original.length : 0)));
        // Metadata lie at both ends of the files.
        for (const { at, byte } of changes)
          if (bytes.length > 0) bytes[(at % 2 === 0 ? at : bytes.length * 2 - (at % 9000)) % bytes.length] = byte;
        await outcomeOf("a.arrow", bytes);
      }),
      { numRuns: 300 },
    );
  });
});

const python = pythonWith("pyarrow==26.0.1");

describe.skipIf(python === null)("beside pyarrow", () => {
  test("random tables of nested types, in either format, packed or not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-arrow-"));
    try {
      const seed = String(Math.floor(Math.random() * 1e9));
      const { status, stderr } = spawnSync(python ?? "", [join(fixtures, "make_arrow.py"), folder, seed], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      for (const name of readdirSync(folder).filter((file) => file.endsWith(".arrow"))) {
        const read = await readAll(name, readFileSync(join(folder, name)));
        expect(saidBy(read), `seed ${seed}, ${name}`).toEqual(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
        expect([read.broken_, read.problem]).toEqual([[], null]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
