// The catalogue: every report that was added, the newest of each release ready for lists, filters, search and the matrix.
import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type Kysely, type Selectable, sql } from "kysely";
import { columnOf, type MatrixColumn } from "../comparison/matrix.ts";
import type { Report } from "../core/report.ts";
import { type CellCondition, candidates } from "./candidates.ts";
import type { Engine } from "./engine.ts";
import { migrate } from "./migrate.ts";
import { cellsOf, identityOf, licenseOf, searchTextOf } from "./summary.ts";
import type { CatalogueTables, ReleaseTable } from "./tables.ts";
import { queryWords, tokensOf } from "./words.ts";

export interface Filter {
  /** Cells that must have one of these values, e.g. `{ cell: "standard:osaid-1.0", values: ["met"] }`. */
  readonly cells: readonly CellCondition[];
  /** Words that the report must hold; empty for any. */
  readonly text: string;
}

export interface PageRequest {
  readonly filter: Filter;
  /** Releases at most, 1 to MAX_PAGE. */
  readonly limit: number;
  /** `next` of the page before; null for the first. */
  readonly after: number | null;
}

export interface ListedRelease {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly publisher: string;
  readonly reportId: number;
  readonly license: string;
  readonly addedAt: string;
  readonly column: MatrixColumn;
}

export interface Page {
  readonly releases: readonly ListedRelease[];
  readonly next: number | null;
}

export interface HistoryEntry {
  readonly id: number;
  readonly digest: string;
  readonly targetDigest: string;
  readonly rules: string;
  readonly version: string;
  readonly addedAt: string;
  readonly word: string;
  readonly label: string;
  readonly license: string;
}

export interface Added {
  readonly releaseId: number;
  readonly reportId: number;
  /** False when this very audit (release digest, rules, version) was there already. */
  readonly isNew: boolean;
}

export const MAX_PAGE = 500;

const ROW = [
  "release.id",
  "release.key",
  "release.name",
  "release.publisher",
  "release.report_id",
  "release.license",
  "release.added_at",
  "release.summary",
] as const;

function listed(
  row: Pick<Selectable<ReleaseTable>, "id" | "key" | "name" | "publisher" | "report_id" | "license" | "added_at" | "summary">,
): ListedRelease {
  const { id, key, name, publisher, report_id: reportId, license, added_at: addedAt, summary } = row;
  // Written by columnOf in add()'s own transaction.
  return { id, key, name, publisher, reportId, license, addedAt, column: JSON.parse(summary) as MatrixColumn };
}

export class Catalogue {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Opens and, where needed, makes the tables. @throws AjarError STORE_UNUSABLE | STORE_TOO_NEW */
  static async open(engine: Engine): Promise<Catalogue> {
    await migrate(engine);
    return new Catalogue(engine);
  }

  get engineName(): Engine["name"] {
    return this.#engine.name;
  }

