// Outputs against the official schemas and readers of their formats.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Report } from "../../src/core/report.ts";
import { renderReport, renderReports } from "../../src/reports/render-report.ts";
import { pythonWith } from "../support/python.ts";
import { goldenReports, hostileReport } from "./reports.ts";

const reports: readonly (readonly [string, Report])[] = [...goldenReports(), ["hostile", hostileReport()]];

describe.each(reports)("%s", (_, report) => {
  it.each([
    ["cyclonedx", Spec.Version.v1dot6],
    ["cyclonedx-1.7", Spec.Version.v1dot7],
  ] as const)("%s keeps to the strict schema", async (format, version) => {
    const problem = await new Validation.JsonStrictValidator(version).validate(await renderReport(report, format));
    expect(problem).toBeNull();
  });

  it("sarif keeps to its schema and to the limits of code scanning", async () => {
    const text = await renderReport(report, "sarif");
    const log = JSON.parse(text) as Log;
    const validate = sarifValidator();
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    const results = log.runs.flatMap((run) => run.results ?? []);
    expect(results.length).toBeLessThanOrEqual(5000);
    for (const result of results) {
      expect(result.locations?.length).toBeGreaterThan(0);
      expect(result.partialFingerprints?.["ajarFinding/v1"]).toMatch(/^[0-9a-f]{64}$/u);
      for (const { physicalLocation } of result.locations ?? [])
        expect(physicalLocation?.artifactLocation?.uri).not.toMatch(/^[a-z]+:|^\//iu);
    }
  });

  it("junit is well-formed and its counts are true", async () => {
    const xml = await renderReport(report, "junit");
    expect(XMLValidator.validate(xml)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testsuite" || name === "testcase" }).parse(xml);
    const suites = parsed.testsuites.testsuite as readonly { readonly testcase?: readonly Record<string, unknown>[] }[];
    const cases = suites.flatMap((suite) => suite.testcase ?? []);
    expect(Number(parsed.testsuites["@_tests"])).toBe(cases.length);
    expect(Number(parsed.testsuites["@_failures"])).toBe(cases.filter((one) => "failure" in one).length);
  });

  it("badges keep to their forms", async () => {
    const endpoint = JSON.parse(await renderReport(report, "badge-json"));
    expect(Object.keys(endpoint).sort()).toEqual(["color", "label", "message", "schemaVersion"]);
    expect(XMLValidator.validate(await renderReport(report, "badge-svg"))).toBe(true);
  });

  it("records are plain YAML", async () => {
    for (const format of ["mot-yaml", "osaii-yaml"] as const)
      expect(parse(await renderReport(report, format))).toMatchObject({ ajar: { digest: report.target.digest } });
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

const python = pythonWith("spdx-python-model==0.0.6");

describe.skipIf(python === null)("spdx (the model that SPDX generates from its specification; skipped without Python)", () => {
  it("every document loads, every reference in it is defined, every required value is there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-spdx-"));
    try {
      const files: string[] = [];
      for (const [name, report] of reports) {
        const file = join(folder, `${name}.spdx.json`);
        writeFileSync(file, await renderReport(report, "spdx"));
        files.push(file);
      }
      const { status, stdout, stderr } = spawnSync(python ?? "", [join(import.meta.dirname, "check-spdx.py"), ...files], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout.trim().split("\n")).toHaveLength(files.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
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

function sarifValidator(): ReturnType<Ajv["compile"]> {
  const file = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  // Draft 4 spells the id without a dollar; the rest is the same in draft 7.
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}
