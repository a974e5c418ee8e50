// Parts that the schemas of reports and of scans share.
import { z } from "zod";

export const ids = z.array(z.string()).describe("Ids of entries of `evidence`.");
const severity = z.enum(["critical", "high", "medium", "low", "info"]);

export const message = z
  .strictObject({
    id: z.string().describe("`ajar explain <id>` prints its text."),
    args: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    evidence: ids.optional(),
  })
  .describe("A sentence as data, so that it can be shown in any language.");

const lines = { start: z.int().describe("First line, from 1."), end: z.int().describe("Last line, included.") };
const bytes = { start: z.int().describe("First byte, from 0."), end: z.int().describe("First byte after it.") };
const span = z.union([
  z.strictObject({ kind: z.literal("lines"), ...lines }),
  z.strictObject({ kind: z.literal("bytes"), ...bytes }),
  z.strictObject({ kind: z.literal("pointer"), pointer: z.string().describe("JSON Pointer.") }),
]);

export const evidence = z.strictObject({
  id: z.string().describe("`ev-` and 12 hex digits, derived from the content."),
  source: z.string(),
  path: z.string().describe("Empty for the listing as a whole."),
  digest: z.string().describe("`sha256:` of bytes read, `git-blob:` or `claimed-sha256:` where others state it, `listing:` or `path:`."),
  span: span.optional(),
  quote: z.string().optional(),
  method: z.enum(["text", "front-matter", "config", "header", "license-match", "listing", "search", "host-record", "claim"]),
});

const setAside = z
  .union([
    z.strictObject({ by: z.literal("baseline") }),
    z.strictObject({
      by: z.literal("suppression"),
      who: z.string().describe("Who decided."),
      reason: z.string(),
      until: z.string().describe("Day, YYYY-MM-DD, from which it no longer holds."),
    }),
  ])
  .describe("A finding that somebody set aside: it counts for no threshold.");

export const finding = z.strictObject({
  ruleId: z.string(),
  severity,
  message,
  path: z.string().optional(),
  evidence: ids,
  setAside: setAside.optional(),
});

const coverage = z
  .union([
    z.strictObject({ state: z.literal("full") }),
    z.strictObject({
      state: z.enum(["partial", "none"]),
      code: z
        .enum(["unknown-format", "malformed", "truncated", "over-limit", "encrypted", "unsupported", "unread", "not-scanned"])
        .describe("Why."),
      detail: z.string().describe("What exactly; not translated."),
      offset: z.int().optional(),
    }),
  ])
  .describe("How much was understood. Only `full` without findings reads as clean.");

const scannedFile = z.strictObject({
  path: z.string(),
  sizeBytes: z.int().nullable(),
  digest: z.string().describe("As in `evidence`."),
  format: z.string(),
  alsoFormats: z.array(z.string()).optional().describe("Other formats that the same bytes are."),
  risk: z
    .enum(["cannot-execute", "may-execute", "executes-by-design", "unknown"])
    .describe("What loading the format can do, whatever is in this file."),
  coverage,
  loaded: z.enum(["first", "yes", "no", "unknown"]).describe("Would a loader open it, given what lies beside it?"),
  because: z.strictObject({ id: z.string(), args: z.record(z.string(), z.union([z.string(), z.number()])).optional() }).optional(),
  tensors: z.int(),
  parameters: z.number().nullable(),
  metadata: z.record(z.string(), z.string()),
});

/** One file of a scan or an audit. */
export const reportedFile = scannedFile.extend({ source: z.string().describe("`ref` of the source it is in.") });

const policyEffect = z.enum(["allow", "review", "deny"]);

/** What a policy given by the reader says of a release. */
export const policySchema = z
  .strictObject({
    file: z.string(),
    digest: z.string().describe("Of the policy's text."),
    result: policyEffect.describe("deny exits with 1, review with 3."),
    rules: z
      .array(
        z.strictObject({
          id: z.string(),
          effect: policyEffect,
          outcome: z
            .enum(["holds", "does-not-hold", "error", "excepted"])
            .describe("error: could not be evaluated, and counts as review. excepted: somebody made an exception."),
          reason: z.string(),
          detail: z.string().optional(),
          exception: z.strictObject({ by: z.string(), reason: z.string(), until: z.string() }).optional(),
        }),
      )
      .describe("In the order of the file."),
    otherwise: policyEffect.describe("What holds where no rule does."),
    partial: z.boolean().describe("The report holds more than rules are shown; the result is then review at best."),
  })
  .describe("What a policy given by the reader says; absent without one.");

/** Without `readonly` and without `undefined` in optional values, which zod and core spell differently. */
export type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;
/** Mutual assignability would let a missing optional key through; identity of conditional types does not. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
