// Whole reports of made-up releases, compared byte for byte. Refresh with `npm run golden` and review the diff.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Report } from "../../src/core/report.ts";
import { render } from "../../src/reports/json.ts";
import { madeUpReleases, writeRelease } from "./made-up-releases.ts";

const folders: string[] = [];

async function auditFolder(cwd: string): Promise<Report> {
  return audit({ parts: [{ part: "all", reference: "." }], context: auditContext({ env: {}, cwd, offline: true }), acceptClaims: false });
}

/** The version of the rules changes with every rule; the rest of the report must not. */
function masked(report: Report): string {
  return render({ ...report, tool: { version: "masked", rules: "masked" } });
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.keys(madeUpReleases))("%s", (name) => {
  test("gives the golden report, twice the same bytes", async () => {
    const folder = writeRelease(madeUpReleases[name] ?? {});
    folders.push(folder);
    const first = masked(await auditFolder(folder));
    expect(masked(await auditFolder(folder))).toBe(first);
    const file = new URL(`../golden/releases/${name}.json`, import.meta.url);
    if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(file, first);
    expect(first).toBe(readFileSync(file, "utf8"));
  });
});

test("only the whole release is called open, and it says what a human must still judge", async () => {
  const words = new Map<string, string>();
  for (const [name, files] of Object.entries(madeUpReleases)) {
    const folder = writeRelease(files);
    folders.push(folder);
    words.set(name, (await auditFolder(folder)).headline.word);
  }
  expect(Object.fromEntries(words)).toEqual({
    "open-weights": "ajar",
    "whole-release": "open",
    "weights-available": "ajar",
    "card-only": "shut",
    "split-chinese": "ajar",
  });
});
