// Packages of PyPI that tests compare with, in a folder of their own below the system's temporary folder; kept between runs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Python with these packages installed; null, with the reason on stderr, where it cannot be had. */
export function pythonWith(...packages: readonly string[]): string | null {
  const name = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `ajar-test-python-${process.getuid?.() ?? 0}`, name);
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed");
  if (existsSync(done)) return python;
  if (process.env["AJAR_TEST_OFFLINE"] === "1") return skip("AJAR_TEST_OFFLINE is set", packages);
  mkdirSync(folder, { recursive: true });
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 300_000 });
    if (status !== 0) return skip(error?.message ?? stderr.trim().split("\n").at(-1) ?? "failed", packages);
  }
  writeFileSync(done, packages.join("\n"));
  return python;
}

function skip(reason: string, packages: readonly string[]): null {
  process.stderr.write(`skipped: comparison with ${packages.join(", ")} (${reason})\n`);
  return null;
}
