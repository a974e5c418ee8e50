// An ignore file: which findings somebody decided to live with, why, and until when. Form: docs/review.md.
import { matchesGlob } from "node:path/posix";
import * as z from "zod";
import { day, digest, readDecisions, text } from "./decision-file.ts";

/** A decision about findings of one rule. */
export interface Suppression {
  readonly id: string;
  /** Globs over the finding's path; every path when absent. */
  readonly paths?: readonly string[];
  /** Only for the release with this digest. */
  readonly digest?: string;
  /** First day on which it no longer holds, YYYY-MM-DD. */
  readonly until: string;
  readonly reason: string;
  readonly by: string;
}

const schema = z.strictObject({
  suppressions: z.array(
    z.strictObject({
      id: text,
      paths: z.array(text).min(1).max(200).optional(),
      digest: digest.optional(),
      until: day,
      reason: text,
      by: text,
    }),
  ),
});

/** Reads an ignore file. @throws AjarError BAD_CONFIG naming file, line and what is wrong */
export function readSuppressions(content: string, shown: string): readonly Suppression[] {
  const hint = "Each entry of `suppressions` needs id, until (YYYY-MM-DD), reason and by; paths and digest narrow it.";
  return readDecisions(content, { shown, schema, hint }).suppressions.map(({ paths, digest: only, ...rest }) => ({
    ...rest,
    ...(paths && { paths }),
    ...(only && { digest: only }),
  }));
}

/** Whether a decision covers a finding, whatever the day. */
export function covers(
  suppression: Suppression,
  finding: { readonly ruleId: string; readonly path?: string },
  targetDigest: string,
): boolean {
  const { id, paths, digest } = suppression;
  if (id !== finding.ruleId || (digest !== undefined && digest !== targetDigest)) return false;
  return paths === undefined || paths.some((glob) => matchesGlob(finding.path ?? "", glob));
}
