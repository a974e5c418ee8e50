import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { SourceEntry } from "../core/source.ts";

/**
 * Checks a whole file against what its listing claims: the SHA-256 of LFS content, the git blob id of the rest.
 * @throws AjarError DIGEST_MISMATCH
 */
export function verifyContent(entry: SourceEntry, bytes: Uint8Array, subject: string): void {
  const { claimedSha256, gitOid, sizeBytes } = entry;
  if (sizeBytes !== null && sizeBytes !== bytes.byteLength) {
    throw mismatch(subject, `it has ${bytes.byteLength} bytes where ${sizeBytes} are listed`);
  }
  if (claimedSha256 !== undefined && createHash("sha256").update(bytes).digest("hex") !== claimedSha256) {
    throw mismatch(subject, "its content has another SHA-256 than listed");
  }
  if (gitOid !== undefined && blobId(bytes) !== gitOid) throw mismatch(subject, "its content has another git blob id than listed");
}

function blobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

function mismatch(subject: string, what: string): AjarError {
  return new AjarError("DIGEST_MISMATCH", `${subject}: ${what}`, { subject, hint: "Try again; if it stays, do not use the file." });
}
