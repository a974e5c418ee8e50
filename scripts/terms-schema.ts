// The shape of the files in rules/terms.
import { z } from "zod";
import {
  DUTY_KINDS,
  EFFECTS,
  FLOWS,
  MEASURES,
  MODEL_KINDS,
  OUTPUT_RIGHTS,
  PATENT,
  PERMISSIONS,
  PURPOSES,
  REVOCABILITY,
  SCOPES,
  TRIGGERS,
  USES,
  YES_NO,
} from "../src/core/terms.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u);
const address = z.string().regex(/^https?:\/\/\S+$/u);
const summary = z.string().min(10).max(300);
const clause = { clause: z.string().default(""), in: z.string().optional(), summary };
const scope = z.enum(SCOPES).optional();

const condition = z.discriminatedUnion("kind", [
  z.strictObject({
    ...clause,
    kind: z.literal("size"),
    measure: z.enum(MEASURES),
    above: z.int().positive(),
    inclusive: z.literal(true).optional(),
    counted: z.enum(["release-date", "always"]),
    date: day.optional(),
    effect: z.enum(EFFECTS),
  }),
  z.strictObject({
    ...clause,
    kind: z.literal("region"),
    regions: z.array(z.string().regex(/^[A-Z]{2}$/u)).min(1),
    by: z.enum(["use", "domicile"]),
    scope,
  }),
  z.strictObject({ ...clause, kind: z.literal("purpose"), only: z.array(z.enum(PURPOSES)).min(1) }),
  z.strictObject({ ...clause, kind: z.literal("non-commercial-party") }),
  z.strictObject({ ...clause, kind: z.literal("field-of-use"), policy: z.string().optional() }),
  z.strictObject({ ...clause, kind: z.literal("own-family"), family: z.string() }),
  z.strictObject({ ...clause, kind: z.literal("model-kind"), barred: z.enum(MODEL_KINDS) }),
  z.strictObject({ ...clause, kind: z.literal("registration"), url: address.optional() }),
  z.strictObject({ ...clause, kind: z.literal("review") }),
]);

const useTerm = z.union([
  z.literal("unknown"),
  z.strictObject({
    ...clause,
    permission: z.enum(PERMISSIONS),
    conditions: z.array(z.string()).default([]),
    separateLicense: z.literal(true).optional(),
  }),
]);

const duty = z.strictObject({
  ...clause,
  kind: z.enum(DUTY_KINDS),
  on: z.array(z.enum(USES)).min(1),
  words: z.string().max(240).optional(),
  above: z.array(z.string()).min(1).optional(),
  scope,
});

const flowTerm = z.union([
  z.literal("unknown"),
  z.strictObject({ ...clause, flow: z.enum(FLOWS), compatible: z.array(z.string()).optional() }),
]);

/** An answer with its clause; without one only where the text is silent, was not read, or a list elsewhere has the answer. */
function standing<const Words extends readonly [string, ...string[]]>(words: Words, bare: readonly Words[number][]) {
  return z.union([
    z.enum(words).refine((word) => bare.includes(word), { error: "this answer needs its clause and summary" }),
    z.strictObject({ ...clause, answer: z.enum(words), source: address.optional() }),
  ]);
}

const listed = z.union([z.enum(YES_NO), z.strictObject({ answer: z.enum(YES_NO), source: address, summary: summary.optional() })]);

const uses = z.strictObject({
  commercial: useTerm,
  internal: useTerm,
  research: useTerm,
  redistribute: useTerm,
  "fine-tune": useTerm,
  "train-on-outputs": useTerm,
});

const flow = z.strictObject({ derivatives: flowTerm, outputs: flowTerm, training: flowTerm });

const standings = z.strictObject({
  revocability: standing(REVOCABILITY, ["silent", "unknown"]),
  termination: z.array(standing(TRIGGERS, ["silent", "unknown"])).min(1),
  patent: standing(PATENT, ["silent", "unknown"]),
  jurisdiction: z.union([
    z.enum(["silent", "unknown"]),
    z.strictObject({ ...clause, answer: z.string().regex(/^(?:[A-Z]{2}(?:-[A-Z]{2})?|licensor|defendant|enforcement)$/u) }),
  ]),
  remoteRestriction: standing(YES_NO, ["no", "unknown"]),
  changes: standing(YES_NO, ["no", "unknown"]),
  outputs: standing(OUTPUT_RIGHTS, ["silent", "unknown"]),
  osi: listed,
  openData: listed,
  openContent: listed,
});

const head = {
  id: z.string(),
  source: address,
  textDigest: digest.optional(),
  annexes: z.array(z.strictObject({ id: z.string(), digest })).default([]),
  reviewed: day,
  basis: z.enum(["text", "secondary", "none"]),
  notes: z.string().optional(),
  conditions: z.record(z.string(), condition).default({}),
};

/** Names of conditions that the uses and duties of a file speak of. */
function namedIn(uses: object, duties: readonly { readonly above?: readonly string[] | undefined }[]): string[] {
  const inUses = Object.values(uses).flatMap((use) => (typeof use === "string" ? [] : use.conditions));
  return [...inUses, ...duties.flatMap(({ above }) => above ?? [])];
}

export const termsFileSchema = z
  .strictObject({ ...head, uses, duties: z.array(duty), flow, standing: standings })
  .superRefine((file, context) => {
    const said = new Set(namedIn(file.uses, file.duties));
    const defined = new Set(Object.keys(file.conditions));
    for (const name of said) if (!defined.has(name)) context.addIssue(`the condition ${name} is not defined`);
    for (const name of defined) if (!said.has(name)) context.addIssue(`the condition ${name} binds no use`);
    if ((file.basis === "text") !== (file.textDigest !== undefined))
      context.addIssue("a digest goes with a text that was read, and only then");
  });
