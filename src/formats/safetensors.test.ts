import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import { headerOnly, type SafetensorsTensor, writeSafetensors } from "../../test/formats/safetensors-writer.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { readSafetensorsHeader } from "./safetensors.ts";

const SIZES: Readonly<Record<string, number>> = { F32: 4, BF16: 2, I64: 8, U8: 1, F8_E4M3: 1 };

const tensor = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((name) => name !== "__metadata__"),
    dtype: fc.constantFrom(...Object.keys(SIZES)),
    shape: fc.array(fc.nat(5), { maxLength: 3 }),
  })
  .map(({ name, dtype, shape }): SafetensorsTensor => {
    const bytes = shape.reduce((product, dimension) => product * dimension, 1) * (SIZES[dtype] ?? 0);
    return { name, dtype, shape, bytes };
  });

const read = (bytes: Uint8Array) => readSafetensorsHeader(new MemoryReader(bytes));
const problems = async (json: string, data: number) => {
  const header = await read(Buffer.concat([headerOnly(json), Buffer.alloc(data)]));
  return header.problems.map(({ id }) => id);
};
const codeOf = async (bytes: Uint8Array) => {
  const result = await outcome(readSafetensorsHeader, bytes);
  return result === "read" ? "read" : result.code;
};
const one = (extra: string) => `{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}${extra}}`;

describe("an honest file", () => {
  test("gives back names, types, shapes, places and metadata", async () => {
    const tensors = fc.uniqueArray(tensor, { maxLength: 8, selector: ({ name }) => name });
    const metadata = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 20 }), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(tensors, metadata, fc.nat(9), async (list, pairs, padding) => {
        const header = await read(writeSafetensors(list, pairs, padding));
        let at = 0;
        const placed = list.map(({ name, dtype, shape, bytes }) => {
          const begin = at;
          at += bytes;
          return { name, dtype, shape, begin, end: at };
        });
        expect(header.tensors).toEqual(placed);
        expect(Object.fromEntries(header.metadata)).toEqual(Object.fromEntries(Object.entries(pairs)));
        expect(header.problems).toEqual([]);
      }),
    );
  });

  test("keeps keys like __proto__ as plain names", async () => {
    const header = await read(writeSafetensors([{ name: "__proto__", dtype: "U8", shape: [1], bytes: 1 }]));
    expect(header.tensors[0]?.name).toBe("__proto__");
  });

  test("of 140 GB is read by its first bytes alone", async () => {
    const json = one(`,"b":{"dtype":"U8","shape":[140000000000],"data_offsets":[4,140000000004]}`);
    const head = headerOnly(json);
    let fetched = 0;
    const reader: ByteReader = {
      sizeBytes: head.length + 140_000_000_004,
      async read(start, length) {
        fetched += length;
        const bytes = new Uint8Array(length);
        bytes.set(head.subarray(start, start + length));
        return bytes;
      },
    };
    const header = await readSafetensorsHeader(reader);
    expect(header.problems).toEqual([]);
    expect(fetched).toBeLessThanOrEqual(64 * 1024);
  });
});

describe("a file that lies", () => {
  test.each<[string, string, number, string]>([
    ["one key twice", one(`,"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}`), 8, "safetensors.duplicate-key"],
    ["a key twice by escape", one(`,"\\u0061":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}`), 8, "safetensors.duplicate-key"],
    ["a hole", one(`,"b":{"dtype":"U8","shape":[4],"data_offsets":[6,10]}`), 10, "safetensors.hole"],
    ["tensors that overlap", one(`,"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}`), 6, "safetensors.overlap"],
    ["bytes after the last tensor", one(""), 9, "safetensors.trailing-bytes"],
    ["a tensor beyond the end", one(""), 3, "safetensors.past-end"],
    ["a size that its shape does not give", `{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}`, 4, "safetensors.size-differs"],
    ["an unknown type", `{"a":{"dtype":"F3","shape":[4],"data_offsets":[0,4]}}`, 4, "safetensors.unknown-type"],
    ["metadata that are not text", one(`,"__metadata__":{"a":1}`), 4, "safetensors.metadata-not-text"],
  ])("is read and the lie is noted: %s", async (_, json, data, problem) => {
    expect(await problems(json, data)).toContain(problem);
  });

  test.each<[string, Uint8Array, string]>([
    ["a header longer than the file", headerOnly(one(""), 5000n), "TRUNCATED"],
    ["a header of 2^63 bytes", headerOnly(one(""), 2n ** 63n), "OVER_LIMIT"],
    ["a header of more than 100 MB", headerOnly(one(""), 100_000_001n), "OVER_LIMIT"],
    ["no brace", headerOnly("[1,2]"), "NOT_THIS_FORMAT"],
    ["a shape of 2^60 elements", headerOnly(one("").replace("[4]", "[1073741824,1073741824]")), "OVER_LIMIT"],
    ["a negative dimension", headerOnly(one("").replace("[4]", "[-4]")), "INCONSISTENT"],
    ["a dimension above 2^53", headerOnly(one("").replace("[4]", "[9007199254740993]")), "INCONSISTENT"],
    ["text after the header", headerOnly(`${one("")} x`), "INCONSISTENT"],
    ["nesting without end", headerOnly(`{"a":${"[".repeat(100_000)}`), "OVER_LIMIT"],
    ["bytes that are no UTF-8", Buffer.concat([headerOnly('{"a', 4n), Buffer.from([0xff])]), "INCONSISTENT"],
    ["nothing", new Uint8Array(0), "NOT_THIS_FORMAT"],
  ])("is refused with a code: %s", async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  const sample = writeSafetensors(
    [
      { name: "a.weight", dtype: "F32", shape: [2, 3], bytes: 24 },
      { name: "b\\n", dtype: "BF16", shape: [4], bytes: 8 },
    ],
    { format: "pt" },
    3,
  );

  test("is refused when cut inside its header; when cut in its data, the tensor beyond the end is named", async () => {
    const lengths = await readLengths(readSafetensorsHeader, sample);
    expect(lengths).toEqual(Array.from({ length: 32 }, (_, index) => sample.length - 32 + index));
    for (const length of lengths) {
      const header = await read(sample.subarray(0, length));
      expect(header.problems.map(({ id }) => id)).toContain("safetensors.past-end");
    }
  });

  test("never crashes the reader when its bytes are changed", async () => {
    expect(await surviveMutations(readSafetensorsHeader, sample, 5000, 3)).toBeGreaterThan(0);
  });
});
