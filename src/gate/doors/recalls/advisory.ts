// One advisory in the form `ajar-recall/1`: an OSV document (https://ossf.github.io/osv-schema/) with Ajar's part under database_specific.ajar.
import { z } from "zod";
import { AjarError } from "../../../core/errors.ts";
import { loadRules } from "../../../rules/load.ts";
import type { Canonical } from "../../durable/canonical.ts";
import { baseId, type Confidence } from "../target.ts";
import { RECALL_REASONS } from "./reasons.ts";

export type MatchKind = "file" | "manifest" | "tensors" | "tensor";

export interface Lineage {
  /** Relations that count; all when empty. */
  readonly relations: readonly string[];
  readonly minConfidence: Confidence;
  /** Digests that let a descendant out: `sha256:<hex>`. */
  readonly except: ReadonlySet<string>;
}

export interface Affected {
  /** `hf:owner/name` of its purl, null where there is none. A name alone never blocks. */
  readonly base: string | null;
  readonly match: readonly { readonly kind: MatchKind; readonly digest: string }[];
  /** Null when only the release itself is meant. */
  readonly lineage: Lineage | null;
}

export interface Advisory {
  readonly id: string;
  readonly summary: string;
  readonly modified: string;
  readonly withdrawn: string | null;
  readonly affected: readonly Affected[];
  readonly action: "block" | "warn" | "require-policy";
  /** Id of the policy that has to be in force, for `require-policy`. */
  readonly policy: string | null;
  readonly reason: string;
  readonly hazards: readonly string[];
  readonly effective: string;
  readonly expires: string | null;
  readonly issuer: { readonly name: string; readonly role: "publisher" | "operator" | "third-party" };
  readonly sequence: number;
  readonly supersededBy: string | null;
}

const osv = z
  .object({
    keys: z.array(z.string()),
    prefixes: z.array(z.string()),
    ranges: z.array(z.string()),
    references: z.array(z.string()),
    credits: z.array(z.string()),
    severities: z.array(z.string()),
  })
  .parse(loadRules("recalls").get("osv"));

const MAX_AFFECTED = 1_000;
const MAX_MATCHES = 100_000;
const short = z.string().max(1_000);
const long = z.string().max(100_000);
/** RFC 3339 in UTC, as OSV wants it. */
const time = z.iso.datetime();
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u);
const oneOf = (values: readonly string[]) =>
  z.string().refine((value) => values.includes(value), { message: `not one of ${values.join(", ")}` });
const severity = z.array(z.object({ type: oneOf(osv.severities), score: short })).max(100);
const id = z
  .string()
  .max(200)
  .regex(/^[A-Za-z]\w*[-_][\w.:-]+$/u)
  .refine((value) => value.startsWith("x_") || osv.prefixes.some((prefix) => value.startsWith(`${prefix}-`)), {
    message: "begins with no registered prefix, nor with x_",
  });

const lineage = z.strictObject({
  applies: z.enum(["self", "descendants"]),
  relations: z.array(short).max(50).default([]),
  minConfidence: z.enum(["verified", "measured", "declared"]).default("declared"),
  except: z.array(digest).max(10_000).default([]),
});
const affectedAjar = z.strictObject({
  purl: short.optional(),
  match: z
    .array(z.strictObject({ kind: z.enum(["file", "manifest", "tensors", "tensor"]), digest, path: short.optional() }))
    .max(MAX_MATCHES)
    .default([]),
  lineage: lineage.optional(),
});
const affected = z.object({
  package: z.object({ ecosystem: short, name: short }).optional(),
  severity: severity.optional(),
  ranges: z
    .array(z.object({ type: oneOf(osv.ranges) }))
    .max(100)
    .optional(),
  versions: z.array(short).max(10_000).optional(),
  database_specific: z.object({ ajar: affectedAjar }),
});
const ajar = z
  .strictObject({
    format: z.literal("ajar-recall/1"),
    action: z.enum(["block", "warn", "require-policy"]),
    policy: short.optional(),
    reason: z.enum(RECALL_REASONS),
    hazards: z.array(short).max(100).default([]),
    effective: time,
    expires: time.optional(),
    issuer: z.strictObject({ name: short, role: z.enum(["publisher", "operator", "third-party"]) }),
    sequence: z.int().min(0),
    supersededBy: id.optional(),
  })
  .refine(({ action, policy }) => (action === "require-policy") === (policy !== undefined), {
    message: "action require-policy and policy go together",
    path: ["policy"],
  });
const advisory = z
  .object({
    schema_version: short.optional(),
    id,
    modified: time,
    published: time.optional(),
    withdrawn: time.optional(),
    aliases: z.array(short).max(1_000).optional(),
    related: z.array(short).max(1_000).optional(),
    upstream: z.array(short).max(1_000).optional(),
    summary: short.optional(),
    details: long.optional(),
    severity: severity.optional(),
    affected: z.array(affected).min(1).max(MAX_AFFECTED),
    references: z
      .array(z.object({ type: oneOf(osv.references), url: short }))
      .max(1_000)
      .optional(),
    credits: z
      .array(z.object({ name: short, type: oneOf(osv.credits).optional() }))
      .max(1_000)
      .optional(),
    database_specific: z.object({ ajar }),
  })
  .refine((value) => value.severity === undefined || value.affected.every((one) => one.severity === undefined), {
    message: "stands at the top or with each affected release, not both",
    path: ["severity"],
  });

/** @throws AjarError BAD_ADVISORY naming the first field that is wrong */
export function readAdvisory(document: Canonical, subject: string): Advisory {
  const wrong = (place: string, problem: string): AjarError =>
    new AjarError("BAD_ADVISORY", `${place}: ${problem}`, { subject, hint: "docs/gate-doors.md has the form ajar-recall/1." });
  for (const key of Object.keys(Object(document))) if (!osv.keys.includes(key)) throw wrong(key, "OSV has no such field");
  const parsed = advisory.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(issue?.path.map(String).join(".") || "the document", issue?.message ?? "not an advisory");
  }
  const { id: name, summary = "", modified, withdrawn, database_specific, affected: releases } = parsed.data;
  const { action, policy, reason, hazards, effective, expires, issuer, sequence, supersededBy } = database_specific.ajar;
  return {
    id: name,
    summary,
    modified,
    withdrawn: withdrawn ?? null,
    affected: releases.map(({ database_specific: { ajar: own } }) => ({
      base: baseOf(own.purl),
      match: own.match.map(({ kind, digest: value }) => ({ kind, digest: value })),
      lineage: own.lineage === undefined || own.lineage.applies === "self" ? null : { ...own.lineage, except: new Set(own.lineage.except) },
    })),
    action,
    policy: policy ?? null,
    reason,
    hazards,
    effective,
    expires: expires ?? null,
    issuer,
    sequence,
    supersededBy: supersededBy ?? null,
  };
}

/** https://github.com/package-url/purl-spec, type huggingface: names are lower case. */
function baseOf(purl: string | undefined): string | null {
  const name = /^pkg:huggingface\/([^@?#]+)/iu.exec(purl ?? "")?.[1];
  return name === undefined ? null : baseId(`hf:${decoded(name)}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
