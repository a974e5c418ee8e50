import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import type { Share } from "../../src/dataset/plan.ts";
import { fieldsOf } from "../../src/dataset/readers/json-rows.ts";
import { JsonTexts } from "../../src/dataset/readers/json-texts.ts";
import { eachLine } from "../../src/dataset/readers/lines.ts";
import { OpenFile } from "../../src/sources/local-file.ts";
import { writeBzip2 } from "../formats/bzip2-writer.ts";
import { writeLz4 } from "../formats/lz4-writer.ts";
import { writeXz } from "../formats/xz-writer.ts";
import { Collected, readAll, readInto, readWith } from "./rows.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const parquet = (codec: string): Buffer => readFileSync(join(fixtures, `rows-${codec}.parquet`));

function sharesAt(cuts: readonly number[], size: number): readonly Share[] {
  const places = [0, ...[...new Set(cuts.map((cut) => cut % (size + 1)))].sort((a, b) => a - b), size];
  return places.slice(1).flatMap((end, at) => {
    const start = places[at] ?? 0;
    return end === start ? [] : [{ kind: "bytes", start, end } as const];
  });
}

/** A text in pieces of these lengths, each written over what the last one lay in. */
async function* passing(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(Math.max(...lengths));
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = Math.min(lengths[turn % lengths.length] ?? 1, bytes.length - at);
    memory.set(bytes.subarray(at, at + length));
    yield memory.subarray(0, length);
    memory.fill(0x21);
    at += length;
  }
}

describe("JSON Lines", () => {
  test("all texts of any values, in order, and integers of seven digits and more", async () => {
    const values = [{ a: "x", b: [{ c: "y" }, { c: "z" }], n: 13800138000, m: 12, "k/~": "w" }, "plain", ["u"]];
    const { rows } = await readAll("a.jsonl", `${values.map((value) => JSON.stringify(value)).join("\n")}\n`);
    expect(rows[0]).toEqual([
      { name: "/a", text: "x" },
      { name: "/b/*/c", text: "y" },
      { name: "/b/*/c", text: "z" },
      { name: "/n", text: "13800138000" },
      { name: "/k~1~0", text: "w" },
    ]);
    expect(rows.slice(1).map((fields) => fields.map(({ text }) => text))).toEqual([["plain"], ["u"]]);
  });

  test("broken lines are counted, located, and read as text", async () => {
    const read = await readAll("a.jsonl", '{"a":"x"}\n{"a":\n\n{"b":"y"}');
    expect(read.texts).toEqual([["x"], ['{"a":'], ["y"]]);
    expect(read.broken_).toEqual([[1, "not-json"]]);
  });

  test("cut into shares at any bytes, every line is read once", async () => {
    const line = fc.oneof(fc.json(), fc.string({ unit: "grapheme" })).map((text) => text.replaceAll(/[\r\n]/gu, " "));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(5000)), fc.boolean(), async (lines, cuts, ends) => {
        const bytes = Buffer.from(lines.join("\n") + (ends ? "\n" : ""));
        const whole = await readAll("a.jsonl", bytes, "full", [{ kind: "bytes", start: 0, end: bytes.length }]);
        const parts = await readAll("a.jsonl", bytes, "full", sharesAt(cuts, bytes.length));
        expect(parts.rows).toEqual(whole.rows);
        expect(parts.bytes).toBe(whole.bytes);
      }),
    );
  });

  test("pieces that lie in the same memory one after the other give the lines of the whole", async () => {
    const line = fc.string({ unit: fc.constantFrom(..."ab\r\n", "字"), maxLength: 30 });
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(line, sizes, async (text, lengths) => {
        const bytes = Buffer.from(text);
        const lines: string[] = [];
        await eachLine(passing(bytes, lengths), (one) => lines.push(Buffer.from(one.bytes).toString()));
        const ends = text.endsWith("\n") || text === "" ? -1 : undefined;
        expect(lines).toEqual(
          text
            .split("\n")
            .slice(0, ends)
            .map((one) => one.replace(/\r$/u, "")),
        );
      }),
    );
  });

  test("a file that is read into the same memory again and again gives the rows of the whole, in shares too", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "ajar-data-passing-")), "a.jsonl");
    const rows = Array.from({ length: 3000 }, (_, at) => ({ text: `${at} ${"字a".repeat((at * 7919) % 500)}` }));
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const reader = await OpenFile.open({ path: file, shown: file });
    const half = Math.floor(reader.sizeBytes / 2);
    const shares: readonly Share[] = [
      { kind: "bytes", start: 0, end: half },
      { kind: "bytes", start: half, end: reader.sizeBytes },
    ];
    const collected = new Collected();
    await readWith(reader, "a.jsonl", { rows: "full", collected, shares });
    await reader.close();
    rmSync(dirname(file), { recursive: true });
    expect(collected.texts).toEqual(rows.map(({ text }) => [text]));
    expect(collected.bytes).toBe(reader.sizeBytes);
  });

  test("a line of twenty megabytes comes in pieces, and nothing of it is lost", async () => {
    const text = "ab\\n".repeat(5_000_000);
    const { rows, broken_ } = await readAll("a.jsonl", `{"x":"1"}\n{"t":"${text}","u":"end"}\n{"x":"2"}\n`);
    expect(rows.map((fields) => fields.map(({ name, text: found }) => [name, found.length]))).toEqual([
      [["/x", 1]],
      [
        ["/t", 15_000_000],
        ["/u", 3],
      ],
      [["/x", 1]],
    ]);
    expect(broken_).toEqual([[1, "long-row"]]);
  });

  test("nested ten thousand deep, the text at the bottom is read", async () => {
    const deep = `${'{"a":['.repeat(10_000)}"here"${"]}".repeat(10_000)}`;
    for (const path of ["a.jsonl", "a.json"]) {
      const { texts, broken_ } = await readAll(path, path === "a.json" ? `[${deep}]` : `${deep}\n`);
      expect(texts).toEqual([["here"]]);
      expect(broken_).toEqual([[0, "too-deep"]]);
    }
  });
});

