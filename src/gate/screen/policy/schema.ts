// The form of a policy file; docs/gate-filters.md describes it.
import * as z from "zod";
import { ACTIONS } from "../actions.ts";

const action = z.enum(ACTIONS);
const name = z.string().regex(/^[\w.:/-]{1,120}$/u, "letters, digits and . : / - only, at most 120");
const directions = z.strictObject({ request: action.default("block"), response: action.default("block") });

const patterns = z.strictObject({
  ids: z.array(name).min(1).max(500).optional(),
  areas: z
    .array(z.enum(["personal", "secret"]))
    .min(1)
    .optional(),
  /** ISO 3166 regions whose national numbers are looked for. */
  regions: z
    .array(z.string().regex(/^[A-Z]{2}$/u, "two capital letters"))
    .max(50)
    .default([]),
  request: action.default("redact"),
  response: action.default("redact"),
});

const terms = z.strictObject({
  id: name,
  terms: z.array(z.string().trim().min(1).max(100)).min(1).max(50_000),
  request: action.default("block"),
  response: action.default("block"),
});

const expression = z.strictObject({
  id: name,
  regex: z.string().min(1).max(2000),
  ignoreCase: z.boolean().default(false),
  request: action.default("block"),
  response: action.default("block"),
});

const judge = z.strictObject({
  id: name,
  url: z.url({ protocol: /^https?$/u }),
  model: z.string().min(1).max(200),
  dialect: z.enum(["llama-guard-3", "llama-guard-4"]),
  /** Name of the environment variable that has the key of the judge's server. */
  keyEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/u)
    .optional(),
  request: z.boolean().default(true),
  response: z.boolean().default(true),
  /** `full` judges an answer before any of it leaves; `window` judges piece by piece and the whole again at the end. */
  stream: z.enum(["full", "window"]).default("full"),
  windowChars: z.int().min(100).max(20_000).default(800),
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
  /** What is done when the judge fails; `flag` opens the gate to what nobody judged, and is logged as failed. */
  onFailure: z.enum(["block", "flag"]).default("block"),
});

const hazards = z.record(name, directions).default({});

const filters = {
  hazards: hazards.optional(),
  patterns: z.array(patterns).max(50).optional(),
  terms: z.array(terms).max(50).optional(),
  expressions: z.array(expression).max(200).optional(),
  judges: z.array(judge).max(4).optional(),
};

const overrides = z.strictObject(filters);

export const policySchema = z.strictObject({
  policy: z.literal(1, "the version of the form, which is 1"),
  id: name,
  ...filters,
  /** By the name of a model, and by the public id of a key; a key's word counts more. */
  models: z.record(z.string(), overrides).default({}),
  keys: z.record(z.string(), overrides).default({}),
  /** What stands for a text that is taken out. */
  redaction: z.string().max(100).default("[removed]"),
  /** What an answer becomes where `replace` is asked for. */
  replacement: z.string().min(1).max(2000).default("This answer was withheld by a filter."),
  limits: z
    .strictObject({
      textChars: z.int().min(1000).max(50_000_000).default(2_000_000),
      holdChars: z.int().min(256).max(1_000_000).default(16_384),
      encodedRunChars: z.int().min(256).max(1_000_000).default(8192),
      ignorableRun: z.int().min(8).max(10_000).default(64),
      eventBytes: z.int().min(4096).max(16_777_216).default(1_048_576),
    })
    .prefault({}),
});

export type PolicyFile = z.infer<typeof policySchema>;
export type PolicyFilters = z.infer<typeof overrides>;
export type JudgeSettings = z.infer<typeof judge>;
