import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeSafetensors } from "../formats/safetensors-writer.ts";
import { call, global, pickle, text } from "../safety/pickle-writer.ts";
import { runInProcess } from "./run-in-process.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-audit-files-"));
  writeFileSync(join(folder, "README.md"), "# A model\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function audit(...argv: readonly string[]) {
  const { code, stdout } = await runInProcess(["audit", folder, "-f", "json", ...argv], { env: { CI: "1" } });
  return { code, report: JSON.parse(stdout) };
}

test("an audit fails on weights that run commands, with the place as evidence", async () => {
  writeFileSync(join(folder, "pytorch_model.bin"), pickle(call(global("os", "system"), text("echo pwned"))));
  const { code, report } = await audit();
  expect(code).toBe(1);
  expect(report.findings[0]).toMatchObject({ ruleId: "PK01", severity: "critical", path: "pytorch_model.bin" });
  expect(report.evidence.map(({ id }: { id: string }) => id)).toContain(report.findings[0].evidence[0]);
  expect(report.files).toMatchObject([{ path: "pytorch_model.bin", format: "pickle", loaded: "first", coverage: { state: "full" } }]);
});

test("an audit says which files it did not understand, and holds that against nothing else", async () => {
  writeFileSync(join(folder, "model.safetensors"), writeSafetensors([{ name: "w", dtype: "F32", shape: [1], bytes: 4 }]));
  writeFileSync(join(folder, "extra.7z"), Buffer.from("7z\xbc\xaf\x27\x1c and more", "latin1"));
  const { report } = await audit();
  const archive = report.files.find(({ path }: { path: string }) => path === "extra.7z");
  expect(archive).toMatchObject({ coverage: { state: "none", code: "unsupported" } });
  expect(report.coverage.skipped).toContainEqual(expect.objectContaining({ path: "extra.7z", partial: false }));
  expect(report.coverage.complete).toBe(true);
});

test("an audit of documents scans nothing", async () => {
  writeFileSync(join(folder, "config.json"), '{"model_type": "llama"}');
  expect((await audit()).report.files).toEqual([]);
});
