// Writes schema/report.schema.json from src/reports/schema.ts. `--check` fails when the file is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportJsonSchema } from "../src/reports/schema.ts";

const folder = join(import.meta.dirname, "..", "schema");
const file = join(folder, "report.schema.json");
const content = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, content);
} else if (readFileSync(file, "utf8") !== content) {
  console.error("schema/report.schema.json is stale: run `npm run schema`");
  process.exitCode = 1;
}
