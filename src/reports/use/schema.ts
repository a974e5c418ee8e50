// The contract of `ajar use -f json` as a schema. Never loaded by the command: scripts/schema.ts makes schema/use.schema.json from it.
import { z } from "zod";
import { REACHES, RELATIONS } from "../../core/chain.ts";
import { COMPONENT_IDS } from "../../core/component.ts";
import { CONDITION_KINDS, DUTY_KINDS, EFFECTS, MEASURES, MODEL_KINDS, PERMISSIONS, PURPOSES, SCOPES, USES } from "../../core/terms.ts";
import { ANSWERS, CHECK_STATES, REVIEW_REASONS, USE_PARTS, type UseReport } from "../../core/use.ts";
import { chainNodes } from "../schema-chain.ts";
import { evidence, ids, message, type Plain, policySchema, type Same } from "../schema-parts.ts";
import { USE_SCHEMA_ID } from "./json.ts";

const use = z.enum(USES);
const part = z
  .enum(USE_PARTS)
  .describe("weights: the model, with all it derives from. data, code: those in the release, by their own licenses.");
const answer = z.enum(ANSWERS).describe("review: a person must look; never to be read as allowed.");
const clause = {
  clause: z.string().describe("The license's own numbering; empty where it numbers nothing."),
  in: z.string().optional().describe("Document that the clause is in, where the license incorporates it."),
  summary: z.string().describe("The term in Ajar's words."),
};
const cited = {
  license: z.string(),
  ...clause,
  reach: z.enum(REACHES).describe("How the license comes to bear on the part."),
  path: z
    .array(z.strictObject({ relation: z.enum(RELATIONS), node: z.string() }))
    .describe("From the release up to the node that states the license."),
  evidence: ids,
};
const asserted = z.string().optional().describe("Id of the override that says so.");

const size = z.strictObject({
  kind: z.literal("size"),
  measure: z.enum(MEASURES),
  above: z.number(),
  inclusive: z.literal(true).optional().describe("Binds at the number too."),
  counted: z.enum(["release-date", "always"]).describe("release-date: only the number on that day counts."),
  date: z.string().optional(),
  effect: z.enum(EFFECTS),
  ...clause,
});
const scope = z.enum(SCOPES).optional().describe("Models that it is limited to.");
const condition = z.union([
  size,
  z.strictObject({ kind: z.literal("region"), regions: z.array(z.string()), by: z.enum(["use", "domicile"]), scope, ...clause }),
  z.strictObject({ kind: z.literal("purpose"), only: z.tuple([z.enum(PURPOSES)], z.enum(PURPOSES)), ...clause }),
  z.strictObject({ kind: z.literal("non-commercial-party"), ...clause }),
  z.strictObject({ kind: z.literal("field-of-use"), policy: z.string().optional(), ...clause }),
  z.strictObject({ kind: z.literal("own-family"), family: z.string(), ...clause }),
  z.strictObject({ kind: z.literal("model-kind"), barred: z.enum(MODEL_KINDS), ...clause }),
  z.strictObject({ kind: z.literal("registration"), url: z.string().optional(), ...clause }),
  z.strictObject({ kind: z.literal("review"), ...clause }),
]);

const partAnswer = z.strictObject({
  part,
  components: z.array(z.enum(COMPONENT_IDS)),
  licenses: z.array(z.string()),
  asserted,
  answer,
  reasons: z.array(z.enum(REVIEW_REASONS)).describe("Why a person must look; empty unless the answer is review."),
  because: z.array(z.strictObject({ ...cited, permission: z.enum(PERMISSIONS), asserted })),
  checks: z
    .array(
      z.strictObject({
        ...cited,
        state: z
          .enum(CHECK_STATES)
          .describe("met, failed: by what was asked. open: a person must say. asserted: a reviewer says that it holds."),
        condition,
        certain: z.boolean().describe("False where it may not reach the release at all."),
        asserted,
      }),
    )
    .describe("Conditions, those that stand in the way first."),
});

const assertion = z.strictObject({
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  until: z.string().describe("Day, YYYY-MM-DD, from which it no longer holds."),
  says: z.union([
    z.strictObject({ kind: z.literal("license"), part: part.optional(), node: z.string().optional(), license: z.string() }),
    z.strictObject({
      kind: z.literal("checked"),
      license: z.string(),
      condition: z.enum(CONDITION_KINDS),
      clause: z.string().optional(),
      uses: z.array(use).optional(),
    }),
    z.strictObject({ kind: z.literal("agreement"), license: z.string(), uses: z.array(use) }),
  ]),
});

const answers = z.strictObject({
  schemaVersion: z.string(),
  tool: z.strictObject({ version: z.string(), rules: z.string().describe("Date and digest of the rules in force.") }),
  target: z.strictObject({
    ref: z.string(),
    sources: z.array(z.strictObject({ ref: z.string(), kind: z.string(), revision: z.string().nullable(), digest: z.string() })),
    digest: z.string(),
  }),
  notice: message.describe("That this is no legal advice."),
  asked: z.strictObject({
    uses: z.array(use),
    users: z.number().optional(),
    revenue: z.number().optional().describe("US dollars a year."),
    region: z.string().optional(),
    asOf: z.string(),
  }),
  answers: z.array(z.strictObject({ use, answer, parts: z.tuple([partAnswer], partAnswer) })),
  duties: z.array(
    z.strictObject({
      ...cited,
      kind: z.enum(DUTY_KINDS),
      part,
      on: z.array(use),
      words: z.string().optional().describe("Words to show or to begin a name with, verbatim."),
      above: z.array(size).optional().describe("Binds only above one of these."),
      certain: z.boolean(),
    }),
  ),
  disputes: z.array(z.strictObject({ part, ruleId: z.string(), message, evidence: ids, asserted })),
  asserted: z.array(assertion).describe("What named people assert; kept apart from what was observed."),
  expired: z.array(assertion).describe("Ignored, since their day has passed."),
  chain: z.strictObject({ nodes: chainNodes, complete: z.boolean() }),
  coverage: z.strictObject({ complete: z.boolean() }),
  policy: policySchema.optional(),
  evidence: z.array(evidence),
});

/** JSON Schema 2020-12 of an answer, ready to be written. */
export function useJsonSchema(): Readonly<Record<string, unknown>> {
  const published = answers.extend({ $schema: z.literal(USE_SCHEMA_ID).optional() });
  const { $schema, ...rest } = z.toJSONSchema(published, { target: "draft-2020-12" });
  return { $schema, $id: USE_SCHEMA_ID, title: "Ajar use", description: "What may be done with a release, by which clauses.", ...rest };
}

/** Does not compile when the schema and the types of core differ. */
export const USE_SCHEMA_EQUALS_TYPES: Same<Plain<z.infer<typeof answers>>, Plain<UseReport>> = true;
