// The contract itself; every other output can be made from it. Never translated.
import { type Report, SCHEMA_VERSION } from "../core/report.ts";
import { safeJson } from "./safe-text.ts";

/** Identifier of the schema in schema/report.schema.json; `ajar schema report` prints it. */
export const SCHEMA_ID = `urn:ajar:schema:report:${SCHEMA_VERSION}`;

/** Two-space JSON in the order of the contract, ending in a newline. */
export function render(report: Report): string {
  return toJson(withSchema(report));
}

/** The report with the name of its schema in front. */
export function withSchema(report: Report): Report & { readonly $schema: string } {
  return { $schema: SCHEMA_ID, ...report };
}

/** Any value as JSON that is safe to show on a terminal. */
export function toJson(value: unknown): string {
  return `${safeJson(JSON.stringify(value, null, 2))}\n`;
}
