import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareReleases } from "./compare.ts";
import { disputes } from "./disputes.ts";

const folder = new URL("../../../shared/corpus/releases", import.meta.url).pathname;

// Skipped, and shown as skipped, where the recorded releases are not beside the repository.
describe.skipIf(!existsSync(folder))("recorded releases with hand-made labels", () => {
  it("agree in nine of ten decided cells, and no restricted or absent part is called open", async () => {
    const result = await compareReleases(folder);
    const decided = result?.cells.filter(({ label }) => label !== "unknown") ?? [];
    const share = decided.filter(({ agrees }) => agrees).length / decided.length;
    expect(new Set(decided.map(({ release }) => release)).size).toBe(31);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(decided.filter(({ wrongOpen, disputed }) => wrongOpen && disputed === null)).toEqual([]);
    // Disputes are for labels that a file contradicts, not a way to a better figure.
    expect(disputes.size).toBeLessThanOrEqual(10);
    const files = result?.licenses ?? [];
    expect(files.filter(({ agrees }) => agrees).length / files.length).toBeGreaterThanOrEqual(0.95);
    expect(files.filter(({ agrees, confident }) => confident && !agrees)).toEqual([]);
  }, 60_000);
});
