import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { runInProcess } from "../cli/run-in-process.ts";
import { hasOpenssl, issue, ROOT, SIGNER } from "./authority.ts";
import { newKey, newRelease, privatePem, publicPem } from "./support.ts";

const key = newKey();
let release: string;
let folder: string;
let privateKey: string;
let publicKey: string;
beforeEach(() => {
  release = newRelease({ "config.json": "{}", "sub/model.safetensors": "weights" });
  folder = mkdtempSync(join(tmpdir(), "ajar-commands-"));
  privateKey = join(folder, "key.pem");
  publicKey = join(folder, "key.pub.pem");
  writeFileSync(privateKey, privatePem(key), { mode: 0o600 });
  writeFileSync(publicKey, publicPem(key.publicKey));
});

const sign = (...words: readonly string[]) => runInProcess(["sign", release, "--key", privateKey, ...words], { cwd: folder });
const verify = (...words: readonly string[]) => runInProcess(["verify", release, "--key", publicKey, ...words], { cwd: folder });

describe("ajar sign and ajar verify", () => {
  it("agree about a release, with the signature in it", async () => {
    const signed = await sign();
    expect(signed).toMatchObject({ code: 0, stderr: "" });
    expect(statSync(join(release, "model.sig")).mode & 0o777).toBe(0o644);
    expect(readdirSync(release).sort()).toEqual(["config.json", "model.sig", "sub"]);
    const held = await verify();
    expect(held).toMatchObject({ code: 0, stderr: "" });
    const root = /sha256:[0-9a-f]{64}/u;
    expect(root.exec(held.stdout)?.[0]).toBe(root.exec(signed.stdout)?.[0]);
    const digest = await runInProcess(["digest", release]);
    expect(root.exec(digest.stdout)?.[0]).toBe(root.exec(signed.stdout)?.[0]);
  });

  it("tell in JSON what they tell in a table", async () => {
    const signed = JSON.parse((await sign("-f", "json", "-o", join(folder, "x.sig"))).stdout);
    expect(signed).toMatchObject({ format: "ajar-signature/1", method: "key", files: 2 });
    writeFileSync(join(release, "new"), "x");
    const refused = await verify("-f", "json", "--signature", join(folder, "x.sig"));
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      format: "ajar-verification/1",
      verified: false,
      root: signed.root,
      refusals: [{ reason: "added", path: "new" }],
    });
  });

  it.each(["en", "zh-Hans", "zh-Hant"])("say every reason in %s", async (lang) => {
    await sign();
    writeFileSync(join(release, "config.json"), "{ }");
    writeFileSync(join(release, "\u001b[2Jx"), "x");
    const { stdout, code } = await verify("--lang", lang);
    expect(code).toBe(1);
    expect(stdout).toContain("config.json");
    expect(stdout).toContain("<U+001B>[2Jx");
    expect(stdout).not.toContain("\u001b");
  });

  it("sign a single file beside it", async () => {
    const file = join(release, "config.json");
    expect((await runInProcess(["sign", file, "--key", privateKey])).code).toBe(0);
    expect(existsSync(`${file}.sig`)).toBe(true);
    expect((await runInProcess(["verify", file, "--key", publicKey])).code).toBe(0);
  });

  it("take paths to leave out from here and from the release", async () => {
    writeFileSync(join(release, "notes.txt"), "x");
    expect((await sign("--ignore-paths", "notes.txt", "--ignore-paths", join(release, "sub"))).code).toBe(0);
    const held = await verify();
    expect(held.code).toBe(0);
    expect(held.stdout).toContain("notes.txt");
    expect((await verify("--ignore-paths", "../elsewhere")).code).toBe(2);
  });
});

