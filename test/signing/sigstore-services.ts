// Sigstore on this machine: an authority and logs made up for one test run, behind the addresses of the real ones' paths.
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from "@sigstore/mock";

export interface SigstoreServices {
  readonly url: string;
  /** As the Sigstore TUF repository has it, in JSON. */
  readonly trustedRoot: Readonly<Record<string, unknown>>;
  /** Bodies of all requests. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startSigstore(): Promise<SigstoreServices> {
  const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ctlog = await initializeCTLog(pair());
  const ca = await initializeCA(pair(), ctlog);
  const tlog = await initializeTLog("https://rekor.example", pair());
  const fulcio = fulcioHandler(ca);
  const rekor = rekorHandler({
    ...tlog,
    log: (entry) => tlog.log(canonical(entry)),
    logV2: (entry) => tlog.logV2(entry),
    publicKey: tlog.publicKey,
  });
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    requests.push(body);
    if (request.url === "/.well-known/openid-configuration") {
      const endpoints = { authorization_endpoint: "http://127.0.0.1:1/", token_endpoint: "http://127.0.0.1:1/" };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(endpoints));
      return;
    }
    const handler = [fulcio, rekor].find(({ path }) => path === request.url);
    if (request.method !== "POST" || handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { statusCode, response: answer, contentType } = await handler.fn(withToken(body, request.headers.authorization));
    response.writeHead(statusCode, { "content-type": contentType ?? "text/plain" }).end(answer);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const key = (der: Uint8Array) => ({ rawBytes: base64(der), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor });
  const log = (der: Uint8Array, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: key(der),
    logId: { keyId: createHash("sha256").update(der).digest("base64") },
  });
  const root = new Uint8Array(ca.rootCertificate.buffer, ca.rootCertificate.byteOffset, ca.rootCertificate.byteLength);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    trustedRoot: {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [log(tlog.publicKey, "https://rekor.example")],
      certificateAuthorities: [
        {
          subject: { organization: "sigstore.mock", commonName: "sigstore" },
          uri: "https://fulcio.example",
          certChain: { certificates: [{ rawBytes: base64(root) }] },
          validFor,
        },
      ],
      ctlogs: [log(ctlog.publicKey, "https://ctlog.example")],
      timestampAuthorities: [],
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** What the log keeps of an entry that is proposed (sigstore/rekor, pkg/types/dsse/v0.0.1). */
function canonical(proposed: object): object {
  const { apiVersion, kind, spec } = proposed as {
    apiVersion: string;
    kind: string;
    spec: { proposedContent: { envelope: string; verifiers: string[] } };
  };
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope);
  const sha256 = (bytes: Buffer | string) => ({ algorithm: "sha256", value: createHash("sha256").update(bytes).digest("hex") });
  return {
    apiVersion,
    kind,
    spec: {
      envelopeHash: sha256(envelope),
      payloadHash: sha256(Buffer.from(payload, "base64")),
      signatures: [{ signature: signatures[0].sig, verifier: verifiers[0] }],
    },
  };
}

/** sigstore-python sends the token in a header, and a request for a certificate in place of the key. */
function withToken(body: string, authorization: string | undefined): string {
  if (authorization === undefined) return body;
  const request = Buffer.from(JSON.parse(body).certificateSigningRequest, "base64").toString();
  const credentials = { oidcIdentityToken: authorization.replace(/^Bearer /u, "") };
  return JSON.stringify({ credentials, certificateSigningRequest: request });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** A token as an identity provider writes them; nobody here checks its signature. */
export function identityToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ aud: "sigstore", ...claims })}.c2lnbmF0dXJl`;
}
