import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { providers } from "../../src/audit/providers.generated.ts";
import { AjarError } from "../../src/core/errors.ts";
import type { ReleaseIdentity } from "../../src/core/identity.ts";
import type { Source } from "../../src/core/source.ts";
import { claimFindings } from "../../src/identity/claims.ts";
import { hashFiles } from "../../src/identity/hash-pool.ts";
import { identify } from "../../src/identity/identify.ts";
import { openSource } from "../../src/sources/open.ts";
import { writeZip } from "../formats/zip-writer.ts";
import { memorySource, sha256 } from "./memory-source.ts";
import { safetensors } from "./weights.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-identity-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const quiet = { progress: (): void => undefined, signal: new AbortController().signal };

function open(reference: string): Promise<Source> {
  return openSource(reference, auditContext({ ...quiet, env: process.env, cwd: folder, offline: true }), providers);
}

async function identityOf(source: Source, stated = false): Promise<ReleaseIdentity> {
  try {
    return (await identify(source, { ...quiet, tensors: true, list: false, stated })).identity;
  } finally {
    await source.close();
  }
}

const weights = safetensors([{ name: "a", dtype: "U8", shape: [4096], bytes: new Uint8Array(4096).fill(7) }]);

describe("a folder", () => {
  it("has the digests of its files as they lie", async () => {
    mkdirSync(join(folder, "m", "deep"), { recursive: true });
    writeFileSync(join(folder, "m", "model.safetensors"), weights);
    writeFileSync(join(folder, "m", "deep", "empty"), "");
    const identity = await identityOf(await open("m"));
    expect(identity.files).toEqual([
      { path: "deep/empty", sizeBytes: 0, sha256: sha256(""), basis: "computed" },
      { path: "model.safetensors", sizeBytes: weights.length, sha256: sha256(weights), basis: "computed" },
    ]);
    expect(identity.complete).toBe(true);
    const digests = [sha256(""), sha256(weights)].map((digest) => Buffer.from(digest, "hex"));
    expect(identity.root).toEqual({ sha256: sha256(Buffer.concat(digests)), basis: "computed", files: 2, ignored: [] });
  });

  it("leaves out git's own files and a signature at the top, and nothing deeper", async () => {
    mkdirSync(join(folder, "m", "sub"), { recursive: true });
    const bundle = JSON.stringify({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" });
    for (const [path, text] of [
      ["a.txt", "a"],
      [".gitattributes", "x"],
      [".gitignore", "x"],
      ["model.sig", bundle],
      ["notes.sig", "no signature at all"],
      ["sub/.gitignore", "y"],
      ["sub/model.sig", bundle],
    ] as const) {
      writeFileSync(join(folder, "m", path), text);
    }
    const { root } = await identityOf(await open("m"));
    expect(root.ignored).toEqual([".gitattributes", ".gitignore", "model.sig"]);
    expect(root.files).toBe(4);
  });

  it("has no root digest where a signature could not cover it, and says why", async () => {
    writeFileSync(join(folder, "a.txt"), "a");
    symlinkSync("a.txt", join(folder, "link"));
    const linked = await identityOf(await open("."));
    expect(linked.root).toMatchObject({ sha256: null, withheld: { code: "symlink", detail: "link" } });
    expect(linked.complete).toBe(false);
    rmSync(join(folder, "link"));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff])]), "b");
    expect((await identityOf(await open("."))).root).toMatchObject({ sha256: null, withheld: { code: "name" } });
  });

  it("takes what a Git LFS pointer states for what it is", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(weights)}\nsize ${weights.length}\n`;
    writeFileSync(join(folder, "model.safetensors"), pointer);
    const { files, root, complete } = await identityOf(await open("."));
    expect(files).toEqual([
      { path: "model.safetensors", sizeBytes: weights.length, sha256: sha256(weights), basis: "stated", withheld: { code: "lfs-pointer" } },
    ]);
    expect(root.basis).toBe("stated");
    expect(complete).toBe(false);
  });

  it("says that a file changed since it was listed", async () => {
    writeFileSync(join(folder, "a.txt"), "a");
    const source = await open(".");
    for await (const _ of source.list());
    const before = await source.locate?.("a.txt");
    appendFileSync(join(folder, "a.txt"), "more");
    if (before == null) throw new Error("not located");
    const [changed] = await hashFiles([{ bytes: before, shown: "a.txt", wantsFile: true, spans: [] }], quiet);
    expect(changed).toBeInstanceOf(AjarError);
    expect((changed as AjarError).code).toBe("CHANGED_WHILE_READ");
    renameSync(join(folder, "a.txt"), join(folder, "b.txt"));
    symlinkSync("b.txt", join(folder, "a.txt"));
    await expect(source.locate?.("a.txt")).resolves.toBeDefined();
    const [linked] = await hashFiles([{ bytes: before, shown: "a.txt", wantsFile: true, spans: [] }], quiet);
    expect((linked as AjarError).code).toBe("UNSAFE_PATH");
    await source.close();
  });
});

describe("threads", () => {
  it("give the digests that one thread gives, split or not", async () => {
    const size = 24 * 1024 ** 2;
    const tensors = Array.from({ length: 6 }, (_, index) => ({
      name: `t${index}`,
      dtype: "U8",
      shape: [size / 6],
      bytes: new Uint8Array(size / 6).fill(index),
    }));
    writeFileSync(join(folder, "model.safetensors"), safetensors(tensors));
    const results = [];
    for (const threads of [1, 3]) {
      const source = await open(".");
      results.push((await identify(source, { ...quiet, tensors: true, list: true, stated: false, threads })).identity);
      await source.close();
    }
    expect(results[0]).toEqual(results[1]);
    expect(results[0]?.weights).toMatchObject({ tensors: 6, distinct: 6 });
    expect(results[0]?.files[0]?.sha256).toBe(sha256(readFileSync(join(folder, "model.safetensors"))));
  });

  it("stop when they are told to", async () => {
    writeFileSync(join(folder, "a.bin"), new Uint8Array(32 * 1024 ** 2));
    const source = await open(".");
    for await (const _ of source.list());
    const bytes = await source.locate?.("a.bin");
    if (bytes == null) throw new Error("not located");
    const controller = new AbortController();
    const request = { bytes, shown: "a.bin", wantsFile: true, spans: [] };
    const hashing = hashFiles([request, request], { signal: controller.signal, threads: 1 });
    controller.abort();
    await expect(hashing).rejects.toMatchObject({ code: "INTERRUPTED" });
    await source.close();
  });
});

describe("other sources", () => {
  it("members of archives are unpacked once, in order", async () => {
    const content = new Uint8Array(9 * 1024 ** 2).map((_, index) => Math.imul(index, 0x9e3779b1) >>> 21);
    writeFileSync(
      join(folder, "release.zip"),
      writeZip([
        { path: "deflated.bin", content },
        { path: "stored.bin", content, method: 0 },
      ]),
    );
    const { files } = await identityOf(await open("release.zip"));
    expect(files.map(({ sha256: digest }) => digest)).toEqual([sha256(content), sha256(content)]);
  });

  it("a member that is not what its archive states has no digest", async () => {
    const content = Buffer.from("content ".repeat(5000));
    writeFileSync(
      join(folder, "release.zip"),
      writeZip([
        { path: "a.bin", content, crc: 1 },
        { path: "b.bin", content },
      ]),
    );
    const { files, root } = await identityOf(await open("release.zip"));
    expect(files[0]).toMatchObject({ sha256: null, withheld: { code: "INCONSISTENT" } });
    expect(root).toMatchObject({ sha256: null, withheld: { detail: "a.bin" } });
  });

  it("large files of a commit come from one reading of them", async () => {
    const content = new Uint8Array(5 * 1024 ** 2).fill(9);
    writeFileSync(join(folder, "big.bin"), content);
    const git = (...args: readonly string[]) =>
      spawnSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", ...args]);
    for (const args of [
      ["init", "-q"],
      ["add", "big.bin"],
      ["commit", "-qm", "one"],
    ])
      expect(git(...args).status).toBe(0);
    rmSync(join(folder, "big.bin"));
    const { files } = await identityOf(await open(`git+file://${folder}@HEAD`));
    expect(files).toEqual([expect.objectContaining({ path: "big.bin", sha256: sha256(content), basis: "computed" })]);
  });
});

