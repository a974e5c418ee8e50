import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../test/cli/sample-report.ts";
import { packageRoot } from "../rules/load.ts";
import { render, toJson } from "./json.ts";
import { reportJsonSchema, SCHEMA_EQUALS_TYPES } from "./schema.ts";

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile({ ...reportJsonSchema() });

describe("the report's JSON Schema", () => {
  it("is equal to the types by compilation, and the published file is fresh", () => {
    expect(SCHEMA_EQUALS_TYPES).toBe(true);
    expect(JSON.parse(readFileSync(join(packageRoot, "schema", "report.schema.json"), "utf8"))).toEqual(reportJsonSchema());
  });

  it("accepts what the JSON report prints", () => {
    validate(JSON.parse(render(sampleReport)));
    expect(validate.errors).toBeNull();
  });

  it("refuses an unknown key, a missing block and a word outside the contract", () => {
    const bad = [
      { ...sampleReport, extra: 1 },
      { ...sampleReport, coverage: undefined },
      { ...sampleReport, headline: { ...sampleReport.headline, word: "mostly open" } },
    ];
    for (const report of bad) expect(validate(JSON.parse(JSON.stringify(report)))).toBe(false);
  });
});

describe("the JSON report", () => {
  it("names its schema first, keeps the contract's order and ends in one newline", () => {
    const json = render(sampleReport);
    expect(Object.keys(JSON.parse(json)).slice(0, 4)).toEqual(["$schema", "schemaVersion", "tool", "target"]);
    expect(json.endsWith("}\n")).toBe(true);
    expect(json).toBe(render(sampleReport));
  });

  it("holds no character that acts on a terminal, and loses none", () => {
    const json = render(sampleReport);
    expect(json).not.toMatch(/[\u202a-\u202e]/u);
    expect(json).not.toContain("\u001b");
    const { $schema, ...parsed } = JSON.parse(json);
    expect(parsed).toEqual(sampleReport);
    expect($schema).toContain(sampleReport.schemaVersion);
    expect(toJson("\u009b")).toBe('"\\u009b"\n');
  });
});