describe("JSON", () => {
  function textsOf(json: string, cuts: readonly number[]): readonly string[] {
    const collected = new Collected();
    const reader = new JsonTexts(collected, "root");
    let at = 0;
    for (const cut of [...cuts, json.length]) {
      const end = Math.max(at, Math.min(cut, json.length));
      reader.push(json.slice(at, end));
      at = end;
    }
    reader.end();
    return collected.texts.flat();
  }

  test("read token by token in any pieces, the same texts as JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.nat(200)), (json, cuts) => {
        const expected = fieldsOf(JSON.parse(json)).fields.map(({ text }) => text);
        const found = textsOf(
          json,
          [...cuts].sort((a, b) => a - b),
        );
        // Keys that a parser takes twice, or numbers that it writes anew, are told apart here.
        const digits = (texts: readonly string[]): readonly string[] => texts.filter((text) => !/^-?\d+$/u.test(text)).sort();
        expect(digits(found)).toEqual(digits(expected));
      }),
    );
  });

  test("the elements of an array are rows; of an object, those of its arrays, and the rest is one more", async () => {
    expect((await readAll("a.json", '[{"a":"x"},{"a":"y"},"z"]')).texts).toEqual([["x"], ["y"], ["z"]]);
    const nested = await readAll("a.json", '{"version":"1","data":[{"q":"x"},{"q":"y"}],"more":{"k":"v"}}');
    expect(nested.rows).toEqual([
      [{ name: "/data/*/q", text: "x" }],
      [{ name: "/data/*/q", text: "y" }],
      [
        { name: "/version", text: "1" },
        { name: "/more/k", text: "v" },
      ],
    ]);
  });

  test("a value a line under the name of JSON is read as lines", async () => {
    expect((await readAll("a.json", '{"a":"x"}\n{"a":"y"}\n')).texts).toEqual([["x"], ["y"]]);
  });

  test("cut off or wrong, it fails with the place, after the rows before it", async () => {
    await expect(readAll("a.json", '[{"a":"x"},{"a":"y')).rejects.toMatchObject({ code: "TRUNCATED" });
    await expect(readAll("a.json", '[{"a":"x"},]}')).rejects.toMatchObject({ code: "INCONSISTENT" });
  });
});

describe("tables", () => {
  test("columns name fields; quotes, delimiters and short records are understood or counted", async () => {
    const read = await readAll("a.csv", 'id;text\n1;"a; b\nc"\n2;d;e\n3;"f""g"\n');
    expect(read.rows).toEqual([
      [
        { name: "id", text: "1" },
        { name: "text", text: "a; b\nc" },
      ],
      [
        { name: "id", text: "2" },
        { name: "text", text: "d" },
        { name: "#3", text: "e" },
      ],
      [
        { name: "id", text: "3" },
        { name: "text", text: 'f"g' },
      ],
    ]);
    expect(read.broken_).toEqual([[1, "wrong-columns"]]);
  });

  test("without a header, columns go by their number", async () => {
    const read = await readAll("a.tsv", "5\thello\n6\tworld\n");
    expect(read.rows[0]).toEqual([
      { name: "#1", text: "5" },
      { name: "#2", text: "hello" },
    ]);
  });

  test("NULs are counted where they are", async () => {
    const read = await readAll("a.csv", "a,b\n1,x\0y\n2,z\n");
    expect(read.texts).toEqual([
      ["1", "x\0y"],
      ["2", "z"],
    ]);
    expect(read.broken_).toEqual([[0, "nul-bytes"]]);
  });

  test("a quote that is never closed ends in bounded memory, and is counted", async () => {
    const read = await readAll("a.csv", `a,b\n1,"${"x,y\n".repeat(4_000_000)}`);
    expect(read.broken_.length).toBeGreaterThan(0);
  });
});

