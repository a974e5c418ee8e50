// The recorded releases lie beside the repository, not in it: without them there is nothing to compare with.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = new URL("../../../shared/corpus/releases", import.meta.url).pathname;
const script = new URL("../../scripts/compare-statements.ts", import.meta.url).pathname;

describe.skipIf(!existsSync(root))("statements of recorded releases (skipped without ../shared)", () => {
  it("agree with a careful reader in at least 90 %, with no false claim of open source", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, root]);
    const shares = [...stdout.matchAll(/^(\w+)\s+\d+ of \d+ \(([\d.]+) %\)$/gmu)].map(([, , percent]) => Number(percent));
    expect(shares).toHaveLength(5);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(90);
    expect(stdout).toContain("false open-source claims: 0");
  });
});
