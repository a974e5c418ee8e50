// The schema of what a release is by its bytes; docs/identity.md has the definitions.
import { z } from "zod";

const sha256 = z.string().describe("Hex.");
const withheld = z
  .strictObject({ code: z.string().describe("Code of an error, or the state of the entry."), detail: z.string().optional() })
  .describe("Why there is no digest.");
const basis = z.enum(["computed", "stated"]).describe("stated: somebody else's word, the content was not read.");
const count = z.int().nonnegative();

const rootDigest = z
  .strictObject({
    sha256: sha256.nullable(),
    basis,
    files: count,
    ignored: z.array(z.string()).describe("Files at the top that are no part of it."),
    byPathSegment: z.string().optional().describe("The same over names sorted by path segment, where that is another digest."),
    withheld: withheld.optional(),
  })
  .describe("As OpenSSF Model Signing puts it into the subject of a signature.");

const undigested = z
  .strictObject({
    "not-plain": count.optional(),
    "unknown-type": count.optional(),
    "size-differs": count.optional(),
    outside: count.optional(),
    unread: count.optional(),
    "over-limit": count.optional(),
    unseen: count.optional(),
  })
  .describe("Tensors without digest, by reason.");

const weightSet = z.strictObject({
  id: z.string().describe("Path of the file, of its index, or of the numbered series."),
  format: z.string(),
  files: z.array(z.string()),
  counts: z.boolean().describe("Whether loaders open it."),
  sha256: sha256.nullable().describe("Under `ajar.weights.v1`; null when a tensor is without digest."),
  tensors: count,
  elements: z.number().nonnegative(),
  aliases: count.describe("Names for the bytes of another tensor."),
  undigested,
  list: z
    .array(z.strictObject({ name: z.string(), dtype: z.string(), shape: z.array(count), sha256 }))
    .optional()
    .describe("Each tensor; `ajar digest --tensors` alone has it."),
});

const digestedFile = z.strictObject({
  path: z.string(),
  sizeBytes: count.nullable(),
  sha256: sha256.nullable(),
  basis: basis.nullable(),
  claimedSha256: z.string().optional().describe("What somebody else states of a content that was read."),
  withheld: withheld.optional(),
});

/** One source. */
export const identitySchema = z.strictObject({
  ref: z.string(),
  kind: z.string(),
  revision: z.string().nullable(),
  root: rootDigest,
  weights: z
    .strictObject({ sha256: sha256.nullable(), tensors: count, distinct: count, elements: z.number().nonnegative() })
    .nullable()
    .describe("All weights that loaders open."),
  sets: z.array(weightSet),
  files: z.array(digestedFile),
  complete: z.boolean(),
  listingProblem: z.string().nullable(),
});