describe("ajar sign", () => {
  it("never overwrites, but a signature when it is told to", async () => {
    await sign();
    const before = readFileSync(join(release, "model.sig"), "utf8");
    expect(await sign()).toMatchObject({ code: 2, stderr: expect.stringContaining("[OUTPUT_UNWRITABLE]") });
    expect(readFileSync(join(release, "model.sig"), "utf8")).toBe(before);
    expect((await sign("--force")).code).toBe(0);
    expect((await verify()).code).toBe(0);
    expect((await sign("--force", "-o", join(release, "config.json"))).code).toBe(2);
    expect(readFileSync(join(release, "config.json"), "utf8")).toBe("{}");
    symlinkSync(join(folder, "target"), join(folder, "link.sig"));
    expect((await sign("--force", "-o", join(folder, "link.sig"))).code).toBe(2);
    expect(existsSync(join(folder, "target"))).toBe(false);
    expect((await sign("-o", join(folder, "none", "x.sig"))).code).toBe(2);
    mkdirSync(join(folder, "dir.sig"));
    expect((await sign("--force", "-o", join(folder, "dir.sig"))).code).toBe(2);
  });

  it("writes nothing when a file cannot be signed", async () => {
    symlinkSync("config.json", join(release, "link"));
    const ran = await sign();
    expect(ran).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("link: a symbolic link, which a signature does not cover [NOT_SIGNABLE]"),
    });
    expect(readdirSync(release).sort()).toEqual(["config.json", "link", "sub"]);
    expect((await sign("--allow-symlinks")).code).toBe(0);
  });

  it("takes a passphrase from a file, a variable or standard input, and never from the line", async () => {
    const secret = "correct horse";
    writeFileSync(privateKey, key.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: secret }));
    chmodSync(privateKey, 0o600);
    writeFileSync(join(folder, "secret"), `${secret}\n`);
    expect(await sign()).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no passphrase") });
    expect((await sign("--passphrase-file", "secret", "-o", "1.sig")).code).toBe(0);
    const words = ["sign", release, "--key", privateKey];
    expect((await runInProcess([...words, "--passphrase-env", "P", "-o", "2.sig"], { cwd: folder, env: { P: secret } })).code).toBe(0);
    expect((await runInProcess([...words, "--passphrase-file", "-", "-o", "3.sig"], { cwd: folder, stdin: secret })).code).toBe(0);
    const wrong = await runInProcess([...words, "--passphrase-env", "P", "-o", "4.sig"], { cwd: folder, env: { P: "wrong horse" } });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("[BAD_KEY]") });
    expect(wrong.stdout + wrong.stderr).not.toContain("wrong horse");
    expect((await sign("--passphrase-env", "UNSET")).code).toBe(2);
  });

  it("warns of a key that others can read", async () => {
    chmodSync(privateKey, 0o644);
    expect((await sign()).stderr).toContain("can be read by others");
  });

  it.each([
    ["a public key", (): string => publicPem(key.publicKey), "this is the public key"],
    ["no key", (): string => "hello", "no private key"],
    ["a key on another curve", (): string => otherKey("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"), "signs no models"],
    ["a key of another kind", (): string => otherKey("-algorithm", "ed25519"), "signs no models"],
  ] as const)("refuses %s", async (_, pem, message) => {
    if (!hasOpenssl) return;
    writeFileSync(privateKey, pem());
    expect(await sign()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it("wants something to sign with, and something to sign", async () => {
    expect((await runInProcess(["sign", release])).code).toBe(2);
    expect((await runInProcess(["sign", join(release, "none"), "--key", privateKey])).code).toBe(3);
    expect((await sign("--certificate-chain", publicKey)).code).toBe(2);
  });
});

describe("ajar verify", () => {
  it("wants to know whom to trust, outside of what it verifies", async () => {
    await sign();
    expect((await runInProcess(["verify", release])).code).toBe(2);
    expect((await verify("--certificate-chain", publicKey)).code).toBe(2);
    expect((await runInProcess(["verify", release, "--trusted-root", publicKey])).code).toBe(2);
    writeFileSync(join(release, "key.pub.pem"), publicPem(key.publicKey));
    const inside = await runInProcess(["verify", release, "--key", join(release, "key.pub.pem")]);
    expect(inside).toMatchObject({ code: 2, stderr: expect.stringContaining("is not trusted") });
    symlinkSync(join(release, "key.pub.pem"), join(folder, "linked.pem"));
    expect((await runInProcess(["verify", release, "--key", join(folder, "linked.pem")])).code).toBe(2);
    expect((await runInProcess(["verify", release, "--key", privateKey])).code).toBe(2);
    expect((await runInProcess(["verify", release, "--trusted-root", publicKey, "--identity", "a", "--identity-provider", "b"])).code).toBe(
      2,
    );
  });

  it("says that there is no signature", async () => {
    expect(await verify()).toMatchObject({ code: 3, stderr: expect.stringContaining("[NOT_FOUND]") });
  });

  it.skipIf(process.getuid?.() === 0)("does not say that a signature fails when a file cannot be read", async () => {
    await sign();
    chmodSync(join(release, "config.json"), 0);
    expect((await verify()).code).toBe(3);
  });

  it.skipIf(!hasOpenssl)("trusts certificates", async () => {
    const root = issue({ name: "Root", extensions: ROOT });
    const signer = issue({ name: "Signer", extensions: SIGNER, issuer: root });
    const signed = await runInProcess(["sign", release, "--key", signer.key, "--certificate", signer.certificate]);
    expect(signed).toMatchObject({ code: 0, stdout: expect.stringContaining("CN=Signer") });
    const held = await runInProcess(["verify", release, "--certificate-chain", root.certificate]);
    expect(held).toMatchObject({ code: 0, stdout: expect.stringContaining("CN=Signer") });
    const other = issue({ name: "Root", extensions: ROOT });
    expect((await runInProcess(["verify", release, "--certificate-chain", other.certificate])).code).toBe(1);
  });
});

function otherKey(...args: readonly string[]): string {
  return spawnSync("openssl", ["genpkey", ...args], { encoding: "utf8" }).stdout;
}
