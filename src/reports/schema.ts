// The report contract as a schema, kept equal to core/report.ts by the compiler (end of file). Never loaded by an audit:
// scripts/schema.ts makes schema/report.schema.json from it, and tests validate against that.
import { z } from "zod";
import { COMPONENT_IDS } from "../core/component.ts";
import { LICENSE_KINDS } from "../core/license.ts";
import { type Report, STANDARD_IDS } from "../core/report.ts";
import { SCHEMA_ID } from "./json.ts";
import { chainSchema } from "./schema-chain.ts";
import { dataSchema } from "./schema-data.ts";
import { identitySchema } from "./schema-identity.ts";
import { evidence, finding, ids, message, type Plain, policySchema, reportedFile, type Same } from "./schema-parts.ts";

const outcome = z.enum(["met", "not-met", "unknown"]).describe("unknown: what was seen does not settle it; never to be read as met.");
const standard = z.enum(STANDARD_IDS);
const statement = z.enum(["text", "card", "header", "pointer", "prose", "metadata"]);
const scope = z.array(z.enum(["code", "weights", "data", "documents"]));
const kind = z.enum(LICENSE_KINDS);
const reason = z.enum([
  "not-needed",
  "not-recorded",
  "gated",
  "over-limit",
  "unreadable",
  "malformed",
  "listing",
  "digest-mismatch",
  "unsupported",
  "symlink",
  "submodule",
  "lfs-pointer",
  "excluded",
]);

const criterion = z.strictObject({
  id: z.string().describe("`<standard>/<criterion>`."),
  result: outcome,
  because: z.array(message),
  missing: z.array(message).optional().describe("What would have to be seen for `met`."),
  level: z.string().optional().describe("Level under a graded standard."),
  range: z
    .strictObject({ low: z.string().describe("Lowest level."), high: z.string().describe("Highest level.") })
    .optional()
    .describe("Levels of a graded standard between which an unknown criterion lies."),
});

const verdict = z.strictObject({
  standard,
  profile: z.string().optional(),
  result: outcome,
  level: z.string().optional().describe("Class or label under the standard."),
  score: z.record(z.string(), z.number()).optional().describe("Only where the standard itself defines one."),
  criteria: z.array(criterion),
});

const component = z.strictObject({
  id: z.enum(COMPONENT_IDS),
  availability: z
    .enum(["found", "elsewhere", "gated", "claimed", "absent", "unknown"])
    .describe("found: seen here. elsewhere: on another host. gated: behind a form. claimed: prose only. absent: searched for, not there."),
  openness: z.enum(["open", "restricted", "closed", "unknown"]).describe("What the license seen for it allows."),
  licenses: z.array(z.string()),
  evidence: ids,
  places: z.array(z.string()).describe("Paths and URLs."),
  partial: z.boolean(),
});

const difference = z.strictObject({
  kind: z.enum(["inserted", "deleted"]),
  text: z.string(),
  normative: z.boolean(),
  evidence: z.string(),
});

const license = z.strictObject({
  id: z.string().describe("SPDX id, `LicenseRef-…`, `modified <id>`, `unknown` or `none`."),
  kind,
  scope,
  statement,
  evidence: ids,
  folder: z.string().optional().describe("Folder it governs; absent for the whole release."),
  about: z.string().optional().describe("Model, version or file that the statement is about; absent when it speaks of the release."),
  thirdParty: z.boolean().optional(),
  differences: z.array(difference).optional().describe("Sentences that differ from the license it resembles."),
  restrictions: z.array(z.strictObject({ term: z.string(), clause: z.string(), evidence: ids })).optional(),
});

const statements = z.strictObject({
  quantities: z.array(
    z.strictObject({
      quantity: z.string(),
      value: z.number(),
      unit: z.string(),
      subject: z.string().describe("Which model of a family; empty for the release."),
      stated: z.string().describe("As written."),
      evidence: ids,
    }),
  ),
  relations: z.array(z.strictObject({ relation: z.string(), target: z.string(), evidence: ids })),
  safety: z.array(z.strictObject({ topic: z.string(), evidence: ids })),
  claims: z.array(z.strictObject({ claim: z.string(), evidence: ids })),
});

const coverage = z.strictObject({
  filesListed: z.int().nonnegative(),
  filesRead: z.int().nonnegative(),
  bytesRead: z.int().nonnegative(),
  requests: z.int().nonnegative(),
  targetBytes: z.int().nonnegative().optional(),
  transfer: z
    .enum(["ranges", "whole"])
    .optional()
    .describe("Read in parts, or transferred whole because its format or host allows no parts."),
  skipped: z.array(
    z.strictObject({
      path: z.string(),
      reason,
      source: z.string(),
      partial: z.boolean().describe("True when the audit is incomplete because of it."),
      detail: z.string().optional(),
    }),
  ),
  complete: z.boolean().describe("False: the verdicts are provisional."),
});

const report = z.strictObject({
  schemaVersion: z.string(),
  tool: z.strictObject({ version: z.string(), rules: z.string().describe("Date and digest of the rules in force.") }),
  target: z.strictObject({
    ref: z.string(),
    sources: z.array(z.strictObject({ ref: z.string(), kind: z.string(), revision: z.string().nullable(), digest: z.string() })),
    digest: z.string().describe("Identity of what was audited."),
  }),
  headline: z.strictObject({
    word: z.enum(["open", "ajar", "shut", "unknown"]),
    label: z.string().describe("Label of the G7 2026 table."),
    because: z.array(message),
  }),
  verdicts: z.array(verdict),
  components: z.array(component),
  licenses: z.array(license),
  statements,
  findings: z.array(finding),
  files: z.array(reportedFile).describe("Files that a loader may open, read by range; `ajar scan` reads them whole."),
  gaps: z.array(
    z.strictObject({ standard, profile: z.string().optional(), to: z.string(), do: z.array(message).describe("In order of effect.") }),
  ),
  chain: chainSchema,
  coverage,
  identity: z.array(identitySchema).optional().describe("What each source is by its bytes; only with --digests full."),
  policy: policySchema.optional(),
  data: dataSchema.optional().describe("What is in the data; only with --rows."),
  evidence: z.array(evidence),
});

/** The published form: the report with `$schema` in front. */
const publishedReport = report.extend({ $schema: z.literal(SCHEMA_ID).optional() });

/** JSON Schema 2020-12 of the report, ready to be written. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(publishedReport, { target: "draft-2020-12" });
  return { $schema, $id: SCHEMA_ID, title: "Ajar report", description: "One audited AI model release.", ...rest };
}

/** Older reports name the schema of their own version. */
const savedReport = report.extend({ $schema: z.string().optional() });

/** A report of this major version, or the first thing that is wrong with it. What older ones lack is empty. */
export function parseReport(value: unknown): { readonly report: Report } | { readonly place: string; readonly problem: string } {
  const parsed = savedReport.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { place: `/${issue?.path.join("/") ?? ""}`, problem: issue?.message ?? "not a report" };
  }
  const { $schema: _, ...report } = parsed.data;
  // zod spells optional keys with `| undefined`; SCHEMA_EQUALS_TYPES below holds the two together.
  return { report: report as Report };
}

/** Does not compile when the schema and the types of core differ. */
export const SCHEMA_EQUALS_TYPES: Same<Plain<z.infer<typeof report>>, Plain<Report>> = true;
