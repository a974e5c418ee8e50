// YAML files in which people decide: read strictly, and refused with the line that is wrong.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { AjarError } from "../core/errors.ts";

/** A day, YYYY-MM-DD. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/u, "not a day, YYYY-MM-DD")
  .refine((value) => !Number.isNaN(Date.parse(value)), "not a day");
/** Words of a person. */
export const text = z.string().trim().min(1).max(2000);
/** Identity of a release, as in `target.digest` of its report. */
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u, "not sha256: and 64 hex digits");

export interface DecisionFile<Content> {
  /** The file as messages name it. */
  readonly shown: string;
  readonly schema: z.ZodType<Content>;
  /** What its entries need. */
  readonly hint: string;
}

/** Reads a decision file. @throws AjarError BAD_CONFIG naming file, line and what is wrong */
export function readDecisions<Content>(content: string, file: DecisionFile<Content>): Content {
  return readLocated(content, file).content;
}

/** The same, with the line of each part of it. */
export function readLocated<Content>(
  content: string,
  { shown, schema, hint }: DecisionFile<Content>,
): { readonly content: Content; readonly lineOf: (path: readonly PropertyKey[]) => number } {
  const lines = new LineCounter();
  // Days stay text: a YAML timestamp would bring a time zone into it.
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, schema: "core" });
  const [broken] = document.errors;
  const refuse = (line: number, problem: string): AjarError =>
    new AjarError("BAD_CONFIG", `${shown}:${line}: ${problem}`, { subject: shown, hint });
  if (broken !== undefined) throw refuse(lines.linePos(broken.pos[0]).line, broken.message.split("\n")[0] ?? "not YAML");
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path);
  const parsed = schema.safeParse(plainOf(document, refuse));
  if (parsed.success) return { content: parsed.data, lineOf };
  const [issue] = parsed.error.issues;
  throw refuse(lineOf(issue?.path ?? []), `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not what is expected here"}`);
}

function plainOf(document: ReturnType<typeof parseDocument>, refuse: (line: number, problem: string) => AjarError): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw refuse(1, cause instanceof Error ? cause.message : "not YAML");
  }
}

function lineAt(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
    if (range !== undefined && range !== null) return lines.linePos(range[0]).line;
  }
  return 1;
}
