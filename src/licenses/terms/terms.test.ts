import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { termsFileSchema } from "../../../scripts/terms-schema.ts";
import { loadRule } from "../../rules/load.ts";
import { licenseById } from "../records.ts";
import { termsOf } from "./terms.ts";

const ids = readdirSync(join(import.meta.dirname, "../../../rules/terms")).map((name) => name.replace(/\.yaml$/u, ""));

describe("termsOf", () => {
  it("gives the record of an id, and null for others", () => {
    expect(termsOf("MIT")?.uses.commercial.permission).toBe("allowed");
    for (const id of ["", "mit", "No-Such", "../licenses/OpenMDW-1.0", "__proto__"]) expect(termsOf(id), id).toBeNull();
  });
});

describe.each(ids)("rules/terms/%s.yaml", (id) => {
  it("has the shape of a record, under the id of a license that Ajar knows", () => {
    const file = termsFileSchema.parse(loadRule("terms", id));
    expect(file.id).toBe(id);
    expect(licenseById(id)?.id).toBe(id);
  });
});
