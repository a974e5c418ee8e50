import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import { field, numberField, writeOnnx } from "../../test/formats/onnx-writer.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { readOnnxHeader } from "./onnx.ts";

const codeOf = async (bytes: Uint8Array) => {
  const result = await outcome(readOnnxHeader, bytes);
  return result === "read" ? "read" : result.code;
};

describe("an honest model", () => {
  test("gives back producer, graph, tensors and metadata, whatever the way its shapes are written", async () => {
    const item = fc.record({
      name: fc.string({ maxLength: 12 }),
      dims: fc.array(fc.nat(300), { maxLength: 4 }),
      packed: fc.boolean(),
      data: fc.uint8Array({ maxLength: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 5 }), fc.string({ maxLength: 9 }), async (initializers, graphName) => {
        const bytes = writeOnnx({ initializers, graphName, nodes: 3, metadata: [["license", "mit"]] });
        const header = await readOnnxHeader(new MemoryReader(bytes));
        expect(header).toMatchObject({ irVersion: 8, producerName: "pytorch", producerVersion: "2.4.0", graphName, nodes: 3 });
        expect(header.tensors.map(({ name, shape }) => [name, shape])).toEqual(initializers.map(({ name, dims }) => [name, dims]));
        expect([...header.metadata]).toEqual([["license", "mit"]]);
        expect(header.opsetDomains).toEqual(["ai.onnx"]);
      }),
    );
  });

  test("names the file that holds its weights", async () => {
    const bytes = writeOnnx({ initializers: [{ name: "w", dims: [2], externalFile: "../w.bin" }] });
    expect((await readOnnxHeader(new MemoryReader(bytes))).tensors[0]?.external?.location).toBe("../w.bin");
  });

  test("has its weights stepped over, not fetched", async () => {
    const bytes = writeOnnx({
      initializers: [
        { name: "a", dims: [2_000_000], data: new Uint8Array(8_000_000) },
        { name: "b", dims: [1], data: new Uint8Array(4) },
      ],
      metadata: [["license", "mit"]],
    });
    const inner = new MemoryReader(bytes);
    let fetched = 0;
    const reader: ByteReader = {
      sizeBytes: bytes.length,
      read(start, length) {
        fetched += length;
        return inner.read(start, length);
      },
    };
    const header = await readOnnxHeader(reader);
    expect(header.parameters).toBe(2_000_001);
    expect([...header.metadata]).toEqual([["license", "mit"]]);
    expect(fetched).toBeLessThan(100_000);
  });
});

describe("a hostile model", () => {
  const model = writeOnnx({});
  test.each<[string, Uint8Array, string]>([
    ["a field longer than the file", Buffer.concat([model, Buffer.from([0x0a, 0xff, 0xff, 0x7f])]), "TRUNCATED"],
    ["a field longer than its message", Buffer.concat([model, field(7, Buffer.from([0x12, 5])), Buffer.alloc(9)]), "TRUNCATED"],
    ["a number without end", Buffer.concat([model, Buffer.from([0x08]), Buffer.alloc(20, 0xff)]), "INCONSISTENT"],
    ["a group, which protobuf no longer has", Buffer.concat([model, Buffer.from([0x0b])]), "INCONSISTENT"],
    ["field 0", Buffer.concat([model, Buffer.from([0x00, 0x00])]), "INCONSISTENT"],
    ["2^60 elements", writeOnnx({ initializers: [{ name: "w", dims: [2 ** 30, 2 ** 30] }] }), "OVER_LIMIT"],
    ["a thousand dimensions", writeOnnx({ initializers: [{ name: "w", dims: Array.from({ length: 1000 }, () => 1) }] }), "OVER_LIMIT"],
    ["a negative version", numberField(1, -1), "OVER_LIMIT"],
    ["no graph", numberField(1, 8), "NOT_THIS_FORMAT"],
    ["nothing", new Uint8Array(0), "NOT_THIS_FORMAT"],
  ])("is refused with a code: %s", async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  test("of millions of tiny fields is given up soon", async () => {
    const bytes = Buffer.concat([model, Buffer.alloc(12_000_000, Buffer.from([0x28, 0x01]))]);
    expect(await codeOf(bytes)).toBe("OVER_LIMIT");
  });

  const sample = writeOnnx({ initializers: [{ name: "w", dims: [2, 3], data: new Uint8Array(24) }], metadata: [["license", "mit"]] });

  test("is refused when cut inside a field", async () => {
    const lengths = await readLengths(readOnnxHeader, sample);
    // Whole so far: after the graph, and after the operator sets; protobuf has no end mark.
    expect(lengths).toHaveLength(2);
  });

  test("never crashes the reader when its bytes are changed", async () => {
    expect(await surviveMutations(readOnnxHeader, sample, 4000, 5)).toBeGreaterThan(0);
  });
});
