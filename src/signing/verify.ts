// Does a signature hold for the files that are here? First who signed, then what, then whether that is what is here.
import type { KeyObject } from "node:crypto";
import type { Refusal, Signer, Verification } from "../core/signature.ts";
import { GIT_PATHS } from "../identity/root-digest.ts";
import { type Bundle, parseBundle } from "./bundle.ts";
import { type Certificate, trustedSigner } from "./certificates.ts";
import { checkFiles } from "./check-files.ts";
import { oldPreAuthEncoding, PAYLOAD_TYPE, preAuthEncoding } from "./dsse.ts";
import { isSignedBy, keyFingerprint } from "./keys.ts";
import { Refused } from "./refused.ts";
import { parseStatement, type Statement } from "./statement.ts";

/** Whom the verifier trusts. */
export type Trust =
  | { readonly method: "key"; readonly publicKey: KeyObject }
  | { readonly method: "certificate"; readonly trusted: readonly Certificate[] }
  /** `verify` is @sigstore/verify with the trusted root and the identity that were given; loaded only for this. */
  | { readonly method: "sigstore"; readonly verify: (bundle: Uint8Array) => SigstoreSigner };

export interface SigstoreSigner {
  readonly publicKey: KeyObject;
  readonly identity: string;
  readonly identityProvider: string;
}

export interface VerifyRequest {
  /** Absolute path of the release. */
  readonly modelPath: string;
  readonly bundle: Uint8Array;
  /** Path of the signature relative to the release, when it lies in it. */
  readonly ownPath: string | null;
  /** Names for the answer, as the user wrote them. */
  readonly shown: { readonly model: string; readonly signature: string };
  readonly trust: Trust;
  /** Relative to the release. */
  readonly ignorePaths: readonly string[];
  readonly ignoreGitPaths: boolean;
  readonly ignoreUnsigned: boolean;
  readonly allowSymlinks: boolean;
  readonly allowOldForm: boolean;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  readonly threads?: number;
}

/** Never throws for what is wrong with the signature or the files. @throws AjarError INTERRUPTED, NOT_FOUND, OVER_LIMIT */
export async function verifyModel(request: VerifyRequest): Promise<Verification> {
  const { shown } = request;
  const nobody = { bySigner: [], byOption: [], unsigned: [] };
  const state = { method: null, signer: null, root: null, filesVerified: 0, uncovered: nobody, oldForm: false };
  const start: Verification = { verified: false, model: shown.model, signature: shown.signature, refusals: [], ...state };
  let known = start;
  try {
    const bundle = parseBundle(request.bundle);
    known = { ...known, method: bundle.material.method };
    const { signer, isOldEncoding } = authenticate(bundle, request);
    known = { ...known, signer };
    const statement = parseStatement(bundle.payload);
    if (statement.isOldForm && !request.allowOldForm) throw new Refused("old-form");
    known = { ...known, root: statement.root, oldForm: isOldEncoding || statement.isOldForm };
    return { ...known, ...(await againstFiles(statement, request)) };
  } catch (error) {
    if (error instanceof Refused) return { ...known, refusals: [error.refusal] };
    throw error;
  }
}

/** @throws Refused */
function authenticate(bundle: Bundle, request: VerifyRequest): { readonly signer: Signer; readonly isOldEncoding: boolean } {
  const { material } = bundle;
  const { trust } = request;
  if (bundle.payloadType !== PAYLOAD_TYPE)
    throw new Refused("not-a-statement", { detail: `payload is ${bundle.payloadType.slice(0, 100)}` });
  if (material.method !== trust.method) throw new Refused("other-method", { detail: material.method });
  if (material.method === "key" && trust.method === "key") {
    const signer = { keyFingerprint: keyFingerprint(trust.publicKey) };
    return { signer, isOldEncoding: checkKey(bundle, trust.publicKey, material.hint, request.allowOldForm) };
  }
  if (material.method === "certificate" && trust.method === "certificate") {
    const { publicKey, subject, fingerprint } = trustedSigner(material.chain, trust.trusted);
    const signer = { keyFingerprint: keyFingerprint(publicKey), subject, certificateFingerprint: fingerprint };
    return { signer, isOldEncoding: checkSignature(bundle, publicKey, { allowed: request.allowOldForm, hash: "sha256" }) };
  }
  if (trust.method !== "sigstore") throw new Refused("other-method", { detail: material.method });
  const { publicKey, identity, identityProvider } = trust.verify(request.bundle);
  return { signer: { keyFingerprint: keyFingerprint(publicKey), identity, identityProvider }, isOldEncoding: false };
}

function checkKey(bundle: Bundle, publicKey: KeyObject, hint: string | null, allowed: boolean): boolean {
  if (hint !== null && hint.toLowerCase() !== keyFingerprint(publicKey)) throw new Refused("wrong-key", { detail: hint.slice(0, 100) });
  return checkSignature(bundle, publicKey, { allowed });
}

/** True when only the old encoding fits. `hash`: what old signatures took, when not the curve's own. @throws Refused */
function checkSignature(bundle: Bundle, publicKey: KeyObject, old: { readonly allowed: boolean; readonly hash?: string }): boolean {
  const { payload, payloadType, signature } = bundle;
  if (isSignedBy(publicKey, preAuthEncoding(payloadType, payload), signature)) return false;
  if (!isSignedBy(publicKey, oldPreAuthEncoding(payload), signature, old.hash)) throw new Refused("bad-signature");
  if (!old.allowed) throw new Refused("old-form");
  return true;
}

async function againstFiles(statement: Statement, request: VerifyRequest): Promise<Partial<Verification>> {
  const { ignorePaths, ignoreGitPaths, ownPath } = request;
  const own = ownPath === null ? [] : [ownPath];
  const checked = await checkFiles(statement, {
    ...request,
    // The old form left out nothing but what was named.
    ignore: [...own, ...(ignoreGitPaths ? GIT_PATHS : [])],
    ignoreByOption: ignorePaths,
  });
  const refusals: readonly Refusal[] = checked.refusals;
  return { ...checked, refusals, verified: refusals.length === 0 };
}
