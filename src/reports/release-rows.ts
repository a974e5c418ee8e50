// Releases as data: a line for each, for spreadsheets and programs. Written page by page, so that any number passes through.
import { stringify } from "csv-stringify/sync";
import type { MatrixColumn } from "../comparison/matrix.ts";
import { COMPONENT_IDS } from "../core/component.ts";
import { STANDARD_IDS } from "../core/report.ts";
import { safeText } from "./safe-text.ts";

export interface RowRelease {
  readonly key: string;
  readonly name: string;
  readonly publisher: string;
  readonly license: string;
  readonly addedAt: string;
  readonly column: MatrixColumn;
}

/** Names are those that a filter takes, the same in every language. */
const COLUMNS = [
  "release",
  "name",
  "publisher",
  "word",
  "label",
  "complete",
  "license",
  "added",
  "digest",
  "rules",
  ...STANDARD_IDS.flatMap((id) => [`standard:${id}`, `level:${id}`]),
  ...COMPONENT_IDS.flatMap((id) => [`component:${id}`, `openness:${id}`]),
];

/** CSV of one page; the names of the columns stand over the first. */
export function releaseRows(releases: readonly RowRelease[], isFirst: boolean): string {
  const rows = releases.map(cellsOf);
  return stringify(isFirst ? [COLUMNS, ...rows] : rows, { escape_formulas: true, record_delimiter: "unix" });
}

function cellsOf({ key, name, publisher, license, addedAt, column }: RowRelease): readonly string[] {
  const component = new Map<string, MatrixColumn["components"][number]>(column.components.map((one) => [one.id, one]));
  return [
    ...[key, name, publisher, column.word, column.label, String(column.complete), license, addedAt, column.digest, column.rules],
    ...STANDARD_IDS.flatMap((id) => verdictCells(column, id)),
    ...COMPONENT_IDS.flatMap((id) => [component.get(id)?.availability ?? "", component.get(id)?.openness ?? ""]),
  ].map(safeText);
}

/** Result and level; where a standard has profiles, each with its name. */
function verdictCells({ verdicts }: MatrixColumn, id: string): readonly [string, string] {
  const found = verdicts.filter(({ standard }) => standard === id);
  const join = (value: (verdict: (typeof found)[number]) => string): string =>
    found
      .filter((verdict) => value(verdict) !== "")
      .map((verdict) => (verdict.profile === undefined ? value(verdict) : `${verdict.profile}: ${value(verdict)}`))
      .join("; ");
  return [join(({ result }) => result), join(({ level = "" }) => level)];
}