  /** Milliseconds until this caller's turn at a host; all who share the catalogue take turns `everyMs` apart. */
  turn(host: string, everyMs: number): Promise<number> {
    return this.#engine.turn(host, everyMs);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Adds a report; the same audit of the same release twice is one entry. `addedAt` is ISO 8601 in UTC. */
  async add(report: Report, addedAt: string): Promise<Added> {
    return this.#engine.db.transaction().execute(async (db) => {
      const { key, name, publisher } = identityOf(report);
      if (this.#engine.name === "postgres") await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(db);
      const known = await db.selectFrom("release").select(["id", "report_id"]).where("key", "=", key).executeTakeFirst();
      const { digest: target_digest } = report.target;
      const { rules, version } = report.tool;
      if (known !== undefined) {
        const same = await db
          .selectFrom("report")
          .select("id")
          .where("release_id", "=", known.id)
          .where("target_digest", "=", target_digest)
          .where("rules", "=", rules)
          .where("version", "=", version)
          .executeTakeFirst();
        if (same !== undefined) return { releaseId: known.id, reportId: same.id, isNew: false };
      }
      const json = JSON.stringify(report);
      const shown = { word: report.headline.word, label: report.headline.label, license: licenseOf(report) };
      const { id: reportId } = await db
        .insertInto("report")
        .values({
          release_id: known?.id ?? 0,
          digest: `sha256:${createHash("sha256").update(json).update(`\0${key}`).digest("hex")}`,
          target_digest,
          rules,
          version,
          added_at: addedAt,
          ...shown,
          body: zstdCompressSync(json),
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      const row = {
        name,
        publisher,
        report_id: reportId,
        ...shown,
        complete: report.coverage.complete ? 1 : 0,
        added_at: addedAt,
        summary: JSON.stringify(columnOf(report)),
      };
      const releaseId =
        known?.id ??
        (
          await db
            .insertInto("release")
            .values({ key, ...row })
            .returning("id")
            .executeTakeFirstOrThrow()
        ).id;
      if (known === undefined) await db.updateTable("report").set({ release_id: releaseId }).where("id", "=", reportId).execute();
      else await this.#replace(db, known.id, known.report_id, row);
      await db
        .insertInto("cell")
        .values(cellsOf(report).map((cell) => ({ ...cell, report_id: reportId })))
        .execute();
      await this.#engine.indexText(db, reportId, tokensOf(searchTextOf(report)).join(" "));
      return { releaseId, reportId, isNew: true };
    });
  }

  async #replace(
    db: Kysely<CatalogueTables>,
    releaseId: number,
    oldReport: number,
    row: Omit<CatalogueTables["release"], "id" | "key">,
  ): Promise<void> {
    await db.deleteFrom("cell").where("report_id", "=", oldReport).execute();
    await this.#engine.dropText(db, oldReport);
    await db.updateTable("release").set(row).where("id", "=", releaseId).execute();
  }

  /** One page of releases, the one with the newest report first. */
  async list({ filter, limit, after }: PageRequest): Promise<Page> {
    const words = queryWords(filter.text);
    if (filter.text.trim() !== "" && words.length === 0) return { releases: [], next: null };
    const count = Math.max(1, Math.min(limit, MAX_PAGE));
    const found: ListedRelease[] = [];
    for (const idsOf of await candidates(this.#engine, filter.cells, words, after)) {
      const rows = await this.#engine.db
        .selectFrom(idsOf(count + 1 - found.length).as("found"))
        // In this order: SQLite goes through all releases otherwise, and looks each up among the few that were found.
        .crossJoin("release")
        .whereRef("release.report_id", "=", "found.report_id")
        .select(ROW)
        .orderBy("found.report_id", "desc")
        .execute();
      found.push(...rows.map(listed));
      if (found.length > count) break;
    }
    const releases = found.slice(0, count);
    return { releases, next: found.length > count ? (releases.at(-1)?.reportId ?? null) : null };
  }

  async release(id: number): Promise<ListedRelease | null> {
    const row = await this.#engine.db.selectFrom("release").select(ROW).where("release.id", "=", id).executeTakeFirst();
    return row === undefined ? null : listed(row);
  }

  /** The release with this reference, with or without a revision. */
  async releaseByKey(key: string): Promise<ListedRelease | null> {
    const row = await this.#engine.db.selectFrom("release").select(ROW).where("release.key", "=", key).executeTakeFirst();
    return row === undefined ? null : listed(row);
  }

  /** A whole report, as it was added. */
  async report(id: number): Promise<Report | null> {
    const row = await this.#engine.db.selectFrom("report").select("body").where("id", "=", id).executeTakeFirst();
    // Written by add() from a Report.
    return row === undefined ? null : (JSON.parse(zstdDecompressSync(row.body).toString("utf8")) as Report);
  }

  /** Every report of a release, the newest first. */
  async history(releaseId: number): Promise<readonly HistoryEntry[]> {
    const rows = await this.#engine.db
      .selectFrom("report")
      .select(["id", "digest", "target_digest", "rules", "version", "added_at", "word", "label", "license"])
      .where("release_id", "=", releaseId)
      .orderBy("id", "desc")
      .limit(MAX_PAGE)
      .execute();
    return rows.map(({ target_digest, added_at, ...rest }) => ({ ...rest, targetDigest: target_digest, addedAt: added_at }));
  }

  /** How many releases have each value of a cell, the most frequent first. */
  async counts(cell: string, limit: number): Promise<readonly { readonly value: string; readonly count: number }[]> {
    return this.#engine.db
      .selectFrom("cell")
      .select(["value", (from) => from.fn.countAll<number>().as("count")])
      .where("cell", "=", cell)
      .groupBy("value")
      .orderBy("count", "desc")
      .orderBy("value")
      .limit(limit)
      .execute();
  }

  /** Reports by month (`YYYY-MM`) and headline word: openness over time. */
  async overTime(): Promise<readonly { readonly month: string; readonly word: string; readonly count: number }[]> {
    return this.#engine.db
      .selectFrom("report")
      .select([sql<string>`substr(added_at, 1, 7)`.as("month"), "word", (from) => from.fn.countAll<number>().as("count")])
      .groupBy([sql`substr(added_at, 1, 7)`, "word"])
      .orderBy("month")
      .orderBy("word")
      .execute();
  }

  /** Headline words of the newest reports by a column of the release. */
  async wordsBy(
    column: "publisher" | "license",
    limit: number,
  ): Promise<readonly { readonly name: string; readonly word: string; readonly count: number }[]> {
    const top = this.#engine.db
      .selectFrom("release")
      .select(column)
      .groupBy(column)
      .orderBy(sql`count(*)`, "desc")
      .orderBy(column)
      .limit(limit);
    const rows = await this.#engine.db
      .selectFrom("release")
      .select([`${column} as name`, "word", (from) => from.fn.countAll<number>().as("count")])
      .where(column, "in", top)
      .groupBy([column, "word"])
      .orderBy("name")
      .orderBy("word")
      .execute();
    return rows;
  }

  async size(): Promise<{ readonly releases: number; readonly reports: number }> {
    const count = async (table: "release" | "report"): Promise<number> =>
      (
        await this.#engine.db
          .selectFrom(table)
          .select((from) => from.fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow()
      ).count;
    return { releases: await count("release"), reports: await count("report") };
  }
}
