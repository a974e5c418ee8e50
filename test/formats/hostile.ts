// What every reader must survive: a file cut at any byte, and one with bytes changed.
import { expect } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import type { ByteReader } from "../../src/core/source.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";
import { random } from "./random.ts";

export type Read = (reader: ByteReader) => Promise<unknown>;

/** Runs a reader; an AjarError of a format code is an answer, anything else is a bug. */
export async function outcome(read: Read, bytes: Uint8Array): Promise<"read" | AjarError> {
  try {
    await read(new MemoryReader(bytes));
    return "read";
  } catch (error) {
    if (!(error instanceof AjarError) || error.code === "BUG") throw error;
    expect(["NOT_THIS_FORMAT", "TRUNCATED", "OVER_LIMIT", "INCONSISTENT", "UNSUPPORTED"]).toContain(error.code);
    expect(error.offset).toBeTypeOf("number");
    return error;
  }
}

/** Cuts at every byte; gives the lengths that were still read. */
export async function readLengths(read: Read, bytes: Uint8Array): Promise<readonly number[]> {
  const lengths: number[] = [];
  for (let length = 0; length < bytes.length; length += 1) {
    if ((await outcome(read, bytes.slice(0, length))) === "read") lengths.push(length);
  }
  return lengths;
}

const NASTY = [0x00, 0xff, 0x7f, 0x80, 0x01, 0x22, 0x7b, 0x5b, 0x39];

/** `rounds` copies with a few bytes changed, dropped or doubled; gives how many were still read. */
export async function surviveMutations(read: Read, bytes: Uint8Array, rounds: number, seed: number): Promise<number> {
  const next = random(seed);
  const pick = (below: number) => Math.floor(next() * below);
  let survived = 0;
  for (let round = 0; round < rounds; round += 1) {
    let mutant = Uint8Array.from(bytes);
    for (let change = 0; change <= pick(4); change += 1) {
      const at = pick(mutant.length);
      const kind = pick(6);
      if (kind === 0) mutant = Uint8Array.from([...mutant.subarray(0, at), ...mutant.subarray(at + 1 + pick(9))]);
      else if (kind === 1) mutant = Uint8Array.from([...mutant.subarray(0, at + 1), ...mutant.subarray(Math.max(0, at - pick(9)))]);
      else if (kind === 2) mutant[at] = (mutant[at] ?? 0) ^ (1 << pick(8));
      else mutant[at] = NASTY[pick(NASTY.length)] ?? 0;
      if (mutant.length === 0) break;
    }
    const started = performance.now();
    if ((await outcome(read, mutant)) === "read") survived += 1;
    expect(performance.now() - started).toBeLessThan(1000);
  }
  return survived;
}
