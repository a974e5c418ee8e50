import { describe, expect, test } from "vitest";
import { outcome, surviveMutations } from "../../../test/formats/hostile.ts";
import { writeZip } from "../../../test/formats/zip-writer.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { readTflite } from "../../formats/tflite.ts";

const small = fixture("tflite/small.tflite");

test("constants lie where the reading says", async () => {
  const { tensors } = await readTflite(new MemoryReader(small));
  const bias = tensors.find(({ shape }) => shape.length === 1);
  const { start, end } = bias?.place ?? { start: 0, end: 0 };
  expect([end - start, Buffer.from(small).readFloatLE(start)]).toEqual([32, 1]);
});

describe("operators that are not built in", () => {
  test.each([
    ["small", []],
    ["flex", ["TL01.flex info"]],
    ["custom", ["TL01.custom info"]],
  ])("%s", async (name, hits) => {
    expect(hitNames(await scanOf("m.tflite", fixture(`tflite/${name}.tflite`)))).toEqual(hits);
  });
});

test("a half-precision model says so", async () => {
  const [reading] = (await scanOf("m.tflite", fixture("tflite/quantized.tflite"))).readings;
  expect(reading?.metadata.get("quantization")).toBe("float16");
});

test("labels appended as a zip make no alarm", async () => {
  const labels = writeZip([{ path: "labels.txt", content: Buffer.from("cat\ndog\n") }]);
  const scan = await scanOf("m.tflite", Buffer.concat([small, labels]));
  expect(hitNames(scan).filter((name) => name.startsWith("ZP11"))).toEqual([]);
});

describe("a hostile model", () => {
  test("that was cut is refused or not called whole", async () => {
    for (let length = 0; length < small.length; length += 11) {
      const bytes = small.subarray(0, length);
      const result = await outcome(readTflite, bytes);
      if (result !== "read") continue;
      expect((await scanOf("m.tflite", bytes)).coverage.state).not.toBe("full");
    }
  });

  test("whose data pass its end is reported", async () => {
    const { tensors } = await readTflite(new MemoryReader(small));
    const { start } = tensors[0]?.place ?? { start: 4 };
    // The length of a vector stands right before it.
    const longer = Uint8Array.from(small);
    new DataView(longer.buffer).setUint32(start - 4, 0x7fff_ffff, true);
    const scan = await scanOf("m.tflite", longer);
    expect([hitNames(scan), scan.coverage.state]).toEqual([["TL01.past-end medium"], "partial"]);
  });

  test("changed anywhere never crashes the reader", async () => {
    expect(await surviveMutations(readTflite, small, 3000, 10)).toBeGreaterThan(0);
  });
});
