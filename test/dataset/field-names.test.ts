// Keys that are somebody's: no report holds them.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FieldNames } from "../../src/dataset/field-names.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { fakePatterns } from "./fake-patterns.ts";

const MAIL = "jane.roe88@yahoo.com";
const TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
const LONG = `${"k".repeat(110)} ${MAIL}`;
const CARD = "4111111111111111";
const rows = [{ users: { [MAIL]: { card: CARD }, [TOKEN]: { card: CARD }, [LONG]: { card: CARD } } }, { [`a/${MAIL}`]: "paid" }];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-field-names-"));
  writeFileSync(join(folder, "a.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeFileSync(join(folder, "b.csv"), `id,${MAIL}\n1,${CARD}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectNone(written: string): void {
  for (const own of [MAIL, TOKEN, CARD, "jane.roe", "ghp_16C7"]) expect(written).not.toContain(own);
}

describe("keys that are somebody's own", () => {
  test.each(["table", "markdown"])("are masked in ajar data -f %s", async (format) => {
    const { stdout } = await runInProcess(["data", folder, "--rows", "full", "-f", format]);
    expect(stdout).toContain("/card: 9999999999999999");
    expectNone(stdout);
  });

  test("a word of broken JSON is not repeated", async () => {
    const broken = join(folder, "broken.json");
    writeFileSync(broken, `{"a": 1${CARD}x, "b": 2}`);
    const { stdout } = await runInProcess(["data", broken, "--rows", "full", "-f", "json"]);
    rmSync(broken);
    expect(stdout).toContain("no JSON: a word is no value");
    expect(stdout).not.toContain(CARD);
  });

  test.each(["json", "html"])("are masked in ajar data -f %s", async (format) => {
    const { stdout } = await runInProcess(["data", folder, "--rows", "full", "-f", format]);
    expect(stdout).toContain("/users/aaaa.aaa99@aaaaa.aaa");
    expectNone(stdout);
  });

  test.each(["json", "html", "csv"])("are masked in ajar audit --rows -f %s", async (format) => {
    const { stdout } = await runInProcess(["audit", folder, "--rows", "full", "-f", format]);
    expect(stdout).toContain("a.jsonl");
    expectNone(stdout);
  });

  test("are masked in parts of a plan", async () => {
    const out = mkdtempSync(join(tmpdir(), "ajar-field-parts-"));
    try {
      const plan = join(out, "plan.json");
      const parts = join(out, "parts");
      expect((await runInProcess(["data", "shard", "plan", folder, "--rows", "full", "-o", plan])).code).toBe(0);
      expect((await runInProcess(["data", "shard", "run", plan, "--parts", parts])).code).toBe(0);
      const written = readdirSync(parts).map((name) => readFileSync(join(parts, name), "utf8"));
      expect(written.join("")).toContain("aaaa.aaa99@aaaaa.aaa");
      expectNone(written.join(""));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  test("are found by who has them, and not shown", async () => {
    const { stdout, code } = await runInProcess(["data", "find", folder, "--value-stdin"], { stdin: MAIL });
    expect(code).toBe(1);
    expect(stdout).toContain("aaaa.aaa99@aaaaa.aaa");
    expectNone(stdout);
  });
});

describe("names", () => {
  test("of no one are as they were", () => {
    const names = new FieldNames(fakePatterns());
    for (const name of ["", "text", "/messages/*/content", "/a~1b/c~0d", "#3"]) expect(names.of(name)).toEqual({ shown: name, found: [] });
  });

  test("hold no value wherever it stands, remembered or not", () => {
    const names = new FieldNames(fakePatterns());
    const key = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 4 }), key, (before, behind) => {
        const path = [...before, `${behind} somebody7@example.org`].map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"));
        const name = `/${path.join("/")}`;
        expect(names.of(name).shown).not.toContain("somebody7@");
        expect(names.of(name).found).toContain("somebody7@example.org");
      }),
    );
  });
});
