import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { UseReport } from "../../src/core/use.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { madeUpWork } from "./made-up-work.ts";

const { folder, release } = madeUpWork("ajar-overrides-");

const entry = (says: string, more = ""): string =>
  `overrides:\n  - { id: decision, ${says}, until: 2026-12-01, reason: seen on paper, by: Okafor${more} }\n`;

async function ask(target: string, overrides: string, ...args: readonly string[]) {
  writeFileSync(join(folder, "overrides.yaml"), overrides);
  const argv = ["use", target, "--offline", "--for", "commercial", "--overrides", "overrides.yaml", ...args];
  const json = await runInProcess([...argv, "-f", "json"], { cwd: folder, env: { CI: "1" } });
  const table = await runInProcess(argv, { cwd: folder, env: { CI: "1" } });
  const answer: UseReport = JSON.parse(json.stdout);
  return { code: json.code, stderr: json.stderr, table: table.stdout, answer };
}

describe("--overrides", () => {
  const CASES = [
    { name: "unknown", says: "part: weights, license: Apache-2.0", args: [], code: 0 },
    { name: "disputed", says: "part: weights, license: Apache-2.0", args: [], code: 0 },
    { name: "unknown", says: "part: weights, license: CC-BY-NC-4.0", args: [], code: 1 },
    { name: "apache-from-unknown", says: "node: 'hf:nobody/secret-model', license: MIT", args: [], code: 0 },
    { name: "apache-from-unknown", says: "node: 'hf:nobody/other', license: MIT", args: [], code: 3 },
    { name: "gemma-derived", says: "checked: { license: LicenseRef-Gemma, condition: field-of-use }", args: [], code: 0 },
    { name: "gemma-derived", says: "checked: { license: LicenseRef-Gemma, condition: field-of-use, clause: '9' }", args: [], code: 3 },
    { name: "gemma-derived", says: "checked: { license: LicenseRef-Gemma, condition: field-of-use, uses: [research] }", args: [], code: 3 },
    {
      name: "llama-derived",
      says: "checked: { license: LicenseRef-Llama-2-Community, condition: size }",
      args: ["--users", "800000000"],
      code: 1,
    },
    {
      name: "llama-derived",
      says: "agreement: { license: LicenseRef-Llama-2-Community, uses: [commercial] }",
      args: ["--users", "800000000"],
      code: 0,
    },
    { name: "cc-by-nc", says: "agreement: { license: CC-BY-NC-4.0, uses: [commercial] }", args: [], code: 0 },
    { name: "cc-by-nc", says: "agreement: { license: CC-BY-NC-4.0, uses: [internal] }", args: [], code: 1 },
  ] as const;
  it.each(CASES)("$name, $says $args: exit $code", async ({ name, says, args, code }) => {
    const result = await ask(release(name), entry(says), ...args);
    expect(result.code).toBe(code);
    expect(result.answer.asserted).toMatchObject([{ id: "decision", by: "Okafor", until: "2026-12-01" }]);
    expect(result.table.replace(/\s+/gu, " ")).toContain("asserted by Okafor until 2026-12-01");
  });

  it("ignores and tells what ran out, and what is about another release", async () => {
    const target = release("unknown");
    const late = await ask(target, entry("part: weights, license: MIT"), "--as-of", "2026-12-01");
    expect(late).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("ran out"),
      answer: { asserted: [], expired: [{ id: "decision" }] },
    });
    expect(late.table).toContain("ignored");
    const other = await ask(target, entry("part: weights, license: MIT", `, digest: "sha256:${"0".repeat(64)}"`));
    expect(other).toMatchObject({ code: 3, answer: { asserted: [], expired: [] } });
  });

  it("refuses entries that say nothing, lack a name, or lie in the release", async () => {
    const target = release("unknown");
    for (const content of [
      "overrides: [{ id: a }]",
      "overrides:\n  - { id: a, part: weights, license: MIT, until: soon, reason: r, by: b }",
      "suppressions: []",
      "[",
      "overrides:\n  - { id: a, part: weights, license: MIT, until: 2027-01-01, reason: r }",
    ]) {
      writeFileSync(join(folder, "bad.yaml"), content);
      const ran = await runInProcess(["use", target, "--overrides", "bad.yaml"], { cwd: folder, env: { CI: "1" } });
      expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.yaml:\d+: /u) });
    }
    writeFileSync(join(target, "overrides.yaml"), entry("part: weights, license: MIT"));
    const inside = await runInProcess(["use", ".", "--overrides", "overrides.yaml"], { cwd: target, env: { CI: "1" } });
    expect(inside).toMatchObject({ code: 2, stderr: expect.stringContaining("not trusted") });
  });
});
