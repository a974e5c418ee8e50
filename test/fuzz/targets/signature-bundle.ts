import { generateKeyPairSync } from "node:crypto";
import { AjarError } from "../../../src/core/errors.ts";
import { bundleText, parseBundle } from "../../../src/signing/bundle.ts";
import { readCertificates, trustedSigner } from "../../../src/signing/certificates.ts";
import { oldPreAuthEncoding, PAYLOAD_TYPE, preAuthEncoding } from "../../../src/signing/dsse.ts";
import { isSignedBy } from "../../../src/signing/keys.ts";
import { Refused } from "../../../src/signing/refused.ts";
import { parseStatement, statementText } from "../../../src/signing/statement.ts";
import { below, pickOf } from "../draw.ts";
import { restructureJson } from "../json.ts";
import { mutant } from "../mutate.ts";
import type { FuzzTarget, Random } from "../target.ts";

/** Self-signed, of nobody, for signing, without end. */
const CERTIFICATE =
  "MIIBnTCCAUOgAwIBAgIUNSz9KzNOv9QC+VCbEZJ6o9a3xecwCgYIKoZIzj0EAwIwEjEQMA4GA1UEAwwHbWFkZS11cDAgFw0yNjExMjUxNjIyMzVaGA8yMTI2MTEwMTE2MjIzNVowEjEQMA4GA1UEAwwHbWFkZS11cDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGhKok8Qez7Jbe7/Tv0hGFbQSAaw349KmIB2oppeEZ3dJ8+zb92Y1hjkf65ieuoUIO8Mw8VNnnta9wshBVaaKROjdTBzMB0GA1UdDgQWBBRh8bfXHo66BNA+bPfoHePFmISMtzAfBgNVHSMEGDAWgBRh8bfXHo66BNA+bPfoHePFmISMtzAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIChDAQBgNVHREECTAHgQVhQGIuYzAKBggqhkjOPQQDAgNIADBFAiEA+rGoujrzg3XtxP7WGN6X9p+0VSFPWabyFC0HERF5fOYCIHCouioTtCq7Whf8FnZP/KA6/oxNVDcTf7q4hp1bSetr";
const trusted = readCertificates(Buffer.from(`-----BEGIN CERTIFICATE-----\n${CERTIFICATE}\n-----END CERTIFICATE-----\n`), "fuzz");
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const statement = (shardBytes: number | null): Buffer => {
  const of = (name: string, digit: string) => ({ name: shardBytes === null ? name : `${name}:0:${shardBytes}`, digest: digit.repeat(64) });
  const resources = [of("config.json", "a"), of("model.safetensors", "b")];
  const fields = { modelName: "m", hash: "sha256", shardBytes, resources, ignorePaths: [".git"], allowSymlinks: false } as const;
  return Buffer.from(statementText(fields));
};
const old = {
  _type: "https://in-toto.io/Statement/v1",
  predicateType: "https://model_signing/Digests/v0.1",
  subject: [{ name: "a", digest: { sha256: "c".repeat(64) } }],
};

function bundle(payload: Uint8Array, material: Parameters<typeof bundleText>[0]["material"]): Uint8Array {
  return Buffer.from(bundleText({ material, payload, signature: Buffer.from("3006020101020101", "hex"), payloadType: PAYLOAD_TYPE }));
}

/** Everything of a verification but the files: who signed, and what. */
function read(bytes: Uint8Array): unknown {
  const { material, payload, payloadType, signature } = parseBundle(bytes);
  const key = material.method === "certificate" ? trustedSigner(material.chain, trusted).publicKey : publicKey;
  isSignedBy(key, preAuthEncoding(payloadType, payload), signature);
  isSignedBy(key, oldPreAuthEncoding(payload), signature);
  return parseStatement(payload);
}

/** Signatures of OpenSSF Model Signing, before any key is asked. */
export const target: FuzzTarget = {
  name: "signature-bundle",
  seeds: [
    bundle(statement(null), { hint: "d".repeat(64) }),
    bundle(statement(1_000_000), { hint: "" }),
    bundle(statement(null), { chain: [Buffer.from(CERTIFICATE, "base64")] }),
    bundle(Buffer.from(JSON.stringify(old)), { hint: "" }),
  ],
  async read(reader) {
    try {
      return read(await reader.read(0, reader.sizeBytes));
    } catch (error) {
      if (error instanceof Refused) throw new AjarError("INCONSISTENT", error.message, { offset: 0 });
      throw error;
    }
  },
  words: ['"publicKey":{', '"certificate":{', '"tlogEntries":[{}]', '"mediaType":', '"__proto__":', '"sig":""'],
  restructure,
};

/** Half of the changes go into what is signed or into a certificate: base64 would hide it from the others. */
function restructure(bytes: Uint8Array, random: Random): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const inner = pickOf(random, [...text.matchAll(/"(?:payload|rawBytes|sig)":"([^"]*)"/gu)]);
  if (inner === undefined || below(random, 2) === 0) return Buffer.from(restructureJson(text, random), "latin1");
  const content = Buffer.from(inner[1] ?? "", "base64");
  const changed =
    content[0] === 0x7b && below(random, 2) === 0
      ? Buffer.from(restructureJson(content.toString("latin1"), random), "latin1")
      : mutant({ name: "", seeds: [content], read: async () => undefined }, random);
  const start = inner.index + inner[0].length - 1 - (inner[1] ?? "").length;
  return Buffer.from(
    text.slice(0, start) + Buffer.from(changed).toString("base64") + text.slice(start + (inner[1] ?? "").length),
    "latin1",
  );
}
