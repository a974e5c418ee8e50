import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderReport } from "../../src/index.ts";
import { folderWith } from "../cli/made-up-release.ts";
import { type Ran, runInProcess } from "../cli/run-in-process.ts";
import { goldenReports, hostileReport } from "../reports/reports.ts";

let folder: ReturnType<typeof folderWith>;
beforeEach(async () => {
  folder = folderWith({});
  for (const [name, report] of [...goldenReports(), ["hostile", hostileReport()] as const]) {
    const named = name === "hostile" ? report : { ...report, target: { ...report.target, ref: `hf:made-up/${name}` } };
    writeFileSync(join(folder.path, `${name}.json`), await renderReport(named, "json"));
  }
});
afterEach(() => folder.remove());

function catalogue(...words: readonly string[]): Promise<Ran> {
  return runInProcess(["catalogue", ...words, "--catalogue", join(folder.path, "c.db")], { cwd: folder.path });
}

describe("ajar catalogue", () => {
  it("adds once, lists, filters, shows", async () => {
    const names = [...goldenReports().map(([name]) => `${name}.json`), "hostile.json"];
    expect((await catalogue("add", ...names)).stderr).toContain(`${names.length} added, 0 known`);
    expect((await catalogue("add", ...names)).stderr).toContain(`0 added, ${names.length} known`);
    const { releases } = JSON.parse((await catalogue("list", "-f", "json")).stdout);
    expect(releases).toHaveLength(names.length);
    const shown = await catalogue("show", releases.at(-1).key, "-f", "json");
    expect(JSON.parse(shown.stdout).target.digest).toBe(releases.at(-1).column.digest);
    const none = await catalogue("list", "--where", "word=no-such-word");
    expect(none).toMatchObject({ code: 0 });
    expect((await catalogue("list", "--limit", "2")).stderr).toContain("--after");
    expect((await catalogue("matrix", "-f", "csv")).stdout).toContain("training-code");
  });

  it.each([
    [["add"], "FILE"],
    [["show"], "RELEASE"],
    [["show", "hf:no/such"], "NOT_FOUND"],
    [["list", "--where", "nonsense"], "CELL=VALUE"],
    [["open"], "open"],
  ])("%j is refused", async (words, problem) => {
    const { code, stderr } = await catalogue(...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(problem);
  });

  it("says what is wrong with a file that is no database, and leaves it alone", async () => {
    writeFileSync(join(folder.path, "c.db"), "this is a diary, not a database, and long enough to be looked at ".repeat(20));
    const { code, stderr } = await catalogue("list");
    expect(code).toBe(2);
    expect(stderr).toContain("STORE_UNUSABLE");
  });

  it("refuses an address that is no PostgreSQL", async () => {
    const { code, stderr } = await runInProcess(["catalogue", "list"], { env: { AJAR_DATABASE_URL: "mysql://x" } });
    expect(code).toBe(2);
    expect(stderr).toContain("AJAR_DATABASE_URL");
  });
});
