// The file that a signature is: a Sigstore bundle around a DSSE envelope (model-signing-spec v1.0; sigstore/protobuf-specs,
// sigstore_bundle.proto). Three kinds of verification material, one envelope, one signature.
import { Fields, parseObject } from "./json.ts";
import { Refused } from "./refused.ts";

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** Media types of older bundles, which only Sigstore's own signers wrote. */
const SIGSTORE_MEDIA = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.3)?\+json(?:;version=0\.[123])?$/u;

type Material =
  /** `hint`: SHA-256 of the public key as PEM; absent in bundles from before 1.1, which carry the key itself. */
  | { readonly method: "key"; readonly hint: string | null }
  /** DER, the signer's certificate first. */
  | { readonly method: "certificate"; readonly chain: readonly Buffer[] }
  | { readonly method: "sigstore" };

export interface Bundle {
  readonly material: Material;
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

const MAX_CHAIN = 10;

/** @throws Refused */
export function parseBundle(bytes: Uint8Array): Bundle {
  const bundle = new Fields(parseObject(bytes, "not-a-bundle"), "", "not-a-bundle");
  const mediaType = bundle.text("mediaType");
  const material = materialOf(bundle.fields("verificationMaterial"));
  const isKnown = material.method === "sigstore" ? SIGSTORE_MEDIA.test(mediaType) : mediaType === MEDIA_TYPE;
  if (!isKnown) bundle.fail("mediaType", `unknown, ${mediaType.slice(0, 100)}`);
  if (!bundle.has("dsseEnvelope")) bundle.fail("dsseEnvelope", "missing");
  const envelope = bundle.fields("dsseEnvelope");
  const [signature, ...more] = envelope.objects("signatures");
  if (signature === undefined) return envelope.fail("signatures", "empty");
  if (more.length > 0) throw new Refused("two-keys", { detail: `${more.length + 1} signatures` });
  return {
    material,
    payloadType: envelope.text("payloadType"),
    payload: envelope.bytes("payload"),
    signature: signature.bytes("sig"),
  };
}

function materialOf(material: Fields): Material {
  const kinds = ["publicKey", "x509CertificateChain", "certificate"].filter((kind) => material.has(kind));
  if (kinds.length > 1) throw new Refused("two-keys", { detail: kinds.join(", ") });
  switch (kinds[0]) {
    case "publicKey":
      return { method: "key", hint: material.fields("publicKey").optionalText("hint") || null };
    case "x509CertificateChain":
      return { method: "certificate", chain: chainOf(material.fields("x509CertificateChain")) };
    case "certificate":
      if (!material.has("tlogEntries") || material.list("tlogEntries").length === 0) throw new Refused("no-log-entry");
      return { method: "sigstore" };
    default:
      return material.fail("publicKey", "no key and no certificate");
  }
}

function chainOf(chain: Fields): readonly Buffer[] {
  const certificates = chain.objects("certificates").map((certificate) => certificate.bytes("rawBytes"));
  if (certificates.length === 0) chain.fail("certificates", "empty");
  if (certificates.length > MAX_CHAIN) chain.fail("certificates", `more than ${MAX_CHAIN}`);
  return certificates;
}

export interface NewBundle {
  readonly material: { readonly hint: string } | { readonly chain: readonly Uint8Array[] };
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly payloadType: string;
}

/** The text of a bundle, as the reference implementation reads it. */
export function bundleText({ material, payload, signature, payloadType }: NewBundle): string {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const verificationMaterial =
    "hint" in material
      ? { publicKey: { hint: material.hint }, tlogEntries: [] }
      : { x509CertificateChain: { certificates: material.chain.map((der) => ({ rawBytes: base64(der) })) }, tlogEntries: [] };
  const dsseEnvelope = { payload: base64(payload), payloadType, signatures: [{ sig: base64(signature), keyid: "" }] };
  return `${JSON.stringify({ mediaType: MEDIA_TYPE, verificationMaterial, dsseEnvelope })}\n`;
}
