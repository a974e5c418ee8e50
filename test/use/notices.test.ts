import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleOf } from "../../src/use/notices.ts";
import { answerUse } from "../../src/use/use.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { sampleReport } from "../cli/sample-report.ts";
import { madeUpWork } from "./made-up-work.ts";

const { folder, release } = madeUpWork("ajar-notices-");

async function ship(target: string, to: string, ...args: readonly string[]) {
  return await runInProcess(["use", target, "--for", "redistribute", "--offline", "--notices", to, ...args], {
    cwd: folder,
    env: { CI: "1" },
  });
}

describe("--notices", () => {
  it("copies texts byte for byte and says what is there", async () => {
    const target = release("apache");
    const ran = await ship(target, "apache");
    expect(ran.code).toBe(0);
    const copy = readFileSync(join(folder, "apache", "texts", "001-LICENSE"));
    expect(copy).toEqual(readFileSync(join(target, "LICENSE")));
    const page = readFileSync(join(folder, "apache", "NOTICES.md"), "utf8");
    expect(page).toContain(`sha256:${createHash("sha256").update(copy).digest("hex")}`);
    expect(page).toContain("no legal advice");
    expect(page).toContain("clause 4.a");
    expect(page).not.toContain("not found");
  });

  it("writes the words that a parent asks for, and lists its text and policy as missing", async () => {
    const ran = await ship(release("llama-relabelled"), "llama");
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain("2 things");
    expect(readFileSync(join(folder, "llama", "NOTICE"), "utf8")).toContain("Llama 2 is licensed under the LLAMA 2 Community License");
    const page = readFileSync(join(folder, "llama", "NOTICES.md"), "utf8");
    const missing = page.slice(page.indexOf("## Must be shipped"), page.indexOf("## Texts"));
    expect(missing).toContain("LicenseRef-Llama-2-Community, clause 1.b.i");
    expect(missing).toContain("LicenseRef-Llama-2-Use-Policy");
  });

  it("replaces its own folder when told to, and no other folder ever", async () => {
    const target = release("apache");
    expect((await ship(target, "again")).code).toBe(0);
    expect(await ship(target, "again")).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    writeFileSync(join(folder, "again", "NOTICES.md"), "old");
    expect((await ship(target, "again", "--force")).code).toBe(0);
    expect(readFileSync(join(folder, "again", "NOTICES.md"), "utf8")).not.toBe("old");
    mkdirSync(join(folder, "theirs"));
    writeFileSync(join(folder, "theirs", "thesis.txt"), "years of work");
    for (const args of [[], ["--force"]]) expect((await ship(target, "theirs", ...args)).code).toBe(2);
    expect(readdirSync(join(folder, "theirs"))).toEqual(["thesis.txt"]);
    symlinkSync(join(folder, "again"), join(folder, "link"));
    expect((await ship(target, "link", "--force")).code).toBe(2);
    expect(readdirSync(folder).filter((name) => name.includes(".part-"))).toEqual([]);
  });

  it("leaves nothing behind when a text is not the one that was audited", async () => {
    const target = release("apache");
    const report = await runInProcess(["audit", target, "--offline", "-f", "json"], { env: { CI: "1" } });
    writeFileSync(join(folder, "report.json"), report.stdout);
    writeFileSync(join(target, "LICENSE"), "Other terms.");
    const ran = await ship("report.json", "changed");
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining("DIGEST_MISMATCH") });
    expect(existsSync(join(folder, "changed"))).toBe(false);
  });

  it("gives names of its own to texts, whatever a release calls them", () => {
    const hostile = [
      "../../etc/LICENSE",
      "a/..",
      "NOTICE\u202e.md",
      "x!/../LICENSE",
      "C:\\LICENSE",
      "LICENSE\0",
      ".",
      "许可证",
      `${"L".repeat(300)}ICENSE`,
    ];
    const texts = hostile.map((path) => ({
      source: "s",
      path,
      digest: "sha256:0",
      bytes: new TextEncoder().encode("Copyright (c) 2026 Wren\nCopyright [yyyy] [name]"),
    }));
    const use = answerUse(sampleReport, { uses: ["redistribute"], asOf: "2026-01-01" }, () => null, { holding: [], expired: [] });
    const bundle = bundleOf(use, sampleReport, texts, () => null);
    for (const { file } of bundle.texts) expect(file).toMatch(/^texts\/\d{3}-[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/u);
    expect(new Set(bundle.texts.map(({ file }) => file)).size).toBe(hostile.length);
    expect(bundle.credits).toEqual(["Copyright (c) 2026 Wren"]);
    expect(bundle.missing.map(({ what }) => what)).toContain("unknown-terms");
  });
});
