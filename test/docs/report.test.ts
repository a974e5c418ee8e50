// docs/report.md names every key and every word of the contract.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reportJsonSchema } from "../../src/reports/schema.ts";
import { packageRoot } from "../../src/rules/load.ts";

/** Names of properties and words of enumerations below a part of a JSON Schema. */
function wordsOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(wordsOf);
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === "properties") return [...Object.keys(value), ...Object.values(value).flatMap(wordsOf)];
    return key === "enum" ? value : wordsOf(value);
  });
}

describe("docs/report.md", () => {
  const page = readFileSync(join(packageRoot, "docs", "report.md"), "utf8");
  const named = new Set([...page.matchAll(/[`"]([$\w.-]+)[`"]/gu)].map((match) => match[1]));
  const words = [...new Set(wordsOf(reportJsonSchema()))].sort();

  it("names every key and every word of the schema", () => {
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((word) => !named.has(word))).toEqual([]);
  });
});
