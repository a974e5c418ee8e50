import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCAN_SCHEMA_EQUALS_TYPES } from "../../src/reports/scan/schema.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { writeSafetensors } from "../formats/safetensors-writer.ts";
import { writeZip } from "../formats/zip-writer.ts";
import { call, global, none, pickle, text } from "../safety/pickle-writer.ts";
import { runInProcess } from "./run-in-process.ts";

const EVIL = pickle(call(global("os", "system"), text("echo pwned")));
const SAFE = writeSafetensors([{ name: "w", dtype: "F32", shape: [1], bytes: 4 }]);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  JSON.parse(readFileSync(join(packageRoot, "schema", "scan.schema.json"), "utf8")),
);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-scan-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function scan(...argv: readonly string[]) {
  return await runInProcess(["scan", ...argv], { cwd: folder, env: { CI: "1" } });
}

describe("ajar scan", () => {
  test("fails on a grave finding, and says where it is and what it rests on", async () => {
    write({ "pytorch_model.bin": EVIL, "README.md": "# hello" });
    const { code, stdout } = await scan(".", "-f", "json");
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.files).toMatchObject([
      { path: "pytorch_model.bin", format: "pickle", risk: "executes-by-design", coverage: { state: "full" } },
    ]);
    expect(report.findings[0]).toMatchObject({ ruleId: "PK01", severity: "critical", path: "pytorch_model.bin" });
    const [id] = report.findings[0].evidence;
    expect(report.evidence.find((piece: { id: string }) => piece.id === id)).toMatchObject({
      path: "pytorch_model.bin",
      span: { kind: "bytes", start: 2, end: 13 },
      digest: expect.stringMatching(/^sha256:[\da-f]{64}$/u),
    });
    expect(report.coverage).toMatchObject({ filesListed: 2, filesScanned: 2, complete: true });
    expect((await scan(".", "--fail-on", "none")).code).toBe(0);
    expect((await scan(".", "-f", "json")).stdout).toBe(stdout);
  });

  test("is content with what cannot run and is whole", async () => {
    write({ "model.safetensors": SAFE });
    const { code, stdout } = await scan("model.safetensors");
    expect([code, stdout]).toEqual([0, expect.stringContaining("nothing was found")]);
  });

  test("never calls clean what it did not understand", async () => {
    write({ "model.safetensors": SAFE, "weights.bin": Uint8Array.from([1, 2, 3, 0, 200, 7]) });
    const { code, stdout } = await scan(".");
    expect([code, stdout]).toEqual([3, expect.stringContaining("not clean")]);
    write({ "model.safetensors": SAFE.subarray(0, 20) });
    expect((await scan("model.safetensors")).code).toBe(3);
  });

  test("lowers what no loader opens, and says why", async () => {
    write({ "model.safetensors": SAFE, "pytorch_model.bin": EVIL, "optimizer.pt": EVIL });
    const { code, stdout } = await scan(".", "-f", "json");
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.findings.map(({ severity }: { severity: string }) => severity)).toEqual(["low", "low", "low", "low"]);
    expect(report.files.map(({ loaded, because }: { loaded: string; because: { id: string } }) => [loaded, because.id])).toEqual([
      ["first", "loaded.first"],
      ["no", "loaded.training"],
      ["no", "loaded.other-first"],
    ]);
  });

  test("reads archives as they lie, whatever is odd about them", async () => {
    write({ "model.zip": writeZip([{ path: "a/data.pkl", content: EVIL, method: 0, localName: "a/data.txt" }]) });
    const report = JSON.parse((await scan("model.zip", "-f", "json")).stdout);
    expect(report.findings.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(expect.arrayContaining(["PK01", "ZP01"]));
    expect(report.findings[0].path).toBe("model.zip!a/data.pkl");
    const listed = JSON.parse((await scan(".", "-f", "json")).stdout);
    expect(listed.files).toMatchObject([{ path: "model.zip", format: "pytorch-zip" }]);
  });

  test("counts unreviewed imports as high with --strict", async () => {
    write({ "a.pkl": pickle(global("mylib", "Model")) });
    expect((await scan("a.pkl", "--fail-on", "high")).code).toBe(0);
    expect((await scan("a.pkl", "--fail-on", "high", "--strict")).code).toBe(1);
  });

  test("takes several targets, patterns and languages, and scans side by side", async () => {
    write({ "a/x.pkl": pickle(none), "b/y.pkl": pickle(none), "b/z.pkl": EVIL });
    const both = JSON.parse((await scan("a", "b", "-j", "3", "-f", "json", "--exclude", "z.pkl")).stdout);
    expect(both.files.map(({ source, path }: { source: string; path: string }) => `${source} ${path}`)).toEqual(["a x.pkl", "b y.pkl"]);
    expect(both.coverage.complete).toBe(false);
    expect((await scan("a", "--lang", "zh-Hant")).stdout).toContain("檔案");
  });

  test("says what is wrong with its target or its options", async () => {
    expect((await scan("nowhere")).code).toBe(2);
    mkdirSync(join(folder, "empty"));
    expect((await scan("empty")).code).toBe(4);
    write({ "a.pkl": pickle(none) });
    expect(await scan("a.pkl", "-o", "sarif=a.sarif")).toMatchObject({ code: 2, stderr: expect.stringContaining("sarif") });
    expect((await scan()).code).toBe(2);
  });

  test("writes files whole", async () => {
    write({ "a.pkl": pickle(none) });
    await scan("a.pkl", "-o", "json=out.json");
    expect(JSON.parse(readFileSync(join(folder, "out.json"), "utf8")).$schema).toBe("urn:ajar:schema:scan:1.0.0");
    expect(SCAN_SCHEMA_EQUALS_TYPES).toBe(true);
  });
});
