// What makes two tensors the same: element type, shape and bytes. Their names and places count for nothing.
// docs/identity.md has the definitions with examples; a change here is a new domain.
import { createHash, type Hash } from "node:crypto";

/** Names the definition, so that a digest made by another one is never taken for this. */
const TENSOR_DOMAIN = "ajar.tensor.v1";
const WEIGHTS_DOMAIN = "ajar.weights.v1";
export const DIGEST_BYTES = 32;

/**
 * A hash that has taken in everything but the elements: `ajar.tensor.v1`, LF, canonical type, LF, dimensions in decimal
 * joined by `,` (none for a single number), LF. Elements follow row by row, the last dimension fastest, little-endian.
 */
export function tensorHash(dtype: string, shape: readonly number[]): Hash {
  return createHash("sha256").update(`${TENSOR_DOMAIN}\n${dtype}\n${shape.join(",")}\n`);
}

/**
 * Digest of a multiset of tensors: SHA-256 over `ajar.weights.v1`, LF, and the raw 32-byte digests in ascending order,
 * each as often as it occurs. Splitting, merging, renaming and reordering change nothing.
 */
export function weightsDigest(digests: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256").update(`${WEIGHTS_DOMAIN}\n`);
  for (const digest of [...digests].sort(Buffer.compare)) hash.update(digest);
  return hash.digest();
}
