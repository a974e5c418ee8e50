// `ajar audit` as a user meets it: real processes over made-up releases.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { textWidth } from "../../src/reports/width.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { folderWith, GOOD } from "./made-up-release.ts";
import { spawnAjar } from "./spawn-ajar.ts";

const release = folderWith(GOOD);
const out = folderWith({});
afterAll(() => {
  release.remove();
  out.remove();
});

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  JSON.parse(readFileSync(join(packageRoot, "schema", "report.schema.json"), "utf8")),
);

describe("ajar audit", () => {
  it("prints a report that follows the published schema, and the same bytes twice", async () => {
    const first = await spawnAjar(["audit", release.path, "-f", "json"]);
    const second = await spawnAjar(["audit", release.path, "-f", "json"]);
    validate(JSON.parse(first.stdout));
    expect(validate.errors).toBeNull();
    expect(second.stdout).toBe(first.stdout);
  });

  it("writes several files in one run, whole and without colour", async () => {
    const files = { json: join(out.path, "a.json"), table: join(out.path, "b.txt") };
    const { stdout, code } = await spawnAjar(["audit", release.path, "-o", `json=${files.json}`, "-o", `table=${files.table}`, "--color"]);
    expect(code).toBe(0);
    expect(stdout).toContain("\u001b[");
    expect(readFileSync(files.table, "utf8")).not.toContain("\u001b");
    expect(JSON.parse(readFileSync(files.json, "utf8")).headline.word).toBeTypeOf("string");
    expect(readdirSync(out.path).sort()).toEqual(["a.json", "b.txt"]);
  });

  it("leaves standard output alone when a plain file takes the report", async () => {
    const file = join(out.path, "c.json");
    const { stdout, stderr } = await spawnAjar(["audit", release.path, "-o", file, "-q"]);
    expect([stdout, stderr]).toEqual(["", ""]);
    expect(JSON.parse(readFileSync(file, "utf8")).target.ref).toBe(release.path);
  });

  it.each(["en", "zh-Hans", "zh-Hant"])("has a text in %s for everything it says, within 80 columns", async (lang) => {
    const { stdout, code } = await spawnAjar(["audit", release.path, "--lang", lang, "--verbose"]);
    expect(code).toBe(0);
    for (const line of stdout.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });

  it("speaks the locale's language in texts only", async () => {
    const english = await spawnAjar(["audit", release.path, "-f", "json"]);
    const chinese = await spawnAjar(["audit", release.path, "-f", "json"], { env: { LANG: "zh_CN.UTF-8" } });
    expect(chinese.stdout).toBe(english.stdout);
    expect((await spawnAjar(["audit", release.path], { env: { LANG: "zh_CN.UTF-8" } })).stdout).toContain("各项标准");
  });

  it("keeps to the standards asked for", async () => {
    const { stdout } = await spawnAjar(["audit", release.path, "--standard", "osaid,eu", "-f", "json"]);
    const standards: { standard: string }[] = JSON.parse(stdout).verdicts;
    expect(new Set(standards.map(({ standard }) => standard))).toEqual(new Set(["osaid-1.0", "eu-ai-act-53-2"]));
  });

  it("audits each target of a list and tells the gravest exit code", async () => {
    const stdin = `# two targets\n${release.path}\n\nno/such/path/here\n`;
    const { stdout, stderr, code } = await spawnAjar(["audit", "-", "-f", "json"], { stdin });
    const results = JSON.parse(stdout);
    expect(results.length).toBe(2);
    expect(results[0].target.ref).toBe(release.path);
    expect(results[1].error.code).toBe("BAD_REFERENCE");
    expect(stderr).toContain("BAD_REFERENCE");
    expect(code).toBe(2);
  });

  it("does not take configuration from the release that it audits", async () => {
    const hostile = folderWith({ ...GOOD, "ajar.yaml": "format: json\nfail-on: none\n" });
    const { stdout, stderr } = await spawnAjar(["audit", "."], { cwd: hostile.path });
    hostile.remove();
    expect(stdout.startsWith("{")).toBe(false);
    expect(stderr).toContain("--config");
  });

  it("is quiet when its reader leaves", () => {
    const program = join(packageRoot, "src", "bin.ts");
    const script = `'${process.execPath}' '${program}' audit '${release.path}' --verbose | head -n 1`;
    const said = execFileSync("bash", ["-c", script], { encoding: "utf8" });
    expect(said.trim().split("\n")).toEqual([release.path]);
  });
});
