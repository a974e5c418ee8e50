import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runInProcess } from "../cli/run-in-process.ts";
import { newKey, newRelease, signed } from "../signing/support.ts";
import { sha256 } from "./memory-source.ts";
import { safetensors } from "./weights.ts";

const weights = safetensors([{ name: "a", dtype: "U8", shape: [3], bytes: Buffer.from("abc") }]);

async function audit(release: string, ...words: readonly string[]) {
  const { stdout } = await runInProcess(["audit", "--offline", "-f", "json", release, ...words]);
  return JSON.parse(stdout);
}

describe("ajar audit --digests full", () => {
  it("says what the release is by its bytes, and without it reads no weights", async () => {
    const release = newRelease({ "model.safetensors": weights, "README.md": "# A model\n" });
    expect((await audit(release)).identity).toBeUndefined();
    const { identity, findings, coverage } = await audit(release, "--digests", "full");
    expect(identity).toEqual([expect.objectContaining({ complete: true, weights: expect.objectContaining({ tensors: 1 }) })]);
    expect(identity[0].files.map(({ sha256: digest }: { sha256: string }) => digest)).toContain(sha256(weights));
    expect(findings.filter(({ ruleId }: { ruleId: string }) => ruleId.startsWith("identity/"))).toEqual([]);
    expect(coverage.bytesRead).toBeGreaterThanOrEqual(weights.length);
    const part = await audit(release, "--digests", "full", "--exclude", "README.md");
    expect(part.identity[0].files).toHaveLength(1);
  });

  it("finds files that are not what a list or a signature in the release says", async () => {
    const release = newRelease({ "model.safetensors": weights, "config.json": "{}" });
    writeFileSync(join(release, "model.sig"), await signed(release, newKey(), { ownPath: "model.sig" }));
    writeFileSync(join(release, "SHA256SUMS"), `${sha256("x")}  model.safetensors\n`);
    const rules = async (): Promise<readonly string[]> => {
      const { findings } = await audit(release, "--digests", "full");
      const own = findings.filter(({ ruleId }: { ruleId: string }) => ruleId.startsWith("identity/"));
      return own.map(({ ruleId, path }: { ruleId: string; path: string }) => `${ruleId} ${path}`);
    };
    expect(await rules()).toEqual(["identity/digest-differs model.safetensors", "identity/signature model.sig"]);
    writeFileSync(join(release, "config.json"), "{ }");
    expect(await rules()).toEqual([
      "identity/digest-differs config.json",
      "identity/digest-differs model.safetensors",
      "identity/signature model.sig",
    ]);
  });
});
