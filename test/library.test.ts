// The library as docs/library.md shows it: the page's own example runs here.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { AjarError, audit, auditContext, type ReportFormat, renderReport } from "../src/index.ts";
import { packageRoot } from "../src/rules/load.ts";
import { brokenWeights, folderWith, GOOD } from "./cli/made-up-release.ts";
import { runInProcess } from "./cli/run-in-process.ts";

const EXAMPLE = /```ts\n([\s\S]*?)```/u.exec(readFileSync(join(packageRoot, "docs", "library.md"), "utf8"))?.[1] ?? "";
const work = folderWith(Object.fromEntries(Object.entries(GOOD).map(([name, content]) => [`my-model/${name}`, content])));
afterAll(work.remove);

const context = auditContext({ env: {}, cwd: work.path, offline: true });
const request = { parts: [{ part: "all", reference: "./my-model" }], context, acceptClaims: false } as const;

/** Runs the example in a process of its own over the sources; scripts/smoke.sh runs it over the installed package. */
function runExample(): string {
  const file = join(work.path, "example.mjs");
  const library = pathToFileURL(join(packageRoot, "src", "index.ts")).href;
  writeFileSync(file, EXAMPLE.replace('"ajar"', JSON.stringify(library)));
  return execFileSync(process.execPath, [file], { cwd: work.path, encoding: "utf8" });
}

describe("the documented example", () => {
  it("prints the headline, the verdicts, the components and the table of a made-up release", async () => {
    const printed = runExample();
    expect(printed).toMatch(/^(?:open|ajar|shut|unknown) - \S/u);
    expect(printed).toContain("osaid-1.0");
    expect(printed).toContain("weights found");
    expect(printed).toContain(await renderReport(await audit(request), "table"));
  });
});

describe("renderReport", () => {
  it.each(["json", "table"] as const)("gives the bytes of ajar audit -f %s", async (format) => {
    const { stdout } = await runInProcess(["audit", "./my-model", "--offline", "-f", format], { cwd: work.path });
    expect(await renderReport(await audit(request), format)).toBe(stdout);
  });

  it("takes the options of a terminal", async () => {
    const report = await audit(request);
    const text = await renderReport(report, "table", { language: "zh-Hans", color: true, width: 60 });
    expect(text).toContain("各项标准");
    expect(text).toContain("\u001b[");
  });

  it("refuses a format it does not have", async () => {
    const report = await audit(request);
    const asked = "word-perfect" as ReportFormat;
    await expect(renderReport(report, asked)).rejects.toMatchObject({ code: "BAD_OPTION", subject: "word-perfect" });
  });
});

describe("audit", () => {
  it("throws a coded error when there is nothing to report on", async () => {
    const failure = audit({ ...request, parts: [{ part: "all", reference: "./no-such-model" }] });
    await expect(failure).rejects.toBeInstanceOf(AjarError);
    await expect(failure).rejects.toMatchObject({ code: "BAD_REFERENCE", exitCode: 2 });
  });

  it("reports what could not be read instead of throwing", async () => {
    const broken = folderWith({ ...GOOD, "model.safetensors": brokenWeights() });
    const report = await audit({ ...request, parts: [{ part: "all", reference: broken.path }] });
    expect(report.coverage.complete).toBe(false);
    broken.remove();
  });

  it("takes globs as the command line does", async () => {
    const report = await audit({ ...request, exclude: ["*.json"] });
    expect(report.coverage.skipped).toMatchObject([{ path: "", reason: "excluded", partial: true }]);
  });

  it("stops when it is told to", async () => {
    const stopped = auditContext({ env: {}, cwd: work.path, signal: AbortSignal.abort() });
    await expect(audit({ ...request, context: stopped })).rejects.toThrow();
  });
});
