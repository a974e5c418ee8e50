// Ed25519 (RFC 8032) with keys that name themselves: `ed25519:` and the 32 bytes of the public key in base64url.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AjarError } from "../../core/errors.ts";
import { syncFolder } from "./files.ts";

/** `ed25519:<base64url of 32 bytes>`. */
export type PublicKey = `ed25519:${string}`;

export interface SigningKey {
  readonly publicKey: PublicKey;
  sign(text: string): string;
}

const PUBLIC_KEY = /^ed25519:([A-Za-z0-9_-]{43})$/u;
/** 64 bytes in base64url. */
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/u;
const MAX_CACHED = 256;

export function isPublicKey(text: unknown): text is PublicKey {
  return typeof text === "string" && PUBLIC_KEY.test(text);
}

const known = new Map<string, KeyObject | null>();

/** Null for 32 bytes that are no point of the curve. */
function keyObject(key: PublicKey): KeyObject | null {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  let object: KeyObject | null = null;
  try {
    object = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.slice("ed25519:".length) }, format: "jwk" });
  } catch {
    // Stays null: nothing verifies under it.
  }
  if (known.size >= MAX_CACHED) known.clear();
  known.set(key, object);
  return object;
}

/** Whether `signature` (base64url) is `key`'s over the text in UTF-8. */
export function isSignedBy(key: PublicKey, text: string, signature: string): boolean {
  const object = SIGNATURE.test(signature) ? keyObject(key) : null;
  return object !== null && verify(null, Buffer.from(text), object, Buffer.from(signature, "base64url"));
}

/** A private key in PEM (PKCS #8). @throws AjarError BAD_KEY */
export function signingKey(pem: string, name: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem" });
  } catch (cause) {
    throw new AjarError("BAD_KEY", "this is no private key in PEM", { subject: name, hint: MAKE_ONE, cause });
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new AjarError("BAD_KEY", "this is not an Ed25519 key", { subject: name, hint: MAKE_ONE });
  }
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return { publicKey: `ed25519:${x}`, sign: (text) => sign(null, Buffer.from(text), key).toString("base64url") };
}

const MAKE_ONE = "Make one with: openssl genpkey -algorithm ed25519 -out key.pem";

/** A new private key in PEM. */
export function newKeyPem(): string {
  return generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
}

/** @throws AjarError BAD_KEY */
export function readKeyFile(path: string): SigningKey {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch (cause) {
    throw new AjarError("BAD_KEY", "the key cannot be read", { subject: path, hint: MAKE_ONE, cause });
  }
  return signingKey(pem, path);
}

/** The key of a file that only its owner may read; made when it is not there. @throws AjarError BAD_KEY, or the system's error */
export function keyOfFile(path: string): SigningKey {
  try {
    const descriptor = openSync(path, "wx", 0o600);
    try {
      writeSync(descriptor, newKeyPem());
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFolder(dirname(path));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readKeyFile(path);
}
