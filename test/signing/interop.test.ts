// Signatures cross over: what Ajar signs, model_signing of PyPI verifies, and the other way round.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { GIT_PATHS } from "../../src/identity/root-digest.ts";
import { pythonWith } from "../support/python.ts";
import { type Curve, newKey, newRelease, privatePem, publicPem, reasons, signed, statementIn, verified } from "./support.ts";

// pyOpenSSL is what it imports and does not ask for.
const python = pythonWith("model-signing==1.1.1", "pyopenssl==26.2.0");
/** Names whose order and characters go wrong where somebody sorts or encodes in his own way. */
const NAMES = [
  "a.txt",
  "a/b",
  "a-b",
  "z",
  "Z",
  "é.json",
  "\u{ff5e}",
  "\u{1f600}.bin",
  "with space",
  "a'b\"c",
  "sub/.gitignore",
  "sub/model.sig",
  "nul\\x",
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-interop-"));
});

function modelSigning(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(python ?? "", ["-m", "model_signing", "--log-level", "ERROR", ...args], {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

function script(code: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python ?? "", ["-c", code, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function files(): Record<string, string> {
  return Object.fromEntries([...NAMES.map((name) => [name, `content of ${name}`]), ["empty", ""], [".gitattributes", "x"]]);
}

describe.skipIf(python === null)("model_signing", () => {
  it.each<Curve>(["P-256", "P-384", "P-521"])(
    "verifies what Ajar signs with a key on %s, and refuses it once it is changed",
    async (curve) => {
      const key = newKey(curve);
      const release = newRelease(files());
      const signature = join(release, "model.sig");
      const publicKey = join(folder, "public.pem");
      writeFileSync(signature, await signed(release, key, { ownPath: "model.sig" }));
      writeFileSync(publicKey, publicPem(key.publicKey));
      const ask = () => modelSigning("verify", "key", release, "--signature", signature, "--public_key", publicKey);
      expect(ask()).toEqual({ status: 0, said: "Verification succeeded\n" });
      appendFileSync(join(release, "a.txt"), "!");
      expect(ask()).toMatchObject({ status: 1, said: expect.stringContaining("Hash mismatch") });
      writeFileSync(join(release, "a.txt"), "content of a.txt");
      writeFileSync(join(release, "new"), "");
      expect(ask()).toMatchObject({ status: 1, said: expect.stringContaining("Extra files") });
      rmSync(join(release, "new"));
      rmSync(join(release, "z"));
      expect(ask()).toMatchObject({ status: 1, said: expect.stringContaining("Missing files") });
    },
  );

  it.each<Curve>(["P-256", "P-384", "P-521"])(
    "signs what Ajar verifies with a key on %s, and refuses once it is changed",
    async (curve) => {
      const key = newKey(curve);
      const release = newRelease(files());
      const signature = join(release, "model.sig");
      writeFileSync(join(folder, "private.pem"), privatePem(key));
      expect(modelSigning("sign", "key", release, "--signature", signature, "--private_key", join(folder, "private.pem"))).toMatchObject({
        status: 0,
      });
      const ask = () => verified(release, readFileSync(signature), key.publicKey, { ownPath: "model.sig" });
      expect(await ask()).toMatchObject({ verified: true, filesVerified: NAMES.length + 1 });
      appendFileSync(join(release, "a.txt"), "!");
      expect(reasons(await ask())).toEqual(["changed a.txt"]);
      writeFileSync(join(release, "a.txt"), "content of a.txt");
      writeFileSync(join(release, "new"), "");
      expect(reasons(await ask())).toEqual(["added new"]);
      rmSync(join(release, "new"));
      rmSync(join(release, "z"));
      expect(reasons(await ask())).toEqual(["missing z"]);
    },
  );

  it("and Ajar read each other's shards", async () => {
    const key = newKey();
    const release = newRelease({ "a.bin": "x".repeat(2500), "sub/b.bin": "y".repeat(1000) });
    writeFileSync(join(folder, "private.pem"), privatePem(key));
    writeFileSync(join(folder, "public.pem"), publicPem(key.publicKey));
    const signature = join(folder, "shards.sig");
    const sign =
      "import sys, model_signing as m\n" +
      "c = m.hashing.Config().use_shard_serialization(shard_size=1000)\n" +
      "m.signing.Config().use_elliptic_key_signer(private_key=sys.argv[2]).set_hashing_config(c).sign(sys.argv[1], sys.argv[3])";
    script(sign, release, join(folder, "private.pem"), signature);
    expect(await verified(release, readFileSync(signature), key.publicKey)).toMatchObject({ verified: true, filesVerified: 2 });
    writeFileSync(signature, await signed(release, key, { shardBytes: 1000 }));
    const verify =
      "import sys, model_signing as m\n" +
      "m.verifying.Config().use_elliptic_key_verifier(public_key=sys.argv[2]).verify(sys.argv[1], sys.argv[3])\nprint('ok')";
    expect(script(verify, release, join(folder, "public.pem"), signature)).toBe("ok");
  });

  it.each(["blake2", "blake3"])("and Ajar agree about %s, and about a single file", async (hash) => {
    const key = newKey();
    const release = newRelease({ "a.bin": "x", b: "y", empty: "" });
    writeFileSync(join(folder, "private.pem"), privatePem(key));
    writeFileSync(join(folder, "public.pem"), publicPem(key.publicKey));
    const signature = join(folder, "blake.sig");
    const sign =
      "import sys, model_signing as m\n" +
      "c = m.hashing.Config().use_file_serialization(hashing_algorithm=sys.argv[4])\n" +
      "m.signing.Config().use_elliptic_key_signer(private_key=sys.argv[2]).set_hashing_config(c).sign(sys.argv[1], sys.argv[3])";
    script(sign, release, join(folder, "private.pem"), signature, hash);
    expect(await verified(release, readFileSync(signature), key.publicKey)).toMatchObject({ verified: true, filesVerified: 3 });
    writeFileSync(join(release, "b"), "z");
    expect(reasons(await verified(release, readFileSync(signature), key.publicKey))).toEqual(["changed b"]);
    const file = join(release, "a.bin");
    writeFileSync(signature, await signed(file, key));
    expect(modelSigning("verify", "key", file, "--signature", signature, "--public_key", join(folder, "public.pem"))).toMatchObject({
      status: 0,
    });
    modelSigning("sign", "key", file, "--signature", signature, "--private_key", join(folder, "private.pem"));
    expect((await verified(file, readFileSync(signature), key.publicKey)).verified).toBe(true);
  });

  it("has the same root digest, but for its own order of names", async () => {
    const code =
      "import sys, model_signing as m\nfrom model_signing._signing.signing import Payload\n" +
      "print(Payload(m.hashing.hash(sys.argv[1])).statement.pb.subject[0].digest['sha256'])";
    const key = newKey();
    const plain = newRelease({ "a.txt": "1", "b/c.txt": "2", "b/d.txt": "3", ".git/x": "4" });
    expect(statementIn(await signed(plain, key)).subject[0].digest.sha256).toBe(script(code, plain));
    const release = newRelease(files());
    mkdirSync(join(release, ".github"));
    const { identify } = await import("../../src/identity/identify.ts");
    const { auditContext } = await import("../../src/audit/context.ts");
    const { source } = await import("../../src/sources/folder.ts");
    const quiet = { signal: new AbortController().signal, progress: () => undefined };
    rmSync(join(release, "nul\\x"));
    const opened = await source.open(release, auditContext({ ...quiet, env: {}, cwd: folder, offline: true }));
    const { identity } = await identify(opened, { ...quiet, tensors: false, list: false, stated: false });
    expect(identity.root.byPathSegment).toBe(script(code, release));
    expect(identity.root.ignored).toEqual([".gitattributes"]);
    expect(GIT_PATHS).toContain(".gitattributes");
  });
});
