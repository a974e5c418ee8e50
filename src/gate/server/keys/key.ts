// API keys: 32 random bytes each. What is kept is their SHA-256: a slow hash protects weak secrets, and these are not weak.
import { createHash, hash, randomBytes, timingSafeEqual } from "node:crypto";

/** One key as its file has it: everything but the key. */
export interface KeyRecord {
  /** Public: it is the middle part of the key, and what logs name. */
  readonly id: string;
  /** SHA-256 of the whole key, hex. */
  readonly sha256: string;
  /** What people call it. */
  readonly name: string;
  /** What it may do: `model:NAME`, `endpoint:NAME`, with `*` for all, `admin`, `metrics`. */
  readonly scopes: readonly string[];
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly expires: string | null;
  readonly revoked: string | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const SHAPE = /^ajar_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/u;

/** A new key; `key` is shown once and is nowhere else. */
export function newKey(): { readonly key: string; readonly id: string; readonly sha256: string } {
  const id = randomBytes(ID_BYTES).toString("hex");
  const key = `ajar_${id}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { key, id, sha256: createHash("sha256").update(key).digest("hex") };
}

/** The public part of what may be a key, null for anything else. */
export function idOf(key: string): string | null {
  return SHAPE.exec(key)?.[1] ?? null;
}

/** In constant time for every key of the same id. */
export function isKeyOf(key: string, digest: Uint8Array): boolean {
  return timingSafeEqual(hash("sha256", key, "buffer"), digest);
}
