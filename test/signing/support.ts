// Releases, keys and bundles of tests, honest ones and ones that lie.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Verification } from "../../src/core/signature.ts";
import { bundleText } from "../../src/signing/bundle.ts";
import { PAYLOAD_TYPE, preAuthEncoding } from "../../src/signing/dsse.ts";
import { keyFingerprint, type SigningKey, signBytes } from "../../src/signing/keys.ts";
import { type SignRequest, signModel } from "../../src/signing/sign.ts";
import { type VerifyRequest, verifyModel } from "../../src/signing/verify.ts";

export type Curve = "P-256" | "P-384" | "P-521";

export function newKey(curve: Curve = "P-256"): SigningKey {
  return generateKeyPairSync("ec", { namedCurve: curve });
}

export function privatePem({ privateKey }: SigningKey): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export function publicPem(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** A folder of files in a folder of its own. */
export function newRelease(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(mkdtempSync(join(tmpdir(), "ajar-signing-")), "release");
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const plain = {
  ownPath: null,
  shown: { model: "release", signature: "model.sig" },
  ignorePaths: [],
  ignoreGitPaths: true,
  allowSymlinks: false,
  signal: new AbortController().signal,
  progress: (): void => undefined,
} as const;

export async function signed(modelPath: string, key: SigningKey, options: Partial<SignRequest> = {}): Promise<string> {
  return (await signModel({ ...plain, modelPath, modelName: "release", key, chain: [], shardBytes: null, ...options })).text;
}

export function verified(
  modelPath: string,
  bundle: string | Uint8Array,
  publicKey: KeyObject,
  options: Partial<VerifyRequest> = {},
): Promise<Verification> {
  return verifyModel({
    ...plain,
    modelPath,
    bundle: Buffer.from(bundle),
    trust: { method: "key", publicKey },
    ignoreUnsigned: false,
    allowOldForm: false,
    ...options,
  });
}

/** `reason path`, one for each refusal. */
export function reasons({ refusals }: Verification): readonly string[] {
  return refusals.map(({ reason, path }) => (path === undefined ? reason : `${reason} ${path}`));
}

/** A bundle over any statement at all, truly signed. */
export function bundleOver(key: SigningKey, statement: unknown, payloadType = PAYLOAD_TYPE): string {
  const payload = Buffer.from(typeof statement === "string" ? statement : JSON.stringify(statement));
  const signature = signBytes(key, preAuthEncoding(payloadType, payload));
  return bundleText({ material: { hint: keyFingerprint(key.publicKey) }, payload, signature, payloadType });
}

/** JSON of which tests change any part. */
// biome-ignore lint/suspicious/noExplicitAny: that is what it is for
export type Loose = any;

/** The statement in a bundle. */
export function statementIn(bundle: string): Loose {
  return JSON.parse(Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, "base64").toString());
}
