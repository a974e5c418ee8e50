import { toJson } from "../json.ts";
import type { DataResult } from "./table.ts";

/** Name of the JSON's form; it changes when a key changes its meaning. */
const FORMAT = "ajar-data/1";

export function renderDataJson({ targets, report }: DataResult): string {
  return toJson({ format: FORMAT, targets, ...report });
}
