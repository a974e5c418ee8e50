// The embedded engine: SQLite as Node itself brings it. Why not PGlite: docs/decisions/003-embedded-catalogue.md.
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from "kysely";
import type { Engine } from "./engine.ts";
import type { CatalogueTables } from "./tables.ts";

/** Statements kept compiled; the store asks a few dozen. */
const MAX_STATEMENTS = 200;

/** Opens a database file, `:memory:` for none. Several processes may read and one may write at a time. */
export function openSqlite(path: string): Engine {
  const database = new DatabaseSync(path);
  // Readers go on while somebody writes; a crash loses at most the last transaction, never the file.
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000; pragma foreign_keys = on");
  const db = new Kysely<CatalogueTables>({ dialect: new SqliteDialect({ database: adapt(database) }) });
  return {
    name: "sqlite",
    db,
    knowsCounts: false,
    matching: async (words) => [
      { from: sql`(select rowid as report_id from search where search match ${query(words)}) as lead`, where: sql`true` },
    ],
    holds: (words) => sql`exists (select 1 from search where search match ${query(words)} and rowid = lead.report_id)`,
    indexText: async (connection, reportId, text) => {
      await connection.executeQuery(CompiledQuery.raw("insert into search (rowid, text) values (?, ?)", [reportId, text]));
    },
    dropText: async (connection, reportId) => {
      await connection.executeQuery(CompiledQuery.raw("delete from search where rowid = ?", [reportId]));
    },
    turn: async (host, everyMs) => {
      const now = Date.now();
      const { rows } = await sql<{ next_at: number }>`insert into host_turn (host, next_at) values (${host}, ${now + everyMs})
        on conflict (host) do update set next_at = max(next_at, ${now}) + ${everyMs} returning next_at`.execute(db);
      return Math.max(0, (rows[0]?.next_at ?? now) - everyMs - now);
    },
    close: () => db.destroy(),
  };
}

function query(words: readonly (readonly string[])[]): string {
  return words.map(phrase).join(" ");
}

/** Tokens in a row; quoted, so that nothing in them is an operator. */
function phrase(tokens: readonly string[]): string {
  return `"${tokens.map((token) => token.replaceAll('"', '""')).join(" ")}"`;
}

/** Node's SQLite under the names that the query builder knows; statements are compiled once. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const known = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      const found = known.get(text);
      if (found !== undefined) return found;
      const prepared = database.prepare(text);
      const statement: SqliteStatement = {
        reader: prepared.columns().length > 0,
        all: (parameters) => prepared.all(...inputs(parameters)),
        run: (parameters) => prepared.run(...inputs(parameters)),
        iterate: (parameters) => prepared.iterate(...inputs(parameters)),
      };
      if (known.size >= MAX_STATEMENTS) known.clear();
      known.set(text, statement);
      return statement;
    },
  };
}

function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => value as SQLInputValue);
}
