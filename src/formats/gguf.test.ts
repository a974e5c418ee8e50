import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GgufBytes, type GgufFile, type GgufInput, writeGguf } from "../../test/formats/gguf-writer.ts";
import { outcome, readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { readGgufHeader } from "./gguf.ts";

const read = (file: GgufFile) => readGgufHeader(new MemoryReader(writeGguf(file)));
const codeOf = async (bytes: Uint8Array) => {
  const result = await outcome(readGgufHeader, bytes);
  return result === "read" ? "read" : result.code;
};

const input: fc.Arbitrary<GgufInput> = fc.oneof(
  fc.record({ type: fc.constant("u32" as const), value: fc.nat(2 ** 31 - 1) }),
  fc.record({ type: fc.constant("f32" as const), value: fc.float({ noNaN: true }) }),
  fc.record({ type: fc.constant("bool" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("u64" as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constant("string" as const), value: fc.string({ maxLength: 40, unit: "grapheme" }) }),
  fc.record({ type: fc.constant("strings" as const), value: fc.array(fc.string({ maxLength: 9 }), { maxLength: 6 }) }),
  fc.record({ type: fc.constant("f32s" as const), value: fc.array(fc.float({ noNaN: true }), { maxLength: 6 }) }),
);
const key = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text !== "general.alignment");

const MODEL: GgufFile = {
  metadata: [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.license", { type: "string", value: "apache-2.0" }],
    ["general.languages", { type: "strings", value: ["en", "zh"] }],
    ["tokenizer.ggml.scores", { type: "f32s", value: [0.5, 1] }],
  ],
  tensors: [
    { name: "token_embd.weight", dimensions: [64, 10], type: 3, offset: 0 },
    { name: "norm", dimensions: [64], type: 0, offset: 416 },
  ],
  dataBytes: 416 + 256,
};

describe("an honest file", () => {
  test("of any version and byte order gives back its metadata", async () => {
    const metadata = fc.uniqueArray(fc.tuple(key, input), { maxLength: 8, selector: ([name]) => name });
    await fc.assert(
      fc.asyncProperty(metadata, fc.constantFrom(1 as const, 2 as const, 3 as const), fc.boolean(), async (pairs, version, big) => {
        const header = await read({ version, bigEndian: big && version === 3, metadata: pairs });
        expect([...header.metadata].map(([name, { value }]) => [name, value])).toEqual(pairs.map(([name, { value }]) => [name, value]));
        expect(header.version).toBe(version);
        expect(header.littleEndian).toBe(!(big && version === 3));
        expect(header.problems).toEqual([]);
      }),
    );
  });

  test("gives tensors with shapes outermost first, their places, and the number of parameters", async () => {
    const header = await read(MODEL);
    expect(header.tensors).toEqual([
      { name: "token_embd.weight", dtype: "Q4_1", shape: [10, 64], begin: 0, end: 400 },
      { name: "norm", dtype: "F32", shape: [64], begin: 416, end: 672 },
    ]);
    expect(header.parameters).toBe(704);
    expect([...header.types]).toEqual([
      ["Q4_1", 640],
      ["F32", 64],
    ]);
    expect(header.problems).toEqual([]);
  });

  test("has its metadata at the bytes that it says", async () => {
    const bytes = writeGguf(MODEL);
    const entry = (await readGgufHeader(new MemoryReader(bytes))).metadata.get("general.license");
    expect(bytes.subarray(entry?.start, entry?.end).toString("latin1")).toContain("general.license");
    expect(bytes.subarray(entry?.start, entry?.end).toString("latin1")).toMatch(/apache-2\.0$/u);
  });

  test("with a large vocabulary is read in a few windows that are not kept", async () => {
    const tokens = Array.from({ length: 100_000 }, (_, index) => `token-${index}`);
    const bytes = writeGguf({
      ...MODEL,
      metadata: [["tokenizer.ggml.tokens", { type: "strings", value: tokens }], ...(MODEL.metadata ?? [])],
    });
    const inner = new MemoryReader(Buffer.concat([bytes, Buffer.alloc(20_000_000)]));
    let reads = 0;
    let fetched = 0;
    const reader: ByteReader = {
      sizeBytes: inner.sizeBytes,
      read(start, length) {
        reads += 1;
        fetched += length;
        return inner.read(start, length);
      },
    };
    const header = await readGgufHeader(reader);
    expect(header.metadata.get("tokenizer.ggml.tokens")?.value).toEqual({ elementType: 8, length: 100_000 });
    expect(header.metadata.get("general.license")?.value).toBe("apache-2.0");
    expect(reads).toBeLessThan(10);
    expect(fetched).toBeLessThan(bytes.length * 2.5);
  });
});

describe("a file that lies", () => {
  const tensor = { name: "a", dimensions: [32], type: 0, offset: 0 };
  test.each<[string, GgufFile, string]>([
    [
      "one key twice",
      {
        metadata: [
          ["a", { type: "u32", value: 1 }],
          ["a", { type: "u32", value: 2 }],
        ],
      },
      "gguf.duplicate-key",
    ],
    ["one tensor twice", { tensors: [tensor, { ...tensor, offset: 128 }], dataBytes: 256 }, "gguf.duplicate-tensor"],
    ["tensors that overlap", { tensors: [tensor, { ...tensor, name: "b", offset: 32 }], dataBytes: 256 }, "gguf.misplaced"],
    ["a tensor beyond the end", { tensors: [tensor], dataBytes: 127 }, "gguf.past-end"],
    ["a removed type", { tensors: [{ ...tensor, type: 4 }], dataBytes: 128 }, "gguf.unknown-type"],
    ["rows that fill no block", { tensors: [{ ...tensor, type: 2, dimensions: [31] }], dataBytes: 128 }, "gguf.odd-row"],
    ["a name that loaders refuse", { tensors: [{ ...tensor, name: "n".repeat(64) }], dataBytes: 128 }, "gguf.long-name"],
  ])("is read and the lie is noted: %s", async (_, file, problem) => {
    expect((await read(file)).problems.map(({ id }) => id)).toContain(problem);
  });

  const withEntry = (write: (bytes: GgufBytes) => void, count = 1n) => {
    const bytes = new GgufBytes({});
    write(bytes);
    return Buffer.concat([writeGguf({ metadataCount: count }).subarray(0, 24), ...bytes.parts, Buffer.alloc(5000)]);
  };
  test.each<[string, Uint8Array, string]>([
    ["2^40 metadata entries", writeGguf({ metadataCount: 2n ** 40n }), "OVER_LIMIT"],
    ["2^63 tensors", writeGguf({ tensorCount: 2n ** 63n }), "OVER_LIMIT"],
    ["more tensors than bytes", writeGguf({ tensorCount: 90_000n }), "TRUNCATED"],
    ["a key of 2^62 bytes", withEntry((bytes) => bytes.length(2n ** 62n)), "OVER_LIMIT"],
    ["a key longer than the file", withEntry((bytes) => bytes.length(60_000)), "TRUNCATED"],
    [
      "an array longer than the file",
      withEntry((bytes) =>
        bytes
          .text("a")
          .u32(9)
          .u32(6)
          .length(2n ** 40n),
      ),
      "TRUNCATED",
    ],
    ["an array of texts longer than the file", withEntry((bytes) => bytes.text("a").u32(9).u32(8).length(100_000)), "TRUNCATED"],
    ["a value of unknown type", withEntry((bytes) => bytes.text("a").u32(99)), "INCONSISTENT"],
    ["a boolean of 2", withEntry((bytes) => bytes.text("a").u32(7).u8(2)), "INCONSISTENT"],
    [
      "arrays in arrays without end",
      withEntry((bytes) => {
        bytes.text("a").u32(9);
        for (let depth = 0; depth < 50; depth += 1) bytes.u32(9).length(1);
      }),
      "OVER_LIMIT",
    ],
    ["an alignment of 0", writeGguf({ metadata: [["general.alignment", { type: "u32", value: 0 }]] }), "INCONSISTENT"],
    ["an alignment of 33", writeGguf({ metadata: [["general.alignment", { type: "u32", value: 33 }]] }), "INCONSISTENT"],
    ["nine dimensions", writeGguf({ tensors: [{ ...tensor, dimensions: Array.from({ length: 9 }, () => 1) }] }), "OVER_LIMIT"],
    ["2^80 elements", writeGguf({ tensors: [{ ...tensor, dimensions: [2 ** 40, 2 ** 40] }] }), "OVER_LIMIT"],
    ["version 9", Buffer.concat([Buffer.from("GGUF"), Buffer.from([9, 0, 0, 0])]), "UNSUPPORTED"],
    ["another magic number", Buffer.from("GGML1234567890"), "NOT_THIS_FORMAT"],
    ["nothing", new Uint8Array(0), "NOT_THIS_FORMAT"],
  ])("is refused at once with a code: %s", async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  const sample = writeGguf(MODEL);

  test("is refused when cut in its header; when cut in its data, the tensor beyond the end is named", async () => {
    const lengths = await readLengths(readGgufHeader, sample);
    for (const length of lengths) {
      const header = await readGgufHeader(new MemoryReader(sample.subarray(0, length)));
      expect(header.problems.map(({ id }) => id)).toContain("gguf.past-end");
    }
    expect(Math.min(...lengths)).toBeGreaterThan(sample.length - 672 - 32);
  });

  test("never crashes the reader when its bytes are changed", async () => {
    expect(await surviveMutations(readGgufHeader, sample, 5000, 4)).toBeGreaterThan(0);
  });
});
