import { createHash, type Hash } from "node:crypto";
import { AjarError } from "../core/errors.ts";

/** A digest that a registry states for a package file. */
export interface PackageDigest {
  readonly algorithm: "sha512" | "sha384" | "sha256" | "sha1";
  readonly hex: string;
}

const LENGTHS: Readonly<Record<PackageDigest["algorithm"], number>> = { sha512: 64, sha384: 48, sha256: 32, sha1: 20 };
const STRONGEST_FIRST = ["sha512", "sha384", "sha256", "sha1"] as const;

/** The strongest usable digest of a Subresource Integrity text (`sha512-<base64> …`), or null. */
export function parseIntegrity(text: string): PackageDigest | null {
  const items = text.slice(0, 4096).trim().split(/\s+/u);
  for (const algorithm of STRONGEST_FIRST) {
    const item = items.find((candidate) => candidate.startsWith(`${algorithm}-`));
    const bytes = Buffer.from((item ?? "").slice(algorithm.length + 1).split("?")[0] ?? "", "base64");
    if (item !== undefined && bytes.byteLength === LENGTHS[algorithm]) return { algorithm, hex: bytes.toString("hex") };
  }
  return null;
}

/** A digest given in hex, or null when it cannot be one. */
export function hexDigest(algorithm: PackageDigest["algorithm"], text: unknown): PackageDigest | null {
  if (typeof text !== "string" || text.length !== LENGTHS[algorithm] * 2 || !/^[0-9a-f]+$/iu.test(text)) return null;
  return { algorithm, hex: text.toLowerCase() };
}

/** Hashes a stream while it passes, then compares. */
export class DigestCheck {
  readonly #expected: PackageDigest | null;
  readonly #hash: Hash | null;

  constructor(expected: PackageDigest | null) {
    this.#expected = expected;
    this.#hash = expected === null ? null : createHash(expected.algorithm);
  }

  update(bytes: Uint8Array): void {
    this.#hash?.update(bytes);
  }

  /** @throws AjarError DIGEST_MISMATCH */
  verify(subject: string): void {
    if (this.#hash === null || this.#hash.digest("hex") === this.#expected?.hex) return;
    throw new AjarError("DIGEST_MISMATCH", `${subject}: its content has another ${this.#expected?.algorithm} than its registry states`, {
      subject,
      hint: "Try again; if it stays, do not use the package.",
    });
  }
}
