// Elliptic-curve keys, and signatures by them. The hash follows the curve (model-signing-spec, algorithm-registry.md).
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { AjarError } from "../core/errors.ts";

/** OpenSSL's names of P-256, P-384 and P-521 -> hash. */
const HASHES: Readonly<Record<string, string>> = { prime256v1: "sha256", secp384r1: "sha384", secp521r1: "sha512" };

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A private key in PEM. `name` is for messages. @throws AjarError BAD_KEY */
export function readPrivateKey(pem: Uint8Array, passphrase: Buffer | null, name: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: Buffer.from(pem), format: "pem", ...(passphrase === null ? {} : { passphrase }) });
  } catch (cause) {
    throw keyProblem(pem, passphrase, name, cause);
  }
  const publicKey = createPublicKey(privateKey);
  checkCurve(publicKey, name);
  return { privateKey, publicKey };
}

function keyProblem(pem: Uint8Array, passphrase: Buffer | null, name: string, cause: unknown): AjarError {
  const text = Buffer.from(pem).toString("latin1");
  const isEncrypted = /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/u.test(text);
  if (isEncrypted && passphrase === null) {
    const hint = "Name what holds it with --passphrase-file or --passphrase-env.";
    return new AjarError("BAD_KEY", "the key is encrypted and there is no passphrase", { subject: name, hint, cause });
  }
  if (isEncrypted) return new AjarError("BAD_KEY", "the passphrase does not open the key", { subject: name, cause });
  if (text.includes("PUBLIC KEY")) {
    return new AjarError("BAD_KEY", "this is the public key", {
      subject: name,
      hint: "Sign with the private key, verify with the public one.",
      cause,
    });
  }
  return new AjarError("BAD_KEY", "this is no private key in PEM", { subject: name, hint: MAKE_ONE, cause });
}

const MAKE_ONE = "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem";

/** A public key in PEM. @throws AjarError BAD_KEY */
export function readPublicKey(pem: Uint8Array, name: string): KeyObject {
  const text = Buffer.from(pem).toString("latin1");
  if (text.includes("PRIVATE KEY")) {
    const hint = "Take the public key: openssl pkey -in key.pem -pubout -out key.pub.pem";
    throw new AjarError("BAD_KEY", "this is a private key, which verifying never needs", { subject: name, hint });
  }
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: Buffer.from(pem), format: "pem" });
  } catch (cause) {
    throw new AjarError("BAD_KEY", "this is no public key in PEM", { subject: name, hint: "Name the file with the public key.", cause });
  }
  checkCurve(publicKey, name);
  return publicKey;
}

/** @throws AjarError BAD_KEY for anything but P-256, P-384 and P-521 */
function checkCurve(key: KeyObject, name: string): void {
  if (hashOf(key) !== null) return;
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  throw new AjarError("BAD_KEY", `a key of kind ${kind} signs no models`, { subject: name, hint: "Use a key on P-256, P-384 or P-521." });
}

function hashOf(key: KeyObject): string | null {
  return key.asymmetricKeyType === "ec" ? (HASHES[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? null) : null;
}

/** Whether a key is one that OpenSSF Model Signing knows. */
export function isSigningKey(key: KeyObject): boolean {
  return hashOf(key) !== null;
}

/** SHA-256 (hex) of the public key as PEM: the hint that the reference implementation writes (sign_ec_key.py). */
export function keyFingerprint(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "pem" }))
    .digest("hex");
}

/** ECDSA over `data`, in DER. */
export function signBytes(key: SigningKey, data: Uint8Array): Buffer {
  return sign(hashOf(key.publicKey) ?? "sha256", data, key.privateKey);
}

/** `hash` in place of the curve's own: old signatures by certificates always took SHA-256. */
export function isSignedBy(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array, hash = hashOf(publicKey)): boolean {
  if (hash === null) return false;
  try {
    return verify(hash, data, publicKey, signature);
  } catch {
    // A signature that is not even DER.
    return false;
  }
}
