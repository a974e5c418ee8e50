// Releases that the rules were not tuned on: each says what a careful reader would say of it.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import { freshReleases } from "./fresh-releases.ts";
import { writeRelease } from "./made-up-releases.ts";

describe("fresh releases", () => {
  test.each(freshReleases)("$name", async ({ files, word, components, findings = [], noFindings = [] }) => {
    const root = writeRelease(files);
    try {
      const context = auditContext({ env: {}, cwd: "/" });
      const report = await audit({ parts: [{ part: "all", reference: root }], context, acceptClaims: false });
      const seen = new Map(report.components.map(({ id, availability, openness }) => [id as string, `${availability}/${openness}`]));
      expect(Object.fromEntries(Object.keys(components).map((id) => [id, seen.get(id)]))).toEqual(components);
      expect(report.headline.word).toBe(word);
      const rules = report.findings.map(({ ruleId }) => ruleId);
      expect(rules).toEqual(expect.arrayContaining([...findings]));
      for (const rule of noFindings) expect(rules).not.toContain(rule);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
