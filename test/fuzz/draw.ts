import type { Random } from "./target.ts";

/** A whole number from 0 up to `limit`, which it never reaches. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pickOf<T>(random: Random, items: readonly T[]): T | undefined {
  return items[below(random, items.length)];
}

/** Bytes with a part replaced by others. */
export function splice(bytes: Uint8Array, start: number, end: number, insert: Uint8Array): Uint8Array {
  const joined = new Uint8Array(start + insert.length + Math.max(0, bytes.length - end));
  joined.set(bytes.subarray(0, start));
  joined.set(insert, start);
  joined.set(bytes.subarray(end), start + insert.length);
  return joined;
}

/** Values at which arithmetic goes wrong. */
export const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x100n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];
