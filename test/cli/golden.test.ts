// Whole reports as a reader sees them; `npm run golden` writes them anew, the diff is reviewed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { render as renderJson } from "../../src/reports/json.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { render as renderTable } from "../../src/reports/table.ts";
import { sampleReport } from "./sample-report.ts";

const folder = join(import.meta.dirname, "..", "golden", "sample");

function compare(name: string, content: string): void {
  const file = join(folder, name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, content);
  }
  expect(existsSync(file), `${name} is missing: run npm run golden`).toBe(true);
  expect(content).toBe(readFileSync(file, "utf8"));
}

describe("golden reports", () => {
  it.each(LANGUAGES)("the table in %s is as reviewed", (language) => {
    compare(`table.${language}.txt`, renderTable(sampleReport, { language, verbose: false, color: false, width: 80 }));
  });

  it("the JSON is as reviewed", () => {
    compare("report.json", renderJson(sampleReport));
  });
});
