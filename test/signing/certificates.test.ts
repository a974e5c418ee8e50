import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/core/signature.ts";
import { readCertificates } from "../../src/signing/certificates.ts";
import { readPrivateKey } from "../../src/signing/keys.ts";
import { pythonWith } from "../support/python.ts";
import { AUTHORITY, hasOpenssl, type Issued, issue, pem, ROOT, SIGNER } from "./authority.ts";
import { newKey, newRelease, reasons, signed, verified } from "./support.ts";

const python = hasOpenssl ? pythonWith("model-signing==1.1.1", "pyopenssl==26.2.0") : null;

function trusting(...certificates: readonly Issued[]) {
  return {
    trust: { method: "certificate", trusted: certificates.flatMap(({ certificate }) => readCertificates(pem(certificate), "x")) },
  } as const;
}

async function signedBy(release: string, signer: Issued, ...chain: readonly Issued[]): Promise<string> {
  const key = readPrivateKey(pem(signer.key), null, "key");
  return signed(release, key, { chain: [signer, ...chain].flatMap(({ certificate }) => readCertificates(pem(certificate), "x")) });
}

describe.skipIf(!hasOpenssl)("certificates", () => {
  const root = hasOpenssl ? issue({ name: "Root", extensions: ROOT }) : { key: "", certificate: "" };
  const authority = hasOpenssl ? issue({ name: "Authority", extensions: AUTHORITY, issuer: root }) : root;
  const signer = hasOpenssl ? issue({ name: "Signer", extensions: SIGNER, issuer: authority, curve: "P-384" }) : root;
  const release = newRelease({ a: "1" });
  const check = (bundle: string, ...trusted: readonly Issued[]): Promise<Verification> =>
    verified(release, bundle, newKey().publicKey, trusting(...trusted));

  it("that lead to a trusted root hold, whoever hands over those between", async () => {
    const verification = await check(await signedBy(release, signer, authority), root);
    expect(verification).toMatchObject({ verified: true, method: "certificate", signer: { subject: "CN=Signer" } });
    const fingerprint = new X509Certificate(pem(signer.certificate)).fingerprint256.replaceAll(":", "").toLowerCase();
    expect(verification.signer?.certificateFingerprint).toBe(fingerprint);
    expect((await check(await signedBy(release, signer), root, authority)).verified).toBe(true);
    expect((await check(await signedBy(release, signer, authority, root), root)).verified).toBe(true);
  });

  it("that do not are refused", async () => {
    const other = issue({ name: "Root", extensions: ROOT });
    for (const [bundle, trusted] of [
      [await signedBy(release, signer, authority), other],
      [await signedBy(release, signer), root],
      // An authority by itself is no root, as openssl has it too.
      [await signedBy(release, signer), authority],
    ] as const) {
      expect(reasons(await check(bundle, trusted))).toEqual(["bad-certificate"]);
    }
  });

  it.each([
    ["an issuer that is no authority", () => issue({ name: "x", extensions: SIGNER, issuer: signer }), () => [signer, authority]],
    [
      "a path longer than its authority allows",
      () => {
        const below = issue({ name: "Below", extensions: AUTHORITY, issuer: authority });
        return issue({ name: "x", extensions: SIGNER, issuer: below });
      },
      () => [authority],
    ],
    [
      "a use that is not signing",
      () => issue({ name: "x", extensions: ["keyUsage=critical,keyAgreement"], issuer: authority }),
      () => [authority],
    ],
    ["no use at all", () => issue({ name: "x", extensions: ["basicConstraints=CA:FALSE"], issuer: authority }), () => [authority]],
    [
      "a critical extension that nobody knows",
      () => issue({ name: "x", extensions: [...SIGNER, "1.2.3.4=critical,ASN1:UTF8String:x"], issuer: authority }),
      () => [authority],
    ],
  ] as const)("with %s are refused", async (_, make, chain) => {
    expect(reasons(await check(await signedBy(release, make(), ...chain()), root))).toEqual(["bad-certificate"]);
  });

  it("for code signing hold by that use", async () => {
    const coder = issue({ name: "Coder", extensions: ["extendedKeyUsage=codeSigning"], issuer: authority });
    expect((await check(await signedBy(release, coder, authority), root)).verified).toBe(true);
  });

  it("of another key do not sign", async () => {
    const key = newKey();
    await expect(signed(release, key, { chain: readCertificates(pem(signer.certificate), "x") })).rejects.toMatchObject({
      code: "BAD_KEY",
    });
  });

  it("are answered when any of their bytes is another", async () => {
    const bundle = JSON.parse(await signedBy(release, signer, authority));
    const { certificates } = bundle.verificationMaterial.x509CertificateChain;
    const ders = certificates.map(({ rawBytes }: { rawBytes: string }) => Buffer.from(rawBytes, "base64"));
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.nat(), fc.nat(255), fc.boolean(), async (which, draw, byte, cuts) => {
        const der = Buffer.from(ders[which]);
        const at = draw % der.length;
        const mutant = cuts ? der.subarray(0, at) : der;
        if (!cuts) mutant[at] = byte;
        const chain = ders.map((one: Buffer, index: number) => ({ rawBytes: (index === which ? mutant : one).toString("base64") }));
        const told = { ...bundle, verificationMaterial: { x509CertificateChain: { certificates: chain } } };
        const verification = await check(JSON.stringify(told), root);
        if (verification.verified) expect(mutant.equals(ders[which])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.skipIf(python === null)("cross over with model_signing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-certificates-"));
    const signature = join(folder, "model.sig");
    const run = (...args: readonly string[]) => spawnSync(python ?? "", ["-m", "model_signing", ...args], { encoding: "utf8" });
    writeFileSync(signature, await signedBy(release, signer, authority));
    const verify = ["verify", "certificate", release, "--signature", signature, "--certificate_chain", root.certificate];
    expect(run(...verify).stdout + run(...verify).stderr).toContain("Verification succeeded");
    const chain = ["--signing_certificate", signer.certificate, "--certificate_chain", authority.certificate];
    expect(run("sign", "certificate", release, "--signature", signature, "--private_key", signer.key, ...chain).status).toBe(0);
    expect(await check(readFileSync(signature, "utf8"), root)).toMatchObject({ verified: true, signer: { subject: "CN=Signer" } });
    const stranger = issue({ name: "Root", extensions: ROOT });
    expect(reasons(await check(readFileSync(signature, "utf8"), stranger))).toEqual(["bad-certificate"]);
  });
});
