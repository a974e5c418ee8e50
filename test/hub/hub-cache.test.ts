import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { source as hubSource } from "../../src/sources/hub.ts";
import { StubHub } from "./stub-server.ts";
import { contextFor, listAll, repository, SHA, TOKEN, text, utf8 } from "./support.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ajar-cache-"));
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

const sha = (algorithm: string, content: string) => createHash(algorithm).update(content).digest("hex");

/** Lays out a cache as huggingface_hub does. */
async function layOut(folder: string): Promise<string> {
  const root = join(folder, "models--maker--tiny");
  const snapshot = join(root, "snapshots", SHA);
  await mkdir(join(root, "refs"), { recursive: true });
  await mkdir(join(root, "blobs"));
  await mkdir(join(snapshot, "sub"), { recursive: true });
  await writeFile(join(root, "refs", "main"), SHA);
  const readme = "# cached\n";
  const oid = sha("sha1", `blob ${readme.length}\0${readme}`);
  await writeFile(join(root, "blobs", oid), readme);
  await symlink(`../../blobs/${oid}`, join(snapshot, "README.md"));
  const digest = sha("sha256", "weights");
  await writeFile(join(root, "blobs", digest), "weights");
  await symlink(`../../../blobs/${digest}`, join(snapshot, "sub", "model.bin"));
  return snapshot;
}

describe("offline, the local hub cache", () => {
  it("is read without a connection, through HF_HUB_CACHE, HF_HOME or the home folder", async () => {
    await layOut(join(home, ".cache", "huggingface", "hub"));
    const variants = [
      { HOME: home },
      { HF_HOME: join(home, ".cache/huggingface") },
      { HF_HUB_CACHE: join(home, ".cache/huggingface/hub") },
      { XDG_CACHE_HOME: join(home, ".cache") },
    ];
    const hub = await StubHub.start([repository()]);
    for (const env of variants) {
      const source = await hubSource.open("hf:maker/tiny", contextFor({ ...env, HF_ENDPOINT: hub.endpoint }, { offline: true }));
      expect((await listAll(source)).map((entry) => entry.path)).toEqual(["README.md", "sub/model.bin"]);
      expect(utf8(await source.read("README.md"))).toBe("# cached\n");
      expect(utf8(await source.read("sub/model.bin", { start: 2, length: 100 }))).toBe("ights");
      expect(source).toMatchObject({ revision: SHA, listingComplete: false });
    }
    expect(hub.seen).toHaveLength(0);
    await hub.close();
  });

  it("takes digests from blob names and checks them", async () => {
    const snapshot = await layOut(home);
    await writeFile(join(snapshot, "../../blobs", sha("sha256", "weights")), "tampered");
    const source = await hubSource.open("hf:maker/tiny@main", contextFor({ HF_HUB_CACHE: home, HF_HUB_OFFLINE: "1" }));
    const entries = await listAll(source);
    expect(entries.find((entry) => entry.path === "sub/model.bin")?.claimedSha256).toBe(sha("sha256", "weights"));
    await expect(source.read("sub/model.bin")).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("never follows a link that leads out of it", async () => {
    const snapshot = await layOut(home);
    await writeFile(join(home, "outside"), "private");
    await symlink(join(home, "outside"), join(snapshot, "leak.txt"));
    const source = await hubSource.open(`hf:maker/tiny@${SHA}`, contextFor({ HF_HUB_CACHE: home }, { offline: true }));
    expect((await listAll(source)).find((entry) => entry.path === "leak.txt")?.content).toBe("symlink");
    await expect(source.read("leak.txt")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  it("that lacks the repository or the revision is an OFFLINE error", async () => {
    await layOut(home);
    const context = contextFor({ HF_HUB_CACHE: home }, { offline: true });
    for (const reference of ["hf:maker/other", "hf:maker/tiny@v9", `hf:maker/tiny@${"f".repeat(40)}`, "hf:datasets/maker/tiny"]) {
      await expect(hubSource.open(reference, context), reference).rejects.toMatchObject({ code: "OFFLINE", exitCode: 5 });
    }
    await expect(hubSource.open("hf:maker/tiny", contextFor({}, { offline: true }))).rejects.toMatchObject({ code: "OFFLINE" });
  });
});

describe("the token", () => {
  it("comes from HF_TOKEN, its old name, HF_TOKEN_PATH or the token file in HF_HOME, in this order", async () => {
    await mkdir(join(home, "hf"));
    await writeFile(join(home, "hf", "token"), "from-home\n");
    await writeFile(join(home, "path"), text("from-path"));
    const hub = await StubHub.start([repository()]);
    const base = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(home, "hf") };
    const cases: readonly (readonly [Record<string, string>, string | undefined])[] = [
      [{ ...base, HF_TOKEN: TOKEN, HUGGING_FACE_HUB_TOKEN: "old", HF_TOKEN_PATH: join(home, "path") }, `Bearer ${TOKEN}`],
      [{ ...base, HUGGING_FACE_HUB_TOKEN: "old", HF_TOKEN_PATH: join(home, "path") }, "Bearer old"],
      [{ ...base, HF_TOKEN_PATH: join(home, "path") }, "Bearer from-path"],
      [base, "Bearer from-home"],
      [{ ...base, HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }, undefined],
      [{ HF_ENDPOINT: hub.endpoint, HF_HOME: join(home, "nothing") }, undefined],
    ];
    for (const [env, expected] of cases) {
      const source = await hubSource.open("hf:maker/tiny", contextFor(env));
      expect(hub.seen.at(-1)?.headers.authorization).toBe(expected);
      await source.close();
    }
    await hub.close();
  });
});
