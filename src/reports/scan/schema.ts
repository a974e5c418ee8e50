// The contract of `ajar scan -f json` as a schema. Never loaded by a scan: scripts/schema.ts makes schema/scan.schema.json from it.
import { z } from "zod";
import type { ScanReport } from "../../core/scan.ts";
import { evidence, finding, type Plain, reportedFile, type Same } from "../schema-parts.ts";
import { SCAN_SCHEMA_ID } from "./json.ts";

const scan = z.strictObject({
  schemaVersion: z.string(),
  tool: z.strictObject({ version: z.string(), rules: z.string().describe("Date and digest of the rules in force.") }),
  target: z.strictObject({ sources: z.array(z.strictObject({ ref: z.string(), kind: z.string(), revision: z.string().nullable() })) }),
  files: z
    .array(reportedFile)
    .describe("Files that a reader knows or that could not be understood; plain text and pictures are only counted."),
  findings: z.array(finding),
  coverage: z.strictObject({
    filesListed: z.int().nonnegative(),
    filesScanned: z.int().nonnegative(),
    bytesRead: z.int().nonnegative(),
    requests: z.int().nonnegative(),
    problems: z.array(z.strictObject({ source: z.string(), detail: z.string() })).describe("What kept a listing from being complete."),
    complete: z.boolean().describe("Every listed file was read and understood in full."),
  }),
  evidence: z.array(evidence),
});

/** JSON Schema 2020-12 of a scan, ready to be written. */
export function scanJsonSchema(): Readonly<Record<string, unknown>> {
  const published = scan.extend({ $schema: z.literal(SCAN_SCHEMA_ID).optional() });
  const { $schema, ...rest } = z.toJSONSchema(published, { target: "draft-2020-12" });
  return { $schema, $id: SCAN_SCHEMA_ID, title: "Ajar scan", description: "What loading the files of a release can do.", ...rest };
}

/** Does not compile when the schema and the types of core differ. */
export const SCAN_SCHEMA_EQUALS_TYPES: Same<Plain<z.infer<typeof scan>>, Plain<ScanReport>> = true;
