// What every output must keep, whatever the report: the same bytes twice, a line end, nothing of the release that acts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/reports/formats.generated.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { readReports } from "../../src/reports/read-report.ts";
import { renderReport, renderReports } from "../../src/reports/render-report.ts";
import { goldenReports, hostileReport } from "./reports.ts";

const reports = goldenReports();

/** Controls but for tab and line end, and characters that change the direction of text. */
const ACTING = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

describe.each(FORMATS)("%s", (format) => {
  it.each(LANGUAGES)("renders every golden in %s, the same twice, ending in a line end", async (language) => {
    for (const [, report] of reports) {
      const once = await renderReport(report, format, { language });
      expect(await renderReport(structuredClone(report), format, { language })).toBe(once);
      expect(once.endsWith("\n")).toBe(true);
      expect(once.isWellFormed()).toBe(true);
    }
  });

  it("lets no control or bidirectional character of a release through", async () => {
    const text = await renderReport(hostileReport(), format, {});
    expect(text).not.toMatch(ACTING);
    expect(text.isWellFormed()).toBe(true);
  });

  it("takes any text of a release", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
        const rendered = await renderReport(hostileReport(text), format, {});
        expect(rendered).not.toMatch(ACTING);
      }),
      { numRuns: 40 },
    );
  });

  it("renders many reports", async () => {
    const all = reports.map(([, report]) => report);
    const text = await renderReports(all, format, {});
    expect(text.length).toBeGreaterThan(0);
    expect(text.endsWith("\n")).toBe(true);
  });
});

describe("the saved report", () => {
  it("gives the same output as the audit did", async () => {
    for (const [, report] of reports) {
      const json = await renderReport(report, "json");
      const [again] = readReports(json, "saved");
      for (const format of FORMATS) expect(await renderReport(again, format)).toBe(await renderReport(report, format));
    }
  });

  it.each([
    ["", "not JSON"],
    ["{", "not JSON"],
    ["[]", "holds no report"],
    ["{}", "schemaVersion"],
    ['{"schemaVersion":"9.0.0"}', "this Ajar reads"],
    ['{"schemaVersion":"1.0.0"}', "/tool"],
    ['[{"error":{}}]', "holds no report"],
  ])("%j is refused with what is wrong", (json, problem) => {
    expect(() => readReports(json, "x.json")).toThrow(problem);
  });
});
