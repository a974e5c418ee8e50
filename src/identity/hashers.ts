// Hashes by name: those of OpenSSL, and BLAKE3, which OpenSSL has not and signatures of others may have been made with.
import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";

export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

const BLAKE3 = "blake3";
let blake3: (() => Hasher) | null = null;

/** To be awaited before `hasherOf` is asked for a hash that is loaded late. */
export async function loadHasher(algorithm: string | undefined): Promise<void> {
  if (algorithm !== BLAKE3 || blake3 !== null) return;
  const library = await import("@noble/hashes/blake3.js");
  blake3 = () => library.blake3.create();
}

/** By OpenSSL's name, or `blake3`. @throws AjarError BUG when it was not loaded */
export function hasherOf(algorithm: string): Hasher {
  if (algorithm !== BLAKE3) return createHash(algorithm);
  if (blake3 === null) throw new AjarError("BUG", "a hash was asked for before it was loaded");
  return blake3();
}
