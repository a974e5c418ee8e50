// The examples of docs/policy.md do what they say.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { PolicyReport } from "../../src/core/report.ts";
import { reportJsonSchema } from "../../src/reports/schema.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { madeUpWork } from "../use/made-up-work.ts";

const page = readFileSync(join(packageRoot, "docs", "policy.md"), "utf8");
const [first = "", second = ""] = [...page.matchAll(/```yaml\n([\s\S]*?)```/gu)].map((match) => match[1] ?? "");
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile({ ...reportJsonSchema() });

const { folder, release } = madeUpWork("ajar-policy-");

async function audit(
  target: string,
  policy: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly policy: PolicyReport; readonly stderr: string }> {
  writeFileSync(join(folder, "policy.yaml"), policy);
  const argv = ["audit", target, "--offline", "--policy", "policy.yaml", "-f", "json", ...args];
  const { code, stdout, stderr } = await runInProcess(argv, { cwd: folder, env: { CI: "1" } });
  const report = JSON.parse(stdout);
  validate(report);
  expect(validate.errors).toBeNull();
  return { code, policy: report.policy, stderr };
}

const holding = ({ rules }: PolicyReport): readonly string[] => rules.flatMap(({ id, outcome }) => (outcome === "holds" ? [id] : []));

describe("a policy", () => {
  it("allows, denies and sends to review", async () => {
    const apache = await audit(release("apache"), first);
    expect(apache).toMatchObject({ code: 0, policy: { result: "allow", partial: false } });
    const nc = await audit(release("cc-by-nc"), first);
    expect([nc.code, nc.policy.result, holding(nc.policy)]).toEqual([1, "deny", ["no-commercial-use"]]);
    const llama = await audit(release("llama-relabelled"), first);
    expect([llama.code, llama.policy.result, holding(llama.policy)]).toEqual([3, "review", []]);
    const parent = await audit(release("apache-from-unknown"), first);
    expect(parent.policy.result).toBe("review");
  });

  const CASES = [
    { name: "cc-by-nc", rules: ["by-license", "by-standard", "by-component"], code: 1 },
    { name: "gemma-derived", rules: ["by-term", "by-standard", "by-component"], code: 1 },
    { name: "apache-from-unknown", rules: ["by-chain", "by-standard", "by-component"], code: 3 },
    { name: "disputed", rules: ["by-license", "by-standard", "by-component", "by-finding"], code: 1 },
    { name: "apache", rules: ["by-standard", "by-component"], code: 3 },
  ] as const;
  it.each(CASES)("by license, term, chain, standard, component, finding and duty: $name", async ({ name, rules, code }) => {
    const result = await audit(release(name), second);
    expect(holding(result.policy)).toEqual(rules);
    expect(result.policy.rules.filter(({ outcome }) => outcome === "error")).toEqual([]);
    expect(result.code).toBe(code);
  });

  it("lets exceptions expire, and says so", async () => {
    const policy = `policy: 1\notherwise: allow\nrules:\n  - { id: nc, deny: 'uses.commercial.answer == "not-allowed"', reason: r }\nexceptions:\n  - { rule: nc, until: 2026-06-10, reason: pilot, by: Lin }\n`;
    const target = release("cc-by-nc");
    const before = await audit(target, policy);
    expect(before).toMatchObject({ code: 0, policy: { result: "allow", rules: [{ outcome: "excepted", exception: { by: "Lin" } }] } });
    const after = await audit(target, policy, "--as-of", "2026-06-10");
    expect(after).toMatchObject({ code: 1, policy: { result: "deny" }, stderr: expect.stringContaining("Lin") });
    const other = policy.replace("rule: nc,", `rule: nc, digest: "sha256:${"0".repeat(64)}",`);
    expect((await audit(target, other)).code).toBe(1);
  });

  it("counts a rule that cannot be evaluated as review", async () => {
    const policy = `policy: 1\notherwise: allow\nrules:\n  - { id: broken, allow: 'findings[9].rule == ""', reason: r }\n`;
    expect(await audit(release("apache"), policy)).toMatchObject({ code: 3, policy: { result: "review", rules: [{ outcome: "error" }] } });
  });

  it("is refused inside the target, whatever link leads there", async () => {
    const target = release("apache");
    writeFileSync(join(target, "policy.yaml"), first);
    for (const command of ["audit", "use"]) {
      const ran = await runInProcess([command, target, "--policy", join(target, "policy.yaml")], { env: { CI: "1" } });
      expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("not trusted") });
    }
  });

  it("sees in ajar use what was asked", async () => {
    const policy = `policy: 1\notherwise: allow\nrules:\n  - { id: big, deny: asked.users > 1000 && uses.commercial.answer != "allowed", reason: r }\n`;
    writeFileSync(join(folder, "policy.yaml"), policy);
    const target = release("openrail");
    const ask = (users: string) =>
      runInProcess(["use", target, "--for", "research", "--users", users, "--policy", "policy.yaml"], { cwd: folder, env: { CI: "1" } });
    expect(await ask("2000")).toMatchObject({ code: 1, stdout: expect.stringContaining("denied by the policy") });
    expect((await ask("10")).code).toBe(3);
  });

  it.each(["sarif", "junit", "table"])("stands in %s", async (format) => {
    writeFileSync(join(folder, "policy.yaml"), first);
    const ran = await runInProcess(["audit", release("cc-by-nc"), "--policy", "policy.yaml", "-f", format], {
      cwd: folder,
      env: { CI: "1" },
    });
    expect(ran.stdout).toContain("no-commercial-use");
    expect(ran.stdout).toContain("we sell what we build");
  });
});
