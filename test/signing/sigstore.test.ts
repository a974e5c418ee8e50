import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sigstoreTrust } from "../../src/signing/sigstore-trust.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { identityToken, type SigstoreServices, startSigstore } from "./sigstore-services.ts";
import { newKey, newRelease, reasons, signed, verified } from "./support.ts";

const WHO = "https://example.org/workflow";
const PROVIDER = "https://accounts.example.org";
const TOKEN = identityToken({ iss: PROVIDER, sub: WHO });

let services: SigstoreServices;
let folder: string;
let release: string;
let signature: string;
beforeAll(async () => {
  services = await startSigstore();
  folder = mkdtempSync(join(tmpdir(), "ajar-sigstore-"));
  release = newRelease({ a: "1", "sub/b": "2" });
  signature = join(folder, "model.sig");
  writeFileSync(join(folder, "root.json"), JSON.stringify(services.trustedRoot));
  const ran = await runInProcess(["sign", release, "--keyless", "-o", signature, ...urls()], { env: { SIGSTORE_ID_TOKEN: TOKEN } });
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(WHO);
});
afterAll(() => services.close());

function urls(): readonly string[] {
  return ["--fulcio-url", services.url, "--rekor-url", services.url];
}

const trust = (identity = WHO, identityProvider = PROVIDER) =>
  sigstoreTrust({ trustedRoot: JSON.stringify(services.trustedRoot), name: "root.json", identity, identityProvider });
const check = (bundle: string, who = trust()) => verified(release, bundle, newKey().publicKey, { trust: who });

describe("a signature without a key", () => {
  it("holds offline for whom the provider vouched for", async () => {
    const verification = await check(readFileSync(signature, "utf8"));
    expect(verification).toMatchObject({
      verified: true,
      method: "sigstore",
      signer: { identity: WHO, identityProvider: PROVIDER },
      filesVerified: 2,
    });
    const ran = await runInProcess([
      ...["verify", release, "--signature", signature, "--trusted-root", join(folder, "root.json")],
      ...["--identity", WHO, "--identity-provider", PROVIDER],
    ]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain(PROVIDER);
    const wrapped = JSON.stringify({ trustedRoot: services.trustedRoot });
    const client = sigstoreTrust({ trustedRoot: wrapped, name: "x", identity: WHO, identityProvider: PROVIDER });
    expect((await check(readFileSync(signature, "utf8"), client)).verified).toBe(true);
  });

  it("does not for anybody else; what was given is no pattern", async () => {
    const bundle = readFileSync(signature, "utf8");
    for (const [who, provider] of [
      ["https://example.org/other", PROVIDER],
      ["https://example.org/.*", PROVIDER],
      ["example", PROVIDER],
      ["", PROVIDER],
      [WHO, "https://accounts.example.com"],
    ] as const) {
      expect(reasons(await check(bundle, trust(who, provider)))).toEqual(["sigstore"]);
    }
  });

  it("does not under another root, and not for other files", async () => {
    const other = await startSigstore();
    const stranger = sigstoreTrust({
      trustedRoot: JSON.stringify(other.trustedRoot),
      name: "x",
      identity: WHO,
      identityProvider: PROVIDER,
    });
    expect(reasons(await check(readFileSync(signature, "utf8"), stranger))).toEqual(["sigstore"]);
    await other.close();
    writeFileSync(join(release, "a"), "3");
    expect(reasons(await check(readFileSync(signature, "utf8")))).toEqual(["changed a"]);
    writeFileSync(join(release, "a"), "1");
  });

  it("is answered whatever stands in any of its places", async () => {
    const bundle = readFileSync(signature, "utf8");
    const entry = ["logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "inclusionProof", "canonicalizedBody"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...entry, "certificate", "tlogEntries", "payload", "sig"),
        fc.jsonValue({ maxDepth: 2 }),
        async (place, value) => {
          const told = JSON.parse(bundle);
          const material = told.verificationMaterial;
          if (place === "payload") told.dsseEnvelope.payload = value;
          else if (place === "sig") told.dsseEnvelope.signatures[0].sig = value;
          else if (entry.includes(place)) material.tlogEntries[0][place] = value;
          else material[place] = value;
          const { verified: holds, refusals } = await check(JSON.stringify(told));
          expect(holds || refusals.length > 0).toBe(true);
          if (holds) expect(["logIndex", "inclusionPromise", "inclusionProof"]).toContain(place);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("is not taken for one with a key, nor the other way round", async () => {
    expect(reasons(await verified(release, readFileSync(signature), newKey().publicKey))).toEqual(["other-method"]);
    const key = newKey();
    expect(reasons(await check(await signed(release, key)))).toEqual(["other-method"]);
  });
});

describe("signing without a key", () => {
  const sign = (env: Readonly<Record<string, string>>, ...more: readonly string[]) =>
    runInProcess(["sign", release, "--keyless", "-o", join(folder, "never.sig"), ...more], { env });

  it("sends the token to Fulcio and to nobody else, and tells it to no one", async () => {
    expect(services.requests.filter((body) => body.includes(TOKEN))).toHaveLength(1);
    const ran = await sign(
      { SIGSTORE_ID_TOKEN: TOKEN },
      "--fulcio-url",
      `${services.url}/elsewhere`,
      "--rekor-url",
      services.url,
      "-f",
      "json",
    );
    expect(ran.stdout + ran.stderr).not.toContain(TOKEN);
  });

  it.each([
    ["offline", { SIGSTORE_ID_TOKEN: TOKEN }, ["--offline"], 5, "OFFLINE"],
    ["without a token", {}, [], 2, "BAD_OPTION"],
    ["with a token that is none", { SIGSTORE_ID_TOKEN: "x.y.z" }, [], 2, "BAD_KEY"],
    ["over plain http", { SIGSTORE_ID_TOKEN: TOKEN }, ["--fulcio-url", "http://fulcio.example"], 2, "BAD_OPTION"],
    ["where nobody listens", { SIGSTORE_ID_TOKEN: TOKEN }, ["--fulcio-url", "http://127.0.0.1:1", "--timeout", "5"], 3, "UNREACHABLE"],
  ] as const)("%s is one clear error, and nothing is written", async (_, env, more, code, name) => {
    const ran = await sign(env, ...more);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(`[${name}]`);
    expect(() => readFileSync(join(folder, "never.sig"))).toThrow();
  });

  it("fails where a service answers with something else", async () => {
    for (const at of [
      ["--fulcio-url", `${services.url}/none`],
      ["--fulcio-url", services.url, "--rekor-url", `${services.url}/none`],
    ]) {
      const ran = await sign({ SIGSTORE_ID_TOKEN: TOKEN }, ...at);
      expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining("[NOT_FOUND]")]);
    }
  });
});
