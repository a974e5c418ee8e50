// The shared engine: a PostgreSQL that AJAR_DATABASE_URL names.
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Engine, Lead } from "./engine.ts";
import type { CatalogueTables } from "./tables.ts";

/** Oid of int8 in pg_type: counts come as text by default, and as numbers from the other engine. */
const INT8 = 20;

export function openPostgres(url: string, connections = 10): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: "ajar",
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // A connection that the server closed while idle is replaced at its next use.
  pool.on("error", () => undefined);
  const db = new Kysely<CatalogueTables>({ dialect: new PostgresDialect({ pool }) });
  return {
    name: "postgres",
    db,
    knowsCounts: true,
    matching: async (words, after) => {
      const before = after ?? 1 + (await newest(db));
      const oldest = Math.max(0, eraOf(before - 1) - (RECENT_ERAS - 1));
      const recent = Array.from({ length: RECENT_ERAS }, (_, age) => lexeme(eraName(oldest + age))).join(" | ");
      const leads = [lead(`(${query(words)}) & (${recent})`, before)];
      return oldest === 0 ? leads : [...leads, lead(query(words), oldest * ERA)];
    },
    holds: (words) =>
      sql`exists (select 1 from search where search.report_id = lead.report_id and search.text @@ ${query(words)}::tsquery)`,
    indexText: async (connection, reportId, text) => {
      await connection.executeQuery(
        CompiledQuery.raw("insert into search (report_id, text) values ($1, to_tsvector('simple', $2) || array_to_tsvector(array[$3]))", [
          reportId,
          text,
          eraName(eraOf(reportId)),
        ]),
      );
    },
    dropText: async (connection, reportId) => {
      await connection.executeQuery(CompiledQuery.raw("delete from search where report_id = $1", [reportId]));
    },
    turn: async (host, everyMs) => {
      const now = sql`extract(epoch from clock_timestamp()) * 1000`;
      const { rows } = await sql<{
        wait: number;
      }>`insert into host_turn as turn (host, next_at) values (${host}, ${now} + ${everyMs}::double precision)
        on conflict (host) do update set next_at = greatest(turn.next_at, ${now}) + ${everyMs}::double precision
        returning (next_at - ${everyMs}::double precision - ${now})::double precision as wait`.execute(db);
      return Math.max(0, rows[0]?.wait ?? 0);
    },
    close: () => db.destroy(),
  };
}

/**
 * Words are looked for among the newest reports first and then among all others, because the index gives what it finds in no order:
 * a common word would have to be fetched everywhere before the newest are known. An era is so many reports in a row, and a lexeme of
 * each report's own, which no text can hold: tokens are letters and digits.
 */
const ERA = 1024;
const RECENT_ERAS = 2;

function eraOf(reportId: number): number {
  return Math.floor(reportId / ERA);
}

function eraName(era: number): string {
  return `@${era}`;
}

function lead(wanted: string, before: number): Lead {
  return { from: sql`ajar_matching(${wanted}::tsquery) as lead`, where: sql`lead.report_id < ${before}` };
}

async function newest(db: Kysely<CatalogueTables>): Promise<number> {
  const { rows } = await sql<{ readonly id: number | null }>`select max(report_id) as id from search`.execute(db);
  return rows[0]?.id ?? 0;
}

function query(words: readonly (readonly string[])[]): string {
  return words.map((tokens) => tokens.map(lexeme).join(" <-> ")).join(" & ");
}

/** A quoted lexeme: nothing in it is an operator. */
function lexeme(token: string): string {
  return `'${token.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
