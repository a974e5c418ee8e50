// Whole outputs as a reader sees them; `npm run golden` writes them anew, the diff is reviewed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";

/** Holds a text against the file that was reviewed; `file` counts from test/golden. */
export function compareGolden(file: string, content: string): void {
  const path = join(import.meta.dirname, "..", "golden", file);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  expect(existsSync(path), `${file} is missing: run npm run golden`).toBe(true);
  expect(content).toBe(readFileSync(path, "utf8"));
}
