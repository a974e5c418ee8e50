// Records exported for other tools, imported again with their claims accepted: the same verdicts.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Verdict } from "../../src/core/report.ts";
import { audit, auditContext, renderReport } from "../../src/index.ts";
import { goldenReports } from "./reports.ts";

const RECORDS = [
  { format: "mot-yaml", scheme: "mot", standard: "mof", profile: "mof-mot" },
  { format: "osaii-yaml", scheme: "osaii", standard: "osaii-2026", profile: undefined },
] as const;

const recordings = join(import.meta.dirname, "../../../shared/corpus/releases");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-records-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const context = auditContext({ env: {}, cwd: "/", offline: true });

async function expectSame(report: Report): Promise<void> {
  for (const { format, scheme, standard, profile } of RECORDS) {
    const file = join(folder, `record.${scheme}.yaml`);
    writeFileSync(file, await renderReport(report, format));
    const again = await audit({ parts: [{ part: "all", reference: `${scheme}:${file}` }], context, acceptClaims: true });
    const verdictIn = (from: Report): Verdict | undefined =>
      from.verdicts.find((one) => one.standard === standard && one.profile === profile);
    expect(essence(verdictIn(again))).toEqual(essence(verdictIn(report)));
  }
}

function essence(verdict: Verdict | undefined): unknown {
  if (verdict === undefined) return undefined;
  const { result, level, score, criteria } = verdict;
  return { result, level, score, criteria: criteria.map(({ id, result, level, range }) => ({ id, result, level, range })) };
}

describe("records of other tools", () => {
  it.each(goldenReports())("%s", async (_, report) => expectSame(report));
});

describe.skipIf(!existsSync(recordings))("records of recorded releases (skipped without ../shared)", () => {
  it("all give the same verdicts again", async () => {
    const names = readdirSync(recordings);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const reference = `recorded:${join(recordings, name)}`;
      await expectSame(await audit({ parts: [{ part: "all", reference }], context, acceptClaims: false }));
    }
  });
});
