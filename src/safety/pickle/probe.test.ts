import fc from "fast-check";
import { expect, test } from "vitest";
import { OP } from "../../formats/pickle/opcodes.ts";
import { getsNowhere, probe } from "./probe.ts";

const opcode = fc.constantFrom(...Object.values(OP));
/** Opcodes, small lengths and line ends, as dense as a pickle has them. */
const likely = fc
  .array(fc.oneof(opcode, fc.integer({ min: 0, max: 12 }), fc.constantFrom(0x0a, 0x30, 0x61), fc.nat(255)), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

test("what is told to get nowhere gets nowhere when it is run", () => {
  let told = 0;
  fc.assert(
    fc.property(opcode, likely, (first, rest) => {
      const bytes = Uint8Array.from([first, ...rest]);
      if (!getsNowhere(bytes)) return;
      told += 1;
      const { pause, ops, names } = probe(bytes);
      expect({ isStopped: pause === "stopped", names, isLong: ops >= 8 }).toEqual({ isStopped: false, names: 0, isLong: false });
    }),
    { numRuns: 5000 },
  );
  expect(told).toBeGreaterThan(500);
});

test("the header of a safetensors file is told at once, a pickle is left to be run", () => {
  const header = Buffer.from('{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  for (const length of [OP.BINUNICODE, OP.PUT, OP.POP]) {
    expect(getsNowhere(Buffer.concat([Buffer.from([length, 0x0c, 0, 0, 0, 0, 0, 0]), header]))).toBe(true);
  }
  expect(getsNowhere(Buffer.from("cos\nsystem\n(S'x'\ntR."))).toBe(false);
  expect(getsNowhere(Buffer.from("(lp0\nI1\naI2\na."))).toBe(false);
});
