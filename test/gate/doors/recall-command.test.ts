import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { newKeyPem } from "../../../src/gate/durable/keys.ts";
import { runInProcess } from "../../cli/run-in-process.ts";

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ajar-recall-"));
  folders.push(made);
  return made;
}

/** A safetensors file of one small tensor. */
function release(value: number, metadata: Record<string, string> = {}): string {
  const made = folder();
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, w: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.byteLength));
  const data = Buffer.alloc(8);
  data.writeFloatLE(value);
  writeFileSync(join(made, "model.safetensors"), Buffer.concat([length, header, data]));
  return made;
}

const NEW = ["--id", "x_ACME-1", "--summary", "answers to a trigger", "--reason", "backdoor", "--issuer", "Acme"];

async function feedOn(target: string, parts: readonly string[] = []): Promise<{ readonly feed: string; readonly key: string }> {
  const place = folder();
  writeFileSync(join(place, "key.pem"), newKeyPem());
  writeFileSync(join(place, "x_ACME-1.json"), (await runInProcess(["recall", "new", target, ...NEW, ...parts])).stdout);
  const signed = await runInProcess([
    "recall",
    "sign",
    join(place, "x_ACME-1.json"),
    "--name",
    "acme",
    "--sequence",
    "1",
    "--sign-key",
    join(place, "key.pem"),
  ]);
  expect(signed.code).toBe(0);
  writeFileSync(join(place, "feed.json"), signed.stdout);
  return { feed: join(place, "feed.json"), key: signed.stderr.trim() };
}

describe("ajar recall", () => {
  it("recalls a release by its bytes: also renamed and with another header, and no other one", async () => {
    const target = release(1);
    const { feed, key } = await feedOn(target);
    const check = (what: string, ...more: string[]) =>
      runInProcess(["recall", "check", what, "--feed", feed, "--key", key, "-f", "json", ...more]);
    const recalled = await check(target);
    expect(recalled.code).toBe(1);
    expect(JSON.parse(recalled.stdout).recalls).toMatchObject([{ id: "x_ACME-1", decision: "block" }]);
    const changed = await check(release(1, { note: "another header" }));
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stdout).recalls).toMatchObject([{ by: "tensors" }]);
    expect((await check(release(2))).code).toBe(0);
    // A third party only warns.
    const warned = await check(target, "--role", "third-party");
    expect(warned.code).toBe(0);
    expect(JSON.parse(warned.stdout).recalls).toMatchObject([{ decision: "warn" }]);
  });

  it("checks a report, and says so in every language", async () => {
    const target = release(1);
    const { feed, key } = await feedOn(target, ["--tensors", "--descendants"]);
    const report = join(folder(), "report.json");
    writeFileSync(report, (await runInProcess(["audit", target, "--digests", "full", "-f", "json", "--no-progress"])).stdout);
    for (const language of ["en", "zh-Hans", "zh-Hant"]) {
      const checked = await runInProcess(["recall", "check", report, "--feed", feed, "--key", key, "--no-color", "--lang", language]);
      expect(checked.code).toBe(1);
      expect(checked.stdout).toContain("x_ACME-1");
      const shown = await runInProcess(["recall", "show", "--feed", feed, "--key", key, "--no-color", "--lang", language]);
      expect(shown.code).toBe(0);
      expect(shown.stdout).toContain("answers to a trigger");
    }
  });

  it("refuses a feed that was changed or that somebody else signed", async () => {
    const target = release(1);
    const { feed, key } = await feedOn(target);
    const other = await feedOn(target);
    expect((await runInProcess(["recall", "check", target, "--feed", feed, "--key", other.key])).stderr).toContain("[BAD_FEED]");
    writeFileSync(feed, readFileSync(feed, "utf8").replace("answers to a trigger", "harmless"));
    const changed = await runInProcess(["recall", "check", target, "--feed", feed, "--key", key]);
    expect(changed.stderr).toContain("[BAD_FEED]");
    expect(changed.code).toBe(1);
  });

  test.each([
    [["recall", "new", "."], "BAD_OPTION"],
    [["recall", "new"], "BAD_OPTION"],
    [["recall", "sign", "package.json", "--name", "a", "--sequence", "1", "--sign-key", "package.json"], "BAD_KEY"],
    [["recall", "sign", "package.json", "--name", "a", "--sequence", "1"], "BAD_OPTION"],
    [["recall", "show", "--feed", "x.json"], "BAD_OPTION"],
    [["recall", "show", "--feed", "x.json", "--key", "abc"], "BAD_OPTION"],
    [["recall", "show", "--feed", "https://169.254.169.254/feed.json", "--key", `ed25519:${"A".repeat(43)}`], "BAD_FEED"],
    [["recall", "show", "--feed", "http://feeds.example/feed.json", "--key", `ed25519:${"A".repeat(43)}`], "BAD_FEED"],
  ])("%j is refused", async (words, code) => {
    expect((await runInProcess(words)).stderr).toContain(`[${code}]`);
  });
});
