// What cannot be read as what it is makes the audit partial, and the report says which file: exit 3, never a verdict on silence.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import type { Report } from "../../src/core/report.ts";
import { type Files, writeRelease } from "./made-up-releases.ts";

async function auditOf(files: Files): Promise<Report> {
  const root = writeRelease(files);
  try {
    const context = auditContext({ env: {}, cwd: "/" });
    return await audit({ parts: [{ part: "all", reference: root }], context, acceptClaims: false });
  } finally {
    rmSync(root, { recursive: true });
  }
}

const noise = Uint8Array.from({ length: 4_000 }, (_, at) => (at * 7919 + (at % 31) * 101) % 251);
/** 模型 in GB 18030, over and over. */
const gb18030 = Uint8Array.from({ length: 4_000 }, (_, at) => [0xc4, 0xa3, 0xd0, 0xcd][at % 4] ?? 0);

describe("a document that cannot be read", () => {
  test.each<[string, Files, string]>([
    ["of arbitrary bytes", { "README.md": noise, "train.py": "loss.backward()\n" }, "README.md"],
    ["in an encoding that nothing declares", { "README.md": gb18030, "train.py": "loss.backward()\n" }, "README.md"],
    ["with NUL bytes", { LICENSE: "MIT\0License", "README.md": "# Tern\n\nTern is a language model.\n" }, "LICENSE"],
    [
      "whose front matter is no YAML",
      { "README.md": "---\nlicense: [mit\n  a: : b\n\tc: d\n---\n# Tern\n\nTern is a language model.\n" },
      "README.md",
    ],
  ])("%s is named, and nothing counts as absent", async (_, files, path) => {
    const report = await auditOf(files);
    expect(report.coverage.skipped).toContainEqual(expect.objectContaining({ path, reason: "malformed", partial: true }));
    expect(exitCodeOf(report, "critical")).toBe(3);
    expect(report.components.filter(({ availability }) => availability === "absent")).toEqual([]);
    expect(report.headline.word).not.toBe("shut");
  });
});

describe("a document that can", () => {
  const text = "# Tern\n\nTern is a language model.\n";
  test.each<[string, Files]>([
    ["in UTF-16", { "README.md": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]) }],
    ["with a damaged letter", { "README.md": Buffer.concat([Buffer.from(text), Buffer.from([0xe9]), Buffer.from(" caf")]) }],
    ["with carriage returns and a byte order mark", { "README.md": `\uFEFF${text.replaceAll("\n", "\r\n")}` }],
  ])("%s is read whole", async (_, files) => {
    const report = await auditOf(files);
    expect(report.coverage.complete).toBe(true);
    expect(report.headline.word).toBe("shut");
  });
});