describe("claims", () => {
  const claimed = (path: string, digest: string) => ({ [path]: { claimedSha256: digest } });

  it("of a listing are compared with content that was read, and stand for content that was not", async () => {
    const files = { "model.safetensors": weights };
    const good = await identityOf(memorySource(files, claimed("model.safetensors", sha256(weights))));
    expect(await claimFindings(memorySource(files), good)).toEqual([]);
    const bad = await identityOf(memorySource(files, claimed("model.safetensors", sha256("other"))));
    expect(await claimFindings(memorySource(files), bad)).toEqual([
      expect.objectContaining({ ruleId: "identity/digest-differs", severity: "high", path: "model.safetensors" }),
    ]);
    const unread = await identityOf(memorySource(files, claimed("model.safetensors", sha256("other"))), true);
    expect(unread.files[0]).toMatchObject({ sha256: sha256("other"), basis: "stated" });
    expect(unread.root.basis).toBe("stated");
    expect(await claimFindings(memorySource(files), unread)).toEqual([]);
  });

  it.each([
    ["SHA256SUMS", `${sha256("other")}  model.bin\n`],
    ["SHA256SUMS", `${sha256("other").toUpperCase()} *./model.bin\r\n`],
    ["checksums.txt", `# sums\nSHA256 (model.bin) = ${sha256("other")}\n`],
    ["model.bin.sha256", `${sha256("other")}\n`],
  ])("of %s are compared line by line", async (name, text) => {
    const files = { "model.bin": Buffer.from("content"), [name]: Buffer.from(text) };
    const findings = await claimFindings(memorySource(files), await identityOf(memorySource(files)));
    expect(findings).toEqual([expect.objectContaining({ ruleId: "identity/digest-differs", path: "model.bin" })]);
    const true_ = { ...files, [name]: Buffer.from(text.replace(new RegExp(sha256("other"), "iu"), sha256("content"))) };
    expect(await claimFindings(memorySource(true_), await identityOf(memorySource(true_)))).toEqual([]);
  });

  it("of files that are not there are said, and paths that climb are not followed", async () => {
    const files = { "sub/SHA256SUMS": Buffer.from(`${sha256("x")}  gone.bin\n${sha256("x")}  ../../etc/passwd\n`) };
    const findings = await claimFindings(memorySource(files), await identityOf(memorySource(files)));
    expect(findings.map(({ ruleId, message }) => [ruleId, message.args?.["file"]])).toEqual([
      ["identity/sum-without-file", "sub/gone.bin"],
    ]);
  });
});
