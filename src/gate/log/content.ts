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

/** Of 32 random bytes fewer than this are different about once in 10^13 times. */
const LEAST_DIFFERENT = 18;
const MAKE_ONE = "Make one with: openssl rand -hex 32";

/** 32 bytes in hex or base64, as `openssl rand -hex 32` prints them. @throws AjarError BAD_KEY, which holds nothing of the text */
export function contentKey(text: string, name: string): ContentKey {
  const bytes = keyBytes(text.trim());
  if (bytes?.byteLength !== KEY_BYTES) throw new AjarError("BAD_KEY", "this is not a key of 32 bytes", { subject: name, hint: MAKE_ONE });
  if (new Set(bytes).size < LEAST_DIFFERENT) {
    throw new AjarError("BAD_KEY", "this key repeats itself: it was not drawn at random", { subject: name, hint: MAKE_ONE });
  }
  return { id: sha256(bytes).slice(0, 16), key: createSecretKey(bytes) };
}

function keyBytes(stated: string): Buffer | null {
  if (/^[0-9a-f]{64}$/iu.test(stated)) return Buffer.from(stated, "hex");
  return /^[A-Za-z0-9+/_-]{43}=?$/u.test(stated) ? Buffer.from(stated, "base64") : null;
}

/** `place` is the id of the entry: content moved to another one does not open. */
export function seal(content: LoggedContent, { id, key }: ContentKey, place: string): SealedContent {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { alg: "A256GCM", key: id, nonce: nonce.toString("base64url"), data: data.toString("base64url") };
}

/** With whichever of the keys it was sealed with. @throws AjarError BAD_KEY when that is none of them, or the content was changed or moved */
export function unsealWith(content: SealedContent, keys: readonly ContentKey[], place: string): LoggedContent {
  const key = keys.find(({ id }) => id === content.key);
  if (key !== undefined) return unseal(content, key, place);
  throw new AjarError("BAD_KEY", "the content is encrypted with another key", {
    subject: place,
    hint: `Name the key ${safeId(content.key)} too.`,
  });
}

/** As the log states it, which anybody may have written. */
function safeId(id: unknown): string {
  return typeof id === "string" && /^[0-9a-f]{16}$/u.test(id) ? id : "?";
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
