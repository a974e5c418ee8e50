// `--include` and `--exclude`: a partial audit is allowed, and never passes for a whole one.
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/core/report.ts";
import { folderWith, GOOD } from "./made-up-release.ts";
import { runInProcess } from "./run-in-process.ts";

const INDEX = JSON.stringify({ metadata: {}, weight_map: { "layer.weight": "model-1.safetensors" } });
const release = folderWith({
  ...GOOD,
  "train/train.py": "import torch\n",
  "data/LICENSE": "All rights reserved.\n",
  "data/one.csv": "a,b\n1,2\n",
  "data/.two.csv": "a,b\n",
  "model-1.safetensors": GOOD["model.safetensors"],
  "model.safetensors.index.json": INDEX,
});
const outside = folderWith({});
afterAll(() => {
  release.remove();
  outside.remove();
});

async function report(...options: readonly string[]): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, stdout } = await runInProcess(["audit", release.path, "-f", "json", ...options], { cwd: outside.path });
  return { code, report: JSON.parse(stdout) };
}

describe("--include and --exclude", () => {
  it("leave files out unlisted and unread, say how many in one row, and make the audit partial", async () => {
    const whole = await report();
    const { code, report: partial } = await report("--exclude", "data/**");
    expect([whole.code, code]).toEqual([0, 3]);
    expect(partial.coverage.complete).toBe(false);
    expect(partial.coverage.skipped.filter(({ reason }) => reason === "excluded")).toEqual([
      { path: "", reason: "excluded", source: release.path, partial: true, detail: "3 files, 1 document among them: --exclude data/**" },
    ]);
    expect(partial.coverage.filesListed).toBe(whole.report.coverage.filesListed - 3);
    expect(JSON.stringify({ ...partial, coverage: null })).not.toContain("data/");
  });

  it("leave nothing absent: what was not looked at may be there", async () => {
    const availability = ({ components }: Report): ReadonlySet<string> => new Set(components.map((component) => component.availability));
    expect(availability((await report()).report)).toContain("absent");
    expect(availability((await report("--exclude", "data/one.csv")).report)).not.toContain("absent");
    expect((await report("--exclude", "data/one.csv")).report.headline.because.map(({ id }) => id)).toContain(
      "standards.headline.search-incomplete",
    );
  });

  it("do not make a shard that was left out a missing one", async () => {
    const { report: partial } = await report("--exclude", "model-1.safetensors");
    expect(partial.findings.map(({ ruleId }) => ruleId)).not.toContain("formats/index-mismatch");
  });

  it("may be repeated, and an exclusion beats an inclusion", async () => {
    const { report: partial } = await report("--include", "*", "--include", "data/*", "--exclude", "**/*.csv");
    expect(partial.coverage.skipped[0]?.detail).toBe("3 files, 0 documents among them: --include * --include data/* --exclude **/*.csv");
  });

  it("change nothing when they leave nothing out", async () => {
    expect(await report("--exclude", "no/such/**")).toEqual(await report());
  });

  it("exit with 4 when nothing is left, and say why", async () => {
    const { code, stderr } = await runInProcess(["audit", release.path, "--include", "nothing/**"]);
    expect(code).toBe(4);
    expect(stderr).toContain("--include");
  });

  it("are refused with the option's name when they cannot mean anything", async () => {
    const { code, stderr } = await runInProcess(["audit", release.path, "--exclude", "{a,b}"]);
    expect([code, stderr.includes("--exclude")]).toEqual([2, true]);
  });

  it("can stand in the configuration, and the command line beats it", async () => {
    const configured = folderWith({ "ajar.yaml": "include: '**/*.md'\nexclude: [data/**, train/**]\n" });
    const config = ["--config", join(configured.path, "ajar.yaml")];
    expect((await report(...config)).report.coverage.skipped[0]?.detail).toContain(
      "--include **/*.md --exclude data/** --exclude train/**",
    );
    expect((await report(...config, "--exclude", "*.json")).report.coverage.skipped[0]?.detail).toContain(
      "--include **/*.md --exclude *.json",
    );
    configured.remove();
  });

  it.each(["en", "zh-Hans", "zh-Hant"])("are told of in %s", async (lang) => {
    const { stdout } = await runInProcess(["audit", release.path, "--exclude", "data/**", "--lang", lang]);
    expect(stdout).toMatch(/--exclude\s+data\/\*\*/u);
  });
});
