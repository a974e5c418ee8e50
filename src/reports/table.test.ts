import { describe, expect, it } from "vitest";
import { sampleReport } from "../../test/cli/sample-report.ts";
import type { Report } from "../core/report.ts";
import { LANGUAGES } from "./language.ts";
import { nameOf } from "./messages.ts";
import { render } from "./table.ts";
import { textWidth } from "./width.ts";

const plain = { language: "en", verbose: false, color: false, width: 80 } as const;

describe("the table", () => {
  it.each(LANGUAGES)("fits a screen of 40 columns in %s, with each component's states below its name", (language) => {
    const shown = render(sampleReport, { ...plain, language, width: 40 });
    for (const line of shown.split("\n")) expect(textWidth(line), line).toBeLessThanOrEqual(40);
    expect(shown.split("\n")).toContain(`  ${nameOf("component", "weights", language)}`);
  });

  it.each(LANGUAGES)("fits 80 columns in %s, brief and verbose", (language) => {
    for (const verbose of [false, true]) {
      for (const line of render(sampleReport, { ...plain, language, verbose }).split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  it("tells the same with and without colour", () => {
    const colored = render(sampleReport, { ...plain, color: true });
    expect(colored).toContain("\u001b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is taken away
    expect(colored.replace(/\u001b\[[\d;]*m/gu, "")).toBe(render(sampleReport, plain));
  });

  it("has no escape byte without colour, though the release put some into its texts", () => {
    for (const verbose of [false, true]) expect(render(sampleReport, { ...plain, verbose })).not.toContain("\u001b");
  });

  it("puts a word beside every symbol", () => {
    const table = render(sampleReport, plain);
    for (const line of ["✗ not met", "? unknown", "✓ met", "✗ absent", "~ claimed", "> elsewhere", "# gated", "! restricted"])
      expect(table).toContain(line);
  });

  it("lists the evidence that the sentences above cite, with place and quote", () => {
    const table = render(sampleReport, plain);
    const numbers = new Set([...table.matchAll(/\[(\d+)\]/gu)].map((match) => Number(match[1])).filter((number) => number < 100));
    for (const number of numbers) expect(table).toMatch(new RegExp(`^ +\\[${number}\\] \\S`, "mu"));
    expect(table).toContain("LICENSE.txt:57-61");
    expect(table).toContain("config.json#/architectures/0");
    expect(table).toContain("model.safetensors, bytes 8-120");
  });

  it("lists all evidence when verbose", () => {
    const uncited: Report = { ...sampleReport, findings: [], statements: { quantities: [], relations: [], safety: [], claims: [] } };
    expect(render(uncited, plain)).not.toContain("config.json");
    expect(render(uncited, { ...plain, verbose: true })).toContain("config.json#/architectures/0");
  });

  it("says that an incomplete audit is provisional and which part was not read", () => {
    expect(render(sampleReport, plain)).toContain("Incomplete: the verdicts are provisional.");
    expect(render(sampleReport, plain)).toContain("model-2.safetensors: malformed");
    const complete: Report = { ...sampleReport, coverage: { ...sampleReport.coverage, complete: true, skipped: [] } };
    expect(render(complete, plain)).not.toContain("provisional");
  });
});
