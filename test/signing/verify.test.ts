import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { oldPreAuthEncoding } from "../../src/signing/dsse.ts";
import { keyFingerprint, signBytes } from "../../src/signing/keys.ts";
import { bundleOver, newKey, newRelease, reasons, signed, statementIn, verified } from "./support.ts";

const FILES = { "config.json": "{}", "model.safetensors": "weights", "sub/tokenizer.json": "[]", "sub/deep/empty": "" };
const key = newKey();
let release: string;
let bundle: string;
beforeEach(async () => {
  release = newRelease(FILES);
  bundle = await signed(release, key);
});

describe("an honest signature", () => {
  it.each(["P-256", "P-384", "P-521"] as const)("by a key on %s holds", async (curve) => {
    const other = newKey(curve);
    const verification = await verified(release, await signed(release, other), other.publicKey);
    expect(verification).toMatchObject({ verified: true, method: "key", filesVerified: 4, refusals: [], oldForm: false });
    expect(verification.signer?.keyFingerprint).toBe(keyFingerprint(other.publicKey));
  });

  it("names files in code-point order, and the root digest over them", () => {
    const { subject, predicate } = statementIn(bundle);
    const names = predicate.resources.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["config.json", "model.safetensors", "sub/deep/empty", "sub/tokenizer.json"]);
    const digests = predicate.resources.map(({ digest }: { digest: string }) => Buffer.from(digest, "hex"));
    expect(subject).toEqual([{ name: "release", digest: { sha256: createHash("sha256").update(Buffer.concat(digests)).digest("hex") } }]);
  });

  it("of a single file holds for it under any name", async () => {
    const file = join(release, "model.safetensors");
    const one = await signed(file, key);
    expect(statementIn(one).predicate.resources).toEqual([expect.objectContaining({ name: "." })]);
    renameSync(file, join(release, "renamed"));
    expect((await verified(join(release, "renamed"), one, key.publicKey)).verified).toBe(true);
    appendFileSync(join(release, "renamed"), "!");
    expect(reasons(await verified(join(release, "renamed"), one, key.publicKey))).toEqual(["changed ."]);
  });

  it("over shards holds, and names the shard that changed", async () => {
    const content = Buffer.alloc(2500, 7);
    writeFileSync(join(release, "a:b.bin"), content);
    const shards = await signed(release, key, { shardBytes: 1000 });
    expect((await verified(release, shards, key.publicKey)).verified).toBe(true);
    content[1500] = 8;
    writeFileSync(join(release, "a:b.bin"), content);
    const { refusals } = await verified(release, shards, key.publicKey);
    expect(refusals).toEqual([expect.objectContaining({ reason: "changed", path: "a:b.bin", detail: "a:b.bin:1000:2000" })]);
    writeFileSync(join(release, "a:b.bin"), content.subarray(0, 2000));
    expect(reasons(await verified(release, shards, key.publicKey))).toEqual(["changed a:b.bin"]);
    writeFileSync(join(release, "a:b.bin"), Buffer.concat([Buffer.alloc(2500, 7), Buffer.alloc(1000)]));
    expect(reasons(await verified(release, shards, key.publicKey))).toEqual(["changed a:b.bin"]);
  });

  it("takes BLAKE2b, which others may have signed with", async () => {
    const { predicate, ...statement } = statementIn(bundle);
    const resources = predicate.resources.map(({ name }: { name: string }) => {
      return {
        name,
        algorithm: "blake2b",
        digest: createHash("blake2b512")
          .update(readFileSync(join(release, name)))
          .digest("hex"),
      };
    });
    const root = createHash("sha256").update(Buffer.concat(resources.map(({ digest }: { digest: string }) => Buffer.from(digest, "hex"))));
    const other = {
      ...statement,
      subject: [{ name: "x", digest: { sha256: root.digest("hex") } }],
      predicate: { serialization: { ...predicate.serialization, hash_type: "blake2b" }, resources },
    };
    expect(await verified(release, bundleOver(key, other), key.publicKey)).toMatchObject({ verified: true, filesVerified: 4 });
  });

  it("holds with fields that nobody knows, and with the key in place of its hint", async () => {
    const told = JSON.parse(bundle);
    const older = { ...told, extra: 1, verificationMaterial: { publicKey: { rawBytes: "AAAA", keyDetails: "PKIX_ECDSA_P256_SHA_256" } } };
    expect((await verified(release, JSON.stringify(older), key.publicKey)).verified).toBe(true);
    const { predicate, ...statement } = statementIn(bundle);
    const more = {
      ...statement,
      note: "x",
      predicate: { ...predicate, card: {}, resources: predicate.resources.map((one: object) => ({ ...one, size: 1 })) },
    };
    expect((await verified(release, bundleOver(key, more), key.publicKey)).verified).toBe(true);
    const keyid = {
      ...told,
      dsseEnvelope: { ...told.dsseEnvelope, signatures: [{ sig: told.dsseEnvelope.signatures[0].sig, keyid: null }] },
    };
    expect((await verified(release, JSON.stringify(keyid), key.publicKey)).verified).toBe(true);
  });
});

