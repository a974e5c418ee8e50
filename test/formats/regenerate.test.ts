// Writes the fixtures anew with today's libraries and expects the same tensors. AJAR_FORMATS_PYTHON names a Python that has them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareText } from "../../src/core/text.ts";

const python = process.env["AJAR_FORMATS_PYTHON"] ?? "";
if (python === "")
  writeSync(2, "skipped: AJAR_FORMATS_PYTHON names no Python with the formats' libraries, so no fixture was written anew\n");
const script = join(import.meta.dirname, "..", "..", "scripts", "make-format-fixtures.py");

type Expected = Readonly<
  Record<string, { readonly tensors: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[] }>
>;

/** Libraries number their objects; the numbers differ from run to run. */
function lists(file: string): ReadonlyMap<string, readonly string[]> {
  const expected = JSON.parse(readFileSync(file, "utf8")) as Expected;
  return new Map(
    Object.entries(expected).map(([path, { tensors }]) => {
      const rows = tensors.map(({ name, dtype, shape }) => `${name.replaceAll(/\d+/gu, "#")} ${dtype} [${shape.join(", ")}]`);
      return [path, rows.sort(compareText)] as const;
    }),
  );
}

test.skipIf(python === "")(
  "fixtures written anew hold the same tensors",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-fixtures-"));
    try {
      const { status, stderr } = spawnSync(python, [script, "--out", folder], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      const kept = lists(join(import.meta.dirname, "fixtures", "expected.json"));
      const fresh = lists(join(folder, "expected.json"));
      expect(fresh.size).toBeGreaterThan(0);
      for (const [path, rows] of fresh) expect([path, rows]).toEqual([path, kept.get(path)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  600_000,
);
