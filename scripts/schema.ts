// Writes schema/*.schema.json from src/reports. `--check` fails when a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scanJsonSchema } from "../src/reports/scan/schema.ts";
import { reportJsonSchema } from "../src/reports/schema.ts";
import { useJsonSchema } from "../src/reports/use/schema.ts";

const folder = join(import.meta.dirname, "..", "schema");
const schemas: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["report", reportJsonSchema()],
  ["scan", scanJsonSchema()],
  ["use", useJsonSchema()],
];

for (const [name, schema] of schemas) {
  const file = join(folder, `${name}.schema.json`);
  const content = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes("--check")) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, content);
  } else if (readFileSync(file, "utf8") !== content) {
    console.error(`schema/${name}.schema.json is stale: run \`npm run schema\``);
    process.exitCode = 1;
  }
}
