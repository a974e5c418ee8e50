import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { AjarError } from "../../../core/errors.ts";
import { CalmClient } from "./connection.ts";
import type { DoorTables } from "./tables.ts";

/** Steps are never changed once published, only added. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "001-doors": {
    async up(db) {
      await sql`create table gate_door_clock (id integer primary key check (id = 1), seq bigint not null)`.execute(db);
      await sql`insert into gate_door_clock (id, seq) values (1, 0)`.execute(db);
      await sql`create table gate_door_act (
        seq bigint primary key, act text not null, kind text not null, value text not null, confidence text, reason text not null,
        made_by text not null, made_at text not null, confirmed text
      )`.execute(db);
      await sql`create table gate_replica (
        id text primary key, name text not null, lease_ms integer not null, applied bigint not null, confirmed bigint not null,
        beats bigint not null, seen_at timestamptz not null default clock_timestamp()
      )`.execute(db);
    },
  },
  "002-rates": {
    async up(db) {
      await sql`create table gate_rate (
        key_id text primary key, requests double precision not null, tokens double precision not null,
        granted_requests double precision not null, granted_tokens double precision not null, at timestamptz not null
      )`.execute(db);
    },
  },
};

/** Milliseconds: replicas that start together wait for the first one to make the tables, on a disk that may be busy. */
const MIGRATION_MS = 10_000;

/** The tables of the doors in one database, made before their first use. */
export class DoorMigration {
  readonly #connection: pg.PoolConfig;
  #done: Promise<void> | null = null;

  /** @param connection with its limit to connect; one of its own is opened, which may take longer for a query */
  constructor(connection: pg.PoolConfig) {
    this.#connection = connection;
  }

  /** Tried again by the next caller where it failed. @throws AjarError STORE_TOO_NEW, and what the database says */
  done(): Promise<void> {
    this.#done ??= migrate(this.#connection).catch((error: unknown) => {
      this.#done = null;
      throw error;
    });
    return this.#done;
  }
}

/** Brings the tables to the newest form; several replicas may try at once. */
async function migrate(connection: pg.PoolConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, Client: CalmClient, max: 1, query_timeout: MIGRATION_MS, statement_timeout: MIGRATION_MS });
  pool.on("error", () => undefined);
  const db = new Kysely<DoorTables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => MIGRATIONS },
      // The catalogue may live in the same database.
      migrationTableName: "gate_migration",
      migrationLockTableName: "gate_migration_lock",
    });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    if (error instanceof Error && /corrupted migrations/u.test(error.message)) {
      throw new AjarError("STORE_TOO_NEW", "the doors were made by a newer Ajar", { hint: "Update Ajar.", cause: error });
    }
    throw error;
  } finally {
    await db.destroy();
  }
}