describe("text", () => {
  test("a page is one row, a collection a row a line", async () => {
    expect((await readAll("a.txt", "one\ntwo\n")).texts).toEqual([["one\ntwo\n"]]);
    const long = `${"line of a collection\n".repeat(60_000)}last`;
    const { rows } = await readAll("a.txt", long);
    expect(rows).toHaveLength(60_001);
  });

  const samples: readonly (readonly [string, string])[] = [
    ["utf-16le", "Some words in an encoding of old, and more of them.\n"],
    ["utf-16be", "Some words in an encoding of old, and more of them.\n"],
  ];
  test.each(samples)("%s without a mark is known by its NULs", async (encoding, text) => {
    const bytes = Buffer.from(text.repeat(20), "utf16le");
    if (encoding === "utf-16be") bytes.swap16();
    expect((await readAll("a.txt", bytes)).texts).toEqual([[text.repeat(20)]]);
  });

  test("bytes of no encoding for sure are read with losses and counted", async () => {
    const read = await readAll("a.txt", Buffer.concat([Buffer.from("fine "), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x81, 0x8d])]));
    expect(read.broken_).toContainEqual([0, "invalid-bytes"]);
  });
});

describe("packed", () => {
  const lines = Array.from({ length: 5000 }, (_, at) => JSON.stringify({ text: `row ${at} ${Math.sin(at)}` }));
  const plain = Buffer.from(`${lines.join("\n")}\n`);

  test.each([
    ["gz", gzipSync(plain)],
    ["zst", zstdCompressSync(plain)],
    ["gz", Buffer.concat([gzipSync(plain.subarray(0, 1000)), gzipSync(plain.subarray(1000))])],
    ["bz2", writeBzip2(plain)],
    ["bz2", Buffer.concat([writeBzip2(plain.subarray(0, 1000)), writeBzip2(plain.subarray(1000))])],
    ["lz4", writeLz4(plain)],
    ["xz", writeXz(plain)],
  ] as const)("%s is unpacked", async (ending, bytes) => {
    expect((await readAll(`a.jsonl.${ending}`, bytes)).rows).toHaveLength(5000);
  });

  test("cut off, the rows before the cut are handed on", async () => {
    for (const [ending, packed] of [
      ["gz", gzipSync(plain)],
      ["bz2", writeBzip2(plain)],
      ["lz4", writeLz4(plain)],
      ["xz", writeXz(plain)],
    ] as const) {
      const collected = new Collected();
      const reading = readInto(collected, `a.jsonl.${ending}`, packed.subarray(0, packed.length >> 1));
      await expect(reading).rejects.toMatchObject({ code: "TRUNCATED" });
      expect(collected.rows.length).toBeGreaterThan(0);
    }
  });
});

describe("WARC", () => {
  const record = (type: string, kind: string, body: string): string =>
    `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: https://example.org/x\r\nContent-Type: ${kind}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n\r\n`;

  test("texts and responses are rows, with their address and their headers", async () => {
    const http = "HTTP/1.1 200 OK\r\ntdm-reservation: 1\r\n\r\n<p>hello</p>";
    const bytes =
      record("warcinfo", "application/warc-fields", "software: x") +
      record("conversion", "text/plain", "plain words") +
      record("response", "application/http; msgtype=response", http);
    for (const [path, content] of [
      ["a.warc", Buffer.from(bytes)],
      ["a.warc.gz", gzipSync(bytes)],
    ] as const) {
      const { rows } = await readAll(path, content);
      expect(rows.map((fields) => fields.map(({ name, text }) => `${name}: ${text}`))).toEqual([
        ["url: https://example.org/x", "text: plain words"],
        ["url: https://example.org/x", "http: HTTP/1.1 200 OK\r\ntdm-reservation: 1\r\n\r\n", "text: <p>hello</p>"],
      ]);
    }
  });

  test("cut off or no WARC, it fails with a code", async () => {
    await expect(readAll("a.warc", record("conversion", "text/plain", "words").slice(0, -10))).rejects.toMatchObject({ code: "TRUNCATED" });
    await expect(readAll("a.warc", "hello\n\n")).rejects.toMatchObject({ code: "INCONSISTENT" });
  });
});

describe("Parquet", () => {
  test.each(["zstd", "snappy", "gzip", "none", "lz4", "brotli"])("packed with %s, all rows and nested texts are read", async (codec) => {
    const { rows } = await readAll("a.parquet", parquet(codec));
    expect(rows).toHaveLength(1000);
    expect(rows[10]?.map(({ name, text }) => `${name}=${text}`)).toEqual([
      "/text=row 10 write to somebody10@mail-of-a-test.org",
      "/messages/*/role=user",
      "/messages/*/content=question 10",
      "/messages/*/role=assistant",
      "/messages/*/content=answer 10",
      "/number=13800138010",
    ]);
  });

  it("fails with a code for any damage, or reads something", async () => {
    const original = parquet("snappy");
    const change = fc.record({ at: fc.nat(original.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(original.length),
        fc.boolean(),
        async (changes, cut, isCut) => {
          const bytes = Buffer.from(isCut ? original.subarray(0, cut) : original);
          for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            await readAll("a.parquet", bytes);
          } catch (error) {
            if (!(error instanceof AjarError)) throw error;
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
