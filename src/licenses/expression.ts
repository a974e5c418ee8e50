import { createRequire } from "node:module";
import type { LicenseRecord } from "../core/license.ts";
import { licenseById, licenseByName } from "./records.ts";

/** One id of an expression. */
interface ExpressionLicense {
  readonly kind: "license";
  /** As written, `+` left out. */
  readonly id: string;
  /** `id+`: this version or any later one. */
  readonly orLater: boolean;
  readonly exception: string | null;
  /** Null for a `LicenseRef-…` that Ajar has no record of. */
  readonly license: LicenseRecord | null;
}

interface ExpressionPair {
  readonly kind: "and" | "or";
  readonly left: LicenseExpression;
  readonly right: LicenseExpression;
}

type LicenseExpression = ExpressionLicense | ExpressionPair;

export type ExpressionResult =
  | { readonly ok: true; readonly expression: LicenseExpression; readonly licenses: readonly ExpressionLicense[] }
  /** `reason` is the parser's word, for a log; the reader gets a message of his own. */
  | { readonly ok: false; readonly reason: string };

/** Longer ones are not written by people; the parser recurses, so this bounds its depth. */
const MAX_EXPRESSION_CHARS = 1000;

/** Parses an SPDX license expression (SPDX 2.3, annex D); ids are taken in any case, bad input gives `ok: false`. */
export function parseExpression(text: string): ExpressionResult {
  const source = text.trim();
  if (source === "") return { ok: false, reason: "empty" };
  if (source.length > MAX_EXPRESSION_CHARS) return { ok: false, reason: `longer than ${MAX_EXPRESSION_CHARS} characters` };
  try {
    // Loaded late: few texts hold an expression, and every start would pay for it.
    const parse = createRequire(import.meta.url)("spdx-expression-parse") as typeof import("spdx-expression-parse");
    const expression = convert(parse(withListedCase(source)));
    return { ok: true, expression, licenses: leaves(expression) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "not an SPDX expression" };
  }
}

/** SPDX ids match in any case, the parser wants them as listed; operators stay as written. */
function withListedCase(source: string): string {
  return source.replace(/[A-Za-z0-9][A-Za-z0-9.-]*/gu, (word) => {
    if (/^(?:and|or|with)$/iu.test(word)) return word.toUpperCase();
    if (/^(?:LicenseRef|DocumentRef)-/u.test(word) || licenseById(word) !== null) return word;
    const record = licenseByName(word);
    return record !== null && record.id.toLowerCase() === word.toLowerCase() ? record.id : word;
  });
}

type Parsed = ReturnType<typeof import("spdx-expression-parse")>;

function convert(parsed: Parsed): LicenseExpression {
  if ("conjunction" in parsed) return { kind: parsed.conjunction, left: convert(parsed.left), right: convert(parsed.right) };
  const { license: id, plus, exception } = parsed;
  return { kind: "license", id, orLater: plus === true, exception: exception ?? null, license: licenseById(id) };
}

function leaves(expression: LicenseExpression): ExpressionLicense[] {
  return expression.kind === "license" ? [expression] : [...leaves(expression.left), ...leaves(expression.right)];
}
