import fc from "fast-check";
import { expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import { MemoryReader } from "./byte-reader.ts";
import { readNpyHeader } from "./npy.ts";

function writeNpy(header: string, version: 1 | 2 | 3 = 1, data = 0): Buffer {
  const text = Buffer.from(header, version === 3 ? "utf8" : "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from([version, 0]), length, text, Buffer.alloc(data)]);
}

const literal = (descr: string, shape: readonly number[]) =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }  \n`;
const codeOf = async (bytes: Uint8Array) => {
  const result = await outcome(readNpyHeader, bytes);
  return result === "read" ? "read" : result.code;
};

test("type, order and shape are given back, in every version", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1000), { maxLength: 5 }),
      fc.constantFrom(1 as const, 2 as const, 3 as const),
      async (shape, version) => {
        const header = await readNpyHeader(new MemoryReader(writeNpy(literal("'<f4'", shape), version)));
        expect(header).toMatchObject({ descr: "<f4", fortranOrder: false, shape, holdsObjects: false });
        expect(header.elements).toBe(shape.reduce((product, dimension) => product * dimension, 1));
      },
    ),
  );
});

test("objects are seen, alone and as a field of a record: a pickle follows", async () => {
  for (const descr of ["'|O'", "[('a', '<f4'), ('b', '|O')]"]) {
    expect((await readNpyHeader(new MemoryReader(writeNpy(literal(descr, [2]))))).holdsObjects).toBe(true);
  }
});

test("headers that lie are refused with a code", async () => {
  expect(await codeOf(writeNpy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}"))).toBe("INCONSISTENT");
  expect(await codeOf(writeNpy(literal("'<f4'", [2 ** 40, 2 ** 40])))).toBe("OVER_LIMIT");
  expect(await codeOf(writeNpy(literal("'<f4'", [1]), 2).fill(0xff, 8, 12))).toBe("OVER_LIMIT");
  expect(await codeOf(Buffer.from("\x93NUMPY\x09\x00\x00\x00", "latin1"))).toBe("UNSUPPORTED");
});

test("a header made to make the grammar backtrack is refused at once", async () => {
  expect(await codeOf(writeNpy(`{${"'descr': [".repeat(25_000)}`, 2))).toBe("INCONSISTENT");
  expect(await codeOf(writeNpy(`{'descr': [${"] ".repeat(120_000)}`, 2))).toBe("INCONSISTENT");
  expect(await codeOf(writeNpy(`{'descr': [],${" ".repeat(240_000)}`, 2))).toBe("INCONSISTENT");
});

test("a cut header is refused, a changed one never crashes the reader", async () => {
  const sample = writeNpy(literal("'<f4'", [3, 4]), 1, 48);
  const lengths = await readLengths(readNpyHeader, sample);
  expect(lengths).toHaveLength(48);
  await surviveMutations(readNpyHeader, sample, 3000, 6);
});