describe("a release that is not what was signed is refused with the reason", () => {
  it("one flipped bit anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("config.json", "model.safetensors", "sub/tokenizer.json"), fc.nat(), async (name, draw) => {
        const path = join(release, name);
        const before = readFileSync(path);
        const after = Buffer.from(before);
        const at = draw % after.length;
        after[at] = (after[at] ?? 0) ^ (1 << (draw & 7));
        writeFileSync(path, after);
        const { verified: holds, refusals } = await verified(release, bundle, key.publicKey);
        writeFileSync(path, before);
        expect(holds).toBe(false);
        const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
        expect(refusals).toEqual([{ reason: "changed", path: name, expected: digest(before), actual: digest(after) }]);
      }),
      { numRuns: 20 },
    );
  });

  it("an added file, hidden ones and empty ones too", async () => {
    writeFileSync(join(release, "sub/.hidden"), "");
    writeFileSync(join(release, "evil.py"), "x");
    mkdirSync(join(release, "sub/.git"));
    writeFileSync(join(release, "sub/.git/config"), "x");
    expect(reasons(await verified(release, bundle, key.publicKey))).toEqual([
      "added evil.py",
      "added sub/.git/config",
      "added sub/.hidden",
    ]);
    const accepted = await verified(release, bundle, key.publicKey, { ignoreUnsigned: true });
    expect(accepted.verified).toBe(true);
    expect(accepted.uncovered.unsigned).toEqual(["evil.py", "sub/.git/config", "sub/.hidden"]);
  });

  it("a removed file, even where unsigned ones are accepted", async () => {
    rmSync(join(release, "sub/tokenizer.json"));
    for (const ignoreUnsigned of [false, true]) {
      expect(reasons(await verified(release, bundle, key.publicKey, { ignoreUnsigned }))).toEqual(["missing sub/tokenizer.json"]);
    }
  });

  it("a renamed file", async () => {
    renameSync(join(release, "config.json"), join(release, "Config.json"));
    const { refusals } = await verified(release, bundle, key.publicKey);
    expect(refusals).toEqual([{ reason: "renamed", path: "config.json", detail: "Config.json" }]);
  });

  it("a symbolic link in place of a file, or to one beside it", async () => {
    renameSync(join(release, "config.json"), join(release, "../outside.json"));
    symlinkSync("../outside.json", join(release, "config.json"));
    expect(reasons(await verified(release, bundle, key.publicKey))).toEqual(["symlink config.json"]);
    expect((await verified(release, bundle, key.publicKey, { allowSymlinks: true })).verified).toBe(true);
    symlinkSync("..", join(release, "folder"));
    expect(reasons(await verified(release, bundle, key.publicKey, { allowSymlinks: true }))).toEqual(["symlink folder"]);
    const accepted = await verified(release, bundle, key.publicKey, { allowSymlinks: true, ignoreUnsigned: true });
    expect(accepted).toMatchObject({ verified: true, uncovered: { unsigned: ["folder"] } });
  });

  it("a folder replaced by a link", async () => {
    renameSync(join(release, "sub"), join(release, "../sub"));
    symlinkSync("../sub", join(release, "sub"));
    for (const ignoreUnsigned of [false, true]) {
      expect(reasons(await verified(release, bundle, key.publicKey, { allowSymlinks: true, ignoreUnsigned }))).toEqual(["symlink sub"]);
    }
  });

  it("names that are not UTF-8", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${release}/`), Buffer.from([0x61, 0xff])]), "x");
    expect(reasons(await verified(release, bundle, key.publicKey))).toEqual(["bad-name a\u00ff"]);
  });

  it("files that both sides leave out are told, and a signed one is no longer left out in silence", async () => {
    writeFileSync(join(release, "notes.txt"), "x");
    const without = await signed(release, key, { ignorePaths: ["notes.txt", "sub"] });
    const verification = await verified(release, without, key.publicKey);
    expect(verification.verified).toBe(true);
    expect(verification.uncovered.bySigner).toEqual(["notes.txt", "sub/deep/empty", "sub/tokenizer.json"]);
    expect(reasons(await verified(release, bundle, key.publicKey, { ignorePaths: ["config.json"] }))).toEqual([
      "ignored config.json",
      "added notes.txt",
    ]);
  });
});

describe("the form before 1.0", () => {
  const statement = () => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: Object.entries(FILES).map(([name, content]) => ({
      name,
      digest: { sha256: createHash("sha256").update(content).digest("hex") },
    })),
    predicateType: "https://model_signing/Digests/v0.1",
    predicate: {},
  });

  it("is read only when that is asked for", async () => {
    const old = bundleOver(key, statement());
    expect(reasons(await verified(release, old, key.publicKey))).toEqual(["old-form"]);
    expect(await verified(release, old, key.publicKey, { allowOldForm: true })).toMatchObject({
      verified: true,
      oldForm: true,
      root: null,
    });
    writeFileSync(join(release, "config.json"), "x");
    expect(reasons(await verified(release, old, key.publicKey, { allowOldForm: true }))).toEqual(["changed config.json"]);
  });

  it("knows the encoding that was signed by mistake", async () => {
    const payload = Buffer.from(JSON.stringify({ ...statement(), note: "it's\n\t\\ \u00e9" }));
    const told = JSON.parse(bundleOver(key, payload.toString()));
    told.dsseEnvelope.signatures[0].sig = signBytes(key, oldPreAuthEncoding(payload)).toString("base64");
    expect(reasons(await verified(release, JSON.stringify(told), key.publicKey))).toEqual(["old-form"]);
    expect((await verified(release, JSON.stringify(told), key.publicKey, { allowOldForm: true })).verified).toBe(true);
  });
});

describe("signing", () => {
  it("leaves out git's own files at the top, the signature itself and what it is told", async () => {
    for (const path of [".gitattributes", ".git/HEAD", ".github/x", "model.sig"]) {
      mkdirSync(join(release, path, ".."), { recursive: true });
      writeFileSync(join(release, path), "x");
    }
    const text = await signed(release, key, { ownPath: "model.sig", ignorePaths: ["sub/deep"] });
    const { predicate } = statementIn(text);
    expect(predicate.resources.map(({ name }: { name: string }) => name)).toEqual([
      "config.json",
      "model.safetensors",
      "sub/tokenizer.json",
    ]);
    expect(predicate.serialization.ignore_paths).toEqual([".git", ".gitattributes", ".github", ".gitignore", "model.sig", "sub/deep"]);
    const all = await signed(release, key, { ownPath: "model.sig", ignoreGitPaths: false });
    expect(statementIn(all).predicate.resources).toHaveLength(7);
  });

  it.each([
    ["a link", (folder: string) => symlinkSync("config.json", join(folder, "link"))],
    ["a name that is not UTF-8", (folder: string) => writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), "x")],
    ["a name that climbs elsewhere", (folder: string) => writeFileSync(join(folder, "a\\..\\b"), "x")],
  ])("refuses %s", async (_, make) => {
    make(release);
    await expect(signed(release, key)).rejects.toMatchObject({ code: "NOT_SIGNABLE" });
  });

  it("refuses a release without files", async () => {
    await expect(signed(newRelease({}), key)).rejects.toMatchObject({ code: "NOT_SIGNABLE" });
    await expect(signed(newRelease({ empty: "" }), key, { shardBytes: 10 })).rejects.toMatchObject({ code: "NOT_SIGNABLE" });
  });
});
