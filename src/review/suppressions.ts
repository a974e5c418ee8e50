// An ignore file: which findings somebody decided to live with, why, and until when. Form: docs/review.md.
import { matchesGlob } from "node:path/posix";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { AjarError } from "../core/errors.ts";

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

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/u)
  .refine((text) => !Number.isNaN(Date.parse(text)), "not a day");
const text = z.string().trim().min(1).max(2000);

const schema = z.strictObject({
  suppressions: z.array(
    z.strictObject({
      id: text,
      paths: z.array(text).min(1).max(200).optional(),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/u)
        .optional(),
      until: day,
      reason: text,
      by: text,
    }),
  ),
});

/** Reads an ignore file. @throws AjarError BAD_CONFIG naming file, line and what is wrong */
export function readSuppressions(content: string, shown: string): readonly Suppression[] {
  const lines = new LineCounter();
  // Days stay text: a YAML timestamp would bring a time zone into it.
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, schema: "core" });
  const [broken] = document.errors;
  const refuse = (line: number, problem: string): AjarError =>
    new AjarError("BAD_CONFIG", `${shown}:${line}: ${problem}`, {
      subject: shown,
      hint: "Each entry of `suppressions` needs id, until (YYYY-MM-DD), reason and by; paths and digest narrow it.",
    });
  if (broken !== undefined) throw refuse(lines.linePos(broken.pos[0]).line, broken.message.split("\n")[0] ?? "not YAML");
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success)
    return parsed.data.suppressions.map(({ paths, digest, ...rest }) => ({ ...rest, ...(paths && { paths }), ...(digest && { digest }) }));
  const [issue] = parsed.error.issues;
  throw refuse(lineAt(document, lines, issue?.path ?? []), `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an ignore file"}`);
}

function lineAt(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = isMap(node) || isScalar(node) ? node.range : undefined;
    if (range !== undefined && range !== null) return lines.linePos(range[0]).line;
  }
  return 1;
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
