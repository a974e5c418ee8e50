// The shared engine: a PostgreSQL that AJAR_DATABASE_URL names.
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Engine } from "./engine.ts";
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
    matching: (words) => ({
      from: sql`search as lead`,
      where: sql`lead.text @@ ${words.map((tokens) => tokens.map(lexeme).join(" <-> ")).join(" & ")}::tsquery`,
    }),
    indexText: async (connection, reportId, text) => {
      await connection.executeQuery(
        CompiledQuery.raw("insert into search (report_id, text) values ($1, to_tsvector('simple', $2))", [reportId, text]),
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

/** A quoted lexeme: nothing in it is an operator. */
function lexeme(token: string): string {
  return `'${token.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
