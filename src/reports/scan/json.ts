import { SCAN_SCHEMA_VERSION, type ScanReport } from "../../core/scan.ts";
import { toJson } from "../json.ts";

/** Identifier of the schema in schema/scan.schema.json; `ajar schema scan` prints it. */
export const SCAN_SCHEMA_ID = `urn:ajar:schema:scan:${SCAN_SCHEMA_VERSION}`;

/** Two-space JSON in the order of the contract. */
export function renderScanJson(report: ScanReport): string {
  return toJson({ $schema: SCAN_SCHEMA_ID, ...report });
}
