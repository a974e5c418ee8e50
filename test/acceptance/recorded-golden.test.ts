// The report of a small made-up recording, byte for byte; the start-up bench falls back on the same recording.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import { render } from "../../src/reports/json.ts";

test("a recording with gated weights and hours that do not add up gives the golden report", async () => {
  const cwd = fileURLToPath(new URL("../releases/", import.meta.url));
  const context = auditContext({ env: {}, cwd, offline: true });
  const report = await audit({ parts: [{ part: "all", reference: "recorded:recorded-small" }], context, acceptClaims: false });
  expect(report.headline.word).toBe("ajar");
  expect(report.findings.map(({ ruleId }) => ruleId)).toContain("compute/gpu-hours-sum");
  const found = render({ ...report, tool: { version: "masked", rules: "masked" } });
  const file = new URL("../golden/releases/recorded-small.json", import.meta.url);
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(file, found);
  expect(found).toBe(readFileSync(file, "utf8"));
});
