// Signatures without a key cross over too: model_signing signs and verifies with the same made-up Sigstore.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sigstoreTrust } from "../../src/signing/sigstore-trust.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { pythonWith } from "../support/python.ts";
import { identityToken, type SigstoreServices, startSigstore } from "./sigstore-services.ts";
import { newKey, newRelease, reasons, verified } from "./support.ts";

const python = pythonWith("model-signing==1.1.1", "pyopenssl==26.2.0");
const WHO = "https://example.org/workflow";
/** By the command the audience and the times of a token are checked; nothing else of it is. */
const NOW = Math.floor(Date.now() / 1000);

let services: SigstoreServices;
let folder: string;
let config: string;
beforeAll(async () => {
  services = await startSigstore();
  folder = mkdtempSync(join(tmpdir(), "ajar-sigstore-"));
  config = join(folder, "config.json");
  const service = [{ url: services.url, majorApiVersion: 1, validFor: { start: "2020-01-01T00:00:00Z" }, operator: "test" }];
  const signingConfig = {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: service,
    oidcUrls: service,
    rekorTlogUrls: service,
    rekorTlogConfig: { selector: "ANY" },
    tsaUrls: [],
    tsaConfig: { selector: "ANY" },
  };
  const mediaType = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
  writeFileSync(config, JSON.stringify({ mediaType, trustedRoot: services.trustedRoot, signingConfig }));
});
afterAll(() => services.close());

function modelSigning(...args: readonly string[]): Promise<string> {
  const child = spawn(python ?? "", ["-m", "model_signing", ...args]);
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((done) => child.on("close", () => done(said)));
}

describe.skipIf(python === null)("model_signing with Sigstore", () => {
  const token = () => identityToken({ iss: services.url, sub: WHO, iat: NOW - 5, exp: NOW + 3600 });

  it("verifies what Ajar signs", async () => {
    const release = newRelease({ a: "1", "sub/b": "2" });
    const signature = join(folder, "ajar.sig");
    const urls = ["--fulcio-url", services.url, "--rekor-url", services.url];
    expect(
      (await runInProcess(["sign", release, "--keyless", "-o", signature, ...urls], { env: { SIGSTORE_ID_TOKEN: token() } })).code,
    ).toBe(0);
    const ask = (who: string) =>
      modelSigning(
        "verify",
        "sigstore",
        release,
        "--signature",
        signature,
        "--identity",
        who,
        "--identity_provider",
        services.url,
        "--trust_config",
        config,
      );
    expect(await ask(WHO)).toContain("Verification succeeded");
    expect(await ask("https://example.org/other")).toContain("Verification failed");
  });

  it("signs what Ajar verifies", async () => {
    const release = newRelease({ a: "1", "sub/b": "2" });
    const signature = join(folder, "python.sig");
    expect(
      await modelSigning("sign", "sigstore", release, "--signature", signature, "--identity_token", token(), "--trust_config", config),
    ).toContain("Signing succeeded");
    const trust = sigstoreTrust({ trustedRoot: readFileSync(config, "utf8"), name: "x", identity: WHO, identityProvider: services.url });
    const ask = () => verified(release, readFileSync(signature), newKey().publicKey, { trust });
    expect(await ask()).toMatchObject({ verified: true, method: "sigstore", filesVerified: 2 });
    writeFileSync(join(release, "a"), "3");
    expect(reasons(await ask())).toEqual(["changed a"]);
  });
});
