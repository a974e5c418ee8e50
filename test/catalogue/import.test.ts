// Many reports in, any number of rows out.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderWith } from "../cli/made-up-release.ts";
import { type Around, type Ran, runInProcess } from "../cli/run-in-process.ts";
import { goldenReports, hostileReport } from "../reports/reports.ts";

const golden = goldenReports().map(([name, report]) => ({ ...report, target: { ...report.target, ref: `hf:made-up/${name}` } }));
const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

let folder: ReturnType<typeof folderWith>;
const at = (name: string): string => join(folder.path, name);
beforeEach(() => {
  folder = folderWith({});
});
afterEach(() => folder.remove());

function catalogue(words: readonly string[], around: Around = {}): Promise<Ran> {
  return runInProcess(["catalogue", ...words, "--catalogue", at("c.db")], { cwd: folder.path, ...around });
}

async function imported(words: readonly string[], around: Around = {}): Promise<Ran & { readonly counts: unknown }> {
  const ran = await catalogue(["import", ...words, "-f", "json"], around);
  return { ...ran, counts: JSON.parse(ran.stdout) };
}

describe("ajar catalogue import", () => {
  it("takes folders, files, lists and lines, each report once, and finds them again", async () => {
    mkdirSync(at("in/deep"), { recursive: true });
    const [first, second, ...others] = golden;
    writeFileSync(at("in/a.json"), JSON.stringify(first));
    writeFileSync(at("in/deep/b.json"), JSON.stringify([first, second]));
    writeFileSync(at("in/deep/c.jsonl"), `\n${lines(others)}\r\n`);
    writeFileSync(at("in/notes.txt"), "not looked at");
    writeFileSync(at("elsewhere.json"), "{}");
    symlinkSync(at("elsewhere.json"), at("in/link.json"));
    expect((await imported(["in"])).counts).toEqual({ added: golden.length, known: 1, skipped: {} });
    const again = await imported(["in", "in/a.json"]);
    expect(again).toMatchObject({ code: 0, counts: { added: 0, known: golden.length + 2, skipped: {} } });
  });

  it("reads lines of standard input", async () => {
    expect((await imported(["-"], { stdin: lines(golden) })).counts).toMatchObject({ added: golden.length });
  });

  it("passes over what it cannot read, names it and the reason, and exits with 3", async () => {
    const [first] = golden;
    writeFileSync(at("a.jsonl"), `${lines([first])}{"half": \n${lines([{ schemaVersion: "9.0.0" }, [{ error: {} }, hostileReport()]])}`);
    const { code, counts, stderr } = await imported(["a.jsonl"]);
    expect(code).toBe(3);
    expect(counts).toEqual({ added: 2, known: 0, skipped: { BAD_REPORT: 3 } });
    expect(stderr).toContain("a.jsonl:2: not JSON [BAD_REPORT]");
    expect(stderr).toContain("a.jsonl:3: schema version 9.0.0");
    expect(stderr).toContain("a.jsonl:4: holds the error of an audit");
    const chinese = await catalogue(["import", "a.jsonl", "--lang", "zh-Hans"]);
    expect(chinese.stderr).toContain("略过 3 份");
  });

  it("tells twenty of many, and counts the rest", async () => {
    writeFileSync(at("a.jsonl"), "x\n".repeat(50));
    const { stderr, counts } = await imported(["a.jsonl"]);
    expect(counts).toMatchObject({ skipped: { BAD_REPORT: 50 } });
    expect(stderr.match(/not JSON/gu)).toHaveLength(20);
    expect(stderr).toContain("30 of those");
  });

  it.each([
    [["import"], "PATH"],
    [["import", "no-such-folder"], "NOT_FOUND"],
  ])("%j is refused", async (words, problem) => {
    const { code, stderr } = await catalogue(words);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain(problem);
  });
});

describe("ajar catalogue query", () => {
  beforeEach(async () => {
    await imported(["-"], { stdin: lines([...golden, hostileReport()]) });
  });

  it("writes all that match as CSV, one line a release, under names that a filter takes", async () => {
    const { parse } = await import("yaml");
    const { stdout } = await catalogue(["query", "-f", "csv", "--where", "publisher=made-up"]);
    const [head = "", ...rows] = stdout.trimEnd().split("\n");
    expect(rows).toHaveLength(golden.length);
    const columns = head.split(",");
    for (const row of rows) expect(row.split(",").length).toBeGreaterThanOrEqual(columns.length);
    const [row = ""] = rows;
    const cell = (name: string): string => row.split(",")[columns.indexOf(name)] ?? "";
    const found = await catalogue([
      "query",
      "-f",
      "json",
      "--where",
      `component:weights=${cell("component:weights")}`,
      "--where",
      `standard:osaid-1.0=${cell("standard:osaid-1.0")}`,
    ]);
    expect(parse(found.stdout).map(({ key }: { readonly key: string }) => key)).toContain(cell("release"));
  });

  it("writes JSON that parses, also of nothing, and stops at the limit", async () => {
    expect(JSON.parse((await catalogue(["query", "-f", "json"])).stdout)).toHaveLength(golden.length + 1);
    expect(JSON.parse((await catalogue(["query", "-f", "json", "--limit", "2"])).stdout)).toHaveLength(2);
    expect(JSON.parse((await catalogue(["query", "-f", "json", "no-such-word-anywhere"])).stdout)).toEqual([]);
  });

  it("goes on over pages", async () => {
    const [base] = golden;
    if (base === undefined) throw new Error("no golden");
    const many = Array.from({ length: 501 }, (_, index) => ({
      ...base,
      evidence: [],
      target: { ...base.target, ref: `hf:many/m${index}`, digest: `sha256:${String(index).padStart(64, "0")}` },
    }));
    await imported(["-"], { stdin: lines(many) });
    const { stdout } = await catalogue(["query", "-f", "csv", "--where", "publisher=many"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(502);
    expect(new Set(JSON.parse((await catalogue(["query", "-f", "json", "--where", "publisher=many"])).stdout).map(keyOf)).size).toBe(501);
  });

  it("shows a list to people, and makes a hostile name harmless in a spreadsheet", async () => {
    expect((await catalogue(["query", "whole-release"])).stdout).toContain("hf:made-up/whole-release");
    expect((await catalogue(["query", "-f", "csv"])).stdout).not.toMatch(/(?:^|,)"?[=+@]/mu);
  });
});

describe("formats and names of actions", () => {
  it.each([
    ["list", "csv"],
    ["query", "html"],
    ["matrix", "sarif"],
    ["queue", "csv"],
  ])("%s refuses %s", async (action, format) => {
    const { code, stderr } = await catalogue([action, "-f", format]);
    expect(code).toBe(2);
    expect(stderr).toContain(format);
  });

  it("show writes any format of a report", async () => {
    await imported(["-"], { stdin: lines(golden) });
    expect((await catalogue(["show", "hf:made-up/whole-release", "-f", "html"])).stdout).toContain("<!doctype html>");
  });

  it("serve is ui, options and help too", async () => {
    const served = await runInProcess(["catalogue", "serve", "--help"]);
    expect(served).toEqual(await runInProcess(["ui", "--help"]));
    expect((await runInProcess(["catalogue", "serve", "--host", "0.0.0.0", "--allow-local"])).stderr).toContain("--allow-local");
    expect((await catalogue(["-v", "serve"])).stderr).toContain("ajar catalogue serve");
  });
});

function keyOf({ key }: { readonly key: string }): string {
  return key;
}
