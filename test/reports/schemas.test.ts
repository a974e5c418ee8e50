// Outputs against the official schemas and readers of their formats.
import { gzipSync } from "node:zlib";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/core/report.ts";
import { FORMATS, type FormatId } from "../../src/reports/formats.generated.ts";
import { renderReport, renderReports } from "../../src/reports/render-report.ts";
import { canCheckSpdx, problemsIn, problemsInSpdx } from "../support/report-formats.ts";
import { goldenReports, hostileReport } from "./reports.ts";

const reports: readonly (readonly [string, Report])[] = [...goldenReports(), ["hostile", hostileReport()]];
const checked = FORMATS.filter((format): format is Exclude<FormatId, "spdx"> => format !== "spdx");

describe.each(reports)("%s", (_, report) => {
  it.each(checked)("%s keeps to its form", async (format) => {
    expect(await problemsIn(format, await renderReport(report, format))).toEqual([]);
  });
});

describe("the checks themselves", () => {
  it.each<readonly [Exclude<FormatId, "spdx">, (text: string) => string]>([
    ["json", (text) => text.replace('"word"', '"wrod"')],
    ["cyclonedx", (text) => text.replace('"specVersion"', '"specVersoin"')],
    ["cyclonedx-1.7", (text) => text.replace('"CycloneDX"', '"SPDX"')],
    ["sarif", (text) => text.replace('"version": "2.1.0"', '"version": 2')],
    ["junit", (text) => text.replace(/tests="\d+"/u, 'tests="1000000"')],
    ["badge-svg", (text) => text.replace("</svg>", "")],
    ["badge-json", (text) => text.replace('"color"', '"colour"')],
    ["mot-yaml", (text) => text.replace("\najar:", "\nother:").replace(/^ajar:/u, "other:")],
    ["csv", (text) => `${text}too,short\n`],
    ["html", (text) => text.replace("<main>", "<main><script>1</script>")],
    ["table", (text) => `${text}${"x".repeat(81)}\n`],
  ])("see what is wrong with %s", async (format, spoil) => {
    const [first] = goldenReports();
    if (first === undefined) throw new Error("no golden");
    expect(await problemsIn(format, spoil(await renderReport(first[1], format)))).not.toEqual([]);
  });
});

describe("sarif of a report with more findings than code scanning takes", () => {
  it("is cut, and says so", async () => {
    const { policy: _, ...report } = hostileReport();
    const [finding] = report.findings;
    if (finding === undefined) throw new Error("the golden has no finding");
    const findings = Array.from({ length: 6000 }, (_, index) => ({ ...finding, path: `f${index}` }));
    const text = await renderReport({ ...report, findings }, "sarif");
    const [run] = (JSON.parse(text) as Log).runs;
    expect(run?.results).toHaveLength(5000);
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain("1000");
    expect(gzipSync(text).length).toBeLessThan(10 * 1024 ** 2);
  });
});

describe.skipIf(!canCheckSpdx)("spdx (the model that SPDX generates from its specification; skipped without Python)", () => {
  it("every document loads, every reference in it is defined, every required value is there", async () => {
    const documents = new Map<string, string>();
    for (const [name, report] of reports) documents.set(name, await renderReport(report, "spdx"));
    expect(problemsInSpdx(documents)).toEqual([]);
  });
});

describe("csv of many releases", () => {
  it("has one header", async () => {
    const text = await renderReports(
      reports.map(([, report]) => report),
      "csv",
      {},
    );
    expect(text.match(/^release,digest,kind,/gmu)).toHaveLength(1);
  });
});
