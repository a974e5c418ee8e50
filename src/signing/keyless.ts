// Signing without a key of one's own: a key for this one signature, a certificate for it from Fulcio for whoever the identity
// token names, and an entry in the log of Rekor. Protocols: sigstore/fulcio (fulcio.proto, CreateSigningCertificate),
// sigstore/rekor (openapi.yaml, kind `dsse` 0.0.1), sigstore/architecture-docs (client-spec.md, "Signing").
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { Signer, SigningResult } from "../core/signature.ts";
import { PAYLOAD_TYPE, preAuthEncoding } from "./dsse.ts";
import { isSignedBy, keyFingerprint, type SigningKey, signBytes } from "./keys.ts";
import { type Signed, type SignRequest, statementOf } from "./sign.ts";

/** Posts JSON and gives the JSON that came back. @throws AjarError OFFLINE | UNREACHABLE | UNAUTHORIZED | BAD_RESPONSE … */
export type Post = (url: URL, body: unknown) => Promise<unknown>;

export interface KeylessRequest extends Omit<SignRequest, "key" | "chain"> {
  /** OpenID Connect token (a JWT) with the audience `sigstore`. It is sent to Fulcio and nowhere else. */
  readonly identityToken: string;
  readonly fulcio: URL;
  readonly rekor: URL;
  readonly post: Post;
}

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** @throws AjarError BAD_KEY for a token that names nobody, those of `post`, and those of signModel */
export async function signKeyless(request: KeylessRequest): Promise<Signed> {
  const subject = subjectOfToken(request.identityToken);
  const statement = await statementOf(request);
  const key: SigningKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await certificateFor(key, subject, request);
  const signature = signBytes(key, preAuthEncoding(PAYLOAD_TYPE, statement.payload));
  const dsseEnvelope = {
    payload: statement.payload.toString("base64"),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ sig: signature.toString("base64"), keyid: "" }],
  };
  const entry = await logEntryFor(dsseEnvelope, certificate, request);
  if (!isSignedBy(certificate.publicKey, preAuthEncoding(PAYLOAD_TYPE, statement.payload), signature)) {
    throw badAnswer(request.fulcio, "gave a certificate for another key");
  }
  const verificationMaterial = { certificate: { rawBytes: certificate.raw.toString("base64") }, tlogEntries: [entry] };
  const text = `${JSON.stringify({ mediaType: MEDIA_TYPE, verificationMaterial, dsseEnvelope })}\n`;
  const signer: Signer = { keyFingerprint: keyFingerprint(key.publicKey), identity: subject };
  const { root, files, ignored } = statement;
  const result: SigningResult = { ...request.shown, method: "sigstore", signer, root, files, ignored };
  return { text, result };
}

/** Whom a token names: its mail address when the provider checked it, else its subject. Only Fulcio judges the token itself. */
function subjectOfToken(token: string): string {
  const claims = objectOf(decodedClaims(token));
  const { email, email_verified: checked, sub } = claims;
  if (typeof email === "string" && email !== "" && checked !== false) return email;
  if (typeof sub === "string" && sub !== "") return sub;
  throw badToken();
}

function decodedClaims(token: string): unknown {
  const [, claims = ""] = token.trim().split(".");
  try {
    return JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
  } catch {
    throw badToken();
  }
}

function badToken(): AjarError {
  const hint = "Get one from your identity provider with the audience sigstore; CI systems hand them out to jobs.";
  return new AjarError("BAD_KEY", "this is no identity token", { subject: "identity token", hint });
}

async function certificateFor(key: SigningKey, subject: string, { identityToken, fulcio, post }: KeylessRequest): Promise<X509Certificate> {
  const publicKey = { algorithm: "ECDSA", content: key.publicKey.export({ type: "spki", format: "pem" }).toString() };
  const proofOfPossession = signBytes(key, Buffer.from(subject)).toString("base64");
  const answer = await post(endpoint(fulcio, "/api/v2/signingCert"), {
    credentials: { oidcIdentityToken: identityToken.trim() },
    publicKeyRequest: { publicKey, proofOfPossession },
  });
  const given = objectOf(answer);
  const chain = objectOf(objectOf(given["signedCertificateEmbeddedSct"] ?? given["signedCertificateDetachedSct"])["chain"]);
  const [leaf] = Array.isArray(chain["certificates"]) ? chain["certificates"] : [];
  try {
    return new X509Certificate(String(leaf));
  } catch (cause) {
    throw badAnswer(fulcio, "gave no certificate", cause);
  }
}

async function logEntryFor(dsseEnvelope: unknown, certificate: X509Certificate, { rekor, post }: KeylessRequest): Promise<unknown> {
  const verifier = Buffer.from(certificate.toString()).toString("base64");
  const answer = await post(endpoint(rekor, "/api/v1/log/entries"), {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: { proposedContent: { envelope: JSON.stringify(dsseEnvelope), verifiers: [verifier] } },
  });
  const [entry] = Object.values(objectOf(answer)).map(objectOf);
  const verification = objectOf(entry?.["verification"]);
  const proof = objectOf(verification["inclusionProof"]);
  const promise = verification["signedEntryTimestamp"];
  if (entry === undefined || typeof promise !== "string" || typeof entry["body"] !== "string") throw badAnswer(rekor, "gave no log entry");
  const hashes = Array.isArray(proof["hashes"]) ? proof["hashes"] : [];
  return {
    logIndex: String(entry["logIndex"]),
    logId: { keyId: base64OfHex(entry["logID"]) },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: String(entry["integratedTime"]),
    inclusionPromise: { signedEntryTimestamp: promise },
    inclusionProof: {
      logIndex: String(proof["logIndex"]),
      rootHash: base64OfHex(proof["rootHash"]),
      treeSize: String(proof["treeSize"]),
      hashes: hashes.map(base64OfHex),
      checkpoint: { envelope: String(proof["checkpoint"]) },
    },
    canonicalizedBody: entry["body"],
  };
}

/** Services may lie below a path of their host. */
function endpoint(service: URL, path: string): URL {
  return new URL(service.pathname.replace(/\/+$/u, "") + path, service);
}

function base64OfHex(hex: unknown): string {
  return Buffer.from(String(hex), "hex").toString("base64");
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function badAnswer({ host }: URL, problem: string, cause?: unknown): AjarError {
  return new AjarError("BAD_RESPONSE", `${host} ${problem}`, { subject: host, cause });
}
