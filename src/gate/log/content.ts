// Texts of a decision at rest: AES-256-GCM (NIST SP 800-38D), bound to the entry they stand in.
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { AjarError } from "../../core/errors.ts";
import type { LoggedContent } from "../contract.ts";
import { sha256 } from "../durable/canonical.ts";

export interface SealedContent {
  readonly alg: "A256GCM";
  /** First 16 hex digits of the SHA-256 of the key. */
  readonly key: string;
  /** base64url; 12 random bytes, new for each entry. */
  readonly nonce: string;
  /** base64url; ciphertext and 16 bytes of tag. */
  readonly data: string;
}

export interface ContentKey {
  readonly id: string;
  readonly key: KeyObject;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** 32 bytes in hex or base64, as `openssl rand -hex 32` prints them. @throws AjarError BAD_KEY */
export function contentKey(text: string, name: string): ContentKey {
  const stated = text.trim();
  const bytes = /^[0-9a-f]{64}$/iu.test(stated) ? Buffer.from(stated, "hex") : Buffer.from(stated, "base64");
  if (bytes.byteLength !== KEY_BYTES) {
    throw new AjarError("BAD_KEY", "this is not a key of 32 bytes", { subject: name, hint: "Make one with: openssl rand -hex 32" });
  }
  return { id: sha256(bytes).slice(0, 16), key: createSecretKey(bytes) };
}

/** `place` is the id of the entry: content moved to another one does not open. */
export function seal(content: LoggedContent, { id, key }: ContentKey, place: string): SealedContent {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { alg: "A256GCM", key: id, nonce: nonce.toString("base64url"), data: data.toString("base64url") };
}

/** @throws AjarError BAD_KEY when the key is another one, or the content was changed or moved */
export function unseal({ nonce, data, key: sealedBy }: SealedContent, { id, key }: ContentKey, place: string): LoggedContent {
  if (sealedBy !== id) throw new AjarError("BAD_KEY", "the content is encrypted with another key", { subject: place });
  try {
    const bytes = Buffer.from(data, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8"));
  } catch (cause) {
    throw new AjarError("BAD_KEY", "the content was changed, or belongs to another entry", { subject: place, cause });
  }
}
