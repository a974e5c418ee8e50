// The tables of the catalogue, the same in both engines. Migrations make them; docs/catalogue.md draws them.
import type { ColumnType, Generated } from "kysely";

/** One release, whatever its revision; the columns tell of its newest report. */
export interface ReleaseTable {
  readonly id: Generated<number>;
  /** Reference without a revision: `hf:owner/name`, `npm:name`. */
  readonly key: string;
  readonly name: string;
  readonly publisher: string;
  /** Id of the newest report; lists run along it, newest first. */
  readonly report_id: number;
  readonly word: string;
  readonly label: string;
  /** 1 or 0: both engines have numbers. */
  readonly complete: number;
  readonly license: string;
  readonly added_at: string;
  /** The column of this release in a matrix, as JSON (MatrixColumn). */
  readonly summary: string;
}

/** Every report ever added; never changed, never removed. */
interface ReportTable {
  readonly id: Generated<number>;
  readonly release_id: number;
  /** `sha256:<hex>` of the JSON text. */
  readonly digest: string;
  readonly target_digest: string;
  readonly rules: string;
  readonly version: string;
  /** ISO 8601 in UTC, as the caller gives it. */
  readonly added_at: string;
  readonly word: string;
  readonly label: string;
  readonly license: string;
  /** The JSON text, compressed with Zstandard. */
  readonly body: ColumnType<Uint8Array, Uint8Array, never>;
}

/** What the newest report of a release says, cell by cell, for filters. */
interface CellTable {
  readonly cell: string;
  readonly value: string;
  readonly report_id: number;
}

export interface CatalogueTables {
  readonly release: ReleaseTable;
  readonly report: ReportTable;
  readonly cell: CellTable;
}
