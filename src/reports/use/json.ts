import { USE_SCHEMA_VERSION, type UseReport } from "../../core/use.ts";
import { toJson } from "../json.ts";

/** Identifier of the schema in schema/use.schema.json; `ajar schema use` prints it. */
export const USE_SCHEMA_ID = `urn:ajar:schema:use:${USE_SCHEMA_VERSION}`;

/** Two-space JSON in the order of the contract. */
export function renderUseJson(report: UseReport): string {
  return toJson({ $schema: USE_SCHEMA_ID, ...report });
}
