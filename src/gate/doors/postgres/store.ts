// Doors that several replicas share in a PostgreSQL. Notices make them quick; that they are right rests on beats and numbers alone.
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { AjarError } from "../../../core/errors.ts";
import { type DoorAct, type NewAct, readAct } from "../acts.ts";
import type { DoorStore, Replica, ReplicaState } from "../store.ts";
import { WentBack, wentBack } from "../went-back.ts";
import { CalmClient, withoutPassword } from "./connection.ts";
import { Listener } from "./listener.ts";
import { DoorMigration } from "./migrations.ts";
import type { DoorTables } from "./tables.ts";

const INT8 = 20;
const ACTS = "ajar_gate_acts";
const CONFIRMATIONS = "ajar_gate_confirmations";
/** A server that does not answer in this time is as good as gone; far less than a lease. */
const DEFAULT_TIMEOUT_MS = 1_000;

export interface PostgresStoreOptions {
  readonly url: string;
  /** Milliseconds for a connection or one query. */
  readonly timeoutMs?: number;
}

export class PostgresStore implements DoorStore {
  readonly place: string;
  readonly #db: Kysely<DoorTables>;
  readonly #listener: Listener;
  readonly #listeners = new Set<() => void>();
  /** Replicas that beat through this store, with what they last confirmed. */
  readonly #own = new Map<string, number>();
  readonly #migration: DoorMigration;

  constructor({ url, timeoutMs = DEFAULT_TIMEOUT_MS }: PostgresStoreOptions) {
    this.place = withoutPassword(url);
    const connection = { connectionString: url, connectionTimeoutMillis: timeoutMs, application_name: "ajar-gate", keepAlive: true };
    const pool = new pg.Pool({
      ...connection,
      Client: CalmClient,
      max: 3,
      query_timeout: timeoutMs,
      statement_timeout: timeoutMs,
      types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
    });
    // A connection that the server closed while idle is replaced at its next use.
    pool.on("error", () => undefined);
    this.#migration = new DoorMigration(connection);
    this.#db = new Kysely<DoorTables>({ dialect: new PostgresDialect({ pool }) });
    this.#listener = new Listener(connection, [ACTS, CONFIRMATIONS], () => {
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** The number of acts is read by the statement that says the replica lives: an act that it misses was committed after that began. */
  beat(state: ReplicaState): Promise<readonly DoorAct[]> {
    return this.#guarded(async (db) => {
      const { id, name, leaseMs, applied, confirmed } = state;
      const { rows } = await sql<{ seq: number }>`
        update gate_replica set beats = beats + 1, applied = ${applied}, confirmed = ${confirmed}, lease_ms = ${leaseMs}, seen_at = clock_timestamp()
        where id = ${id} returning (select seq from gate_door_clock) as seq`.execute(db);
      const seq = rows[0]?.seq ?? (await this.#register(db, state));
      if (seq < applied) throw wentBack(this.place);
      if (confirmed > (this.#own.get(id) ?? 0)) await sql`select pg_notify(${CONFIRMATIONS}, ${name})`.execute(db);
      this.#own.set(id, confirmed);
      return seq === applied ? [] : await actsAfter(db, applied);
    });
  }

  /** The row is committed before the acts are counted: who adds one after that finds the replica. */
  async #register(db: Kysely<DoorTables>, { id, name, leaseMs, applied, confirmed }: ReplicaState): Promise<number> {
    await sql`insert into gate_replica (id, name, lease_ms, applied, confirmed, beats) values (${id}, ${name}, ${leaseMs}, ${applied}, ${confirmed}, 1)`.execute(
      db,
    );
    return await seqOf(db);
  }

  append(act: NewAct): Promise<DoorAct> {
    return this.#guarded((db) =>
      db.transaction().execute(async (transaction) => {
        await sql`set local synchronous_commit = on`.execute(transaction);
        const { rows } = await sql<{ seq: number }>`update gate_door_clock set seq = seq + 1 where id = 1 returning seq`.execute(
          transaction,
        );
        const seq = rows[0]?.seq;
        if (seq === undefined) throw new Error("the table gate_door_clock is empty");
        const { target, reason, by, at, confirmed } = act;
        await sql`insert into gate_door_act (seq, act, kind, value, confidence, reason, made_by, made_at, confirmed) values (
          ${seq}, ${act.act}, ${target.kind}, ${target.value}, ${target.kind === "base" ? target.confidence : null}, ${reason}, ${by}, ${at},
          ${confirmed ?? null})`.execute(transaction);
        await sql`select pg_notify(${ACTS}, ${String(seq)})`.execute(transaction);
        return { ...act, seq };
      }),
    );
  }

  acts(): Promise<readonly DoorAct[]> {
    return this.#guarded((db) => actsAfter(db, 0));
  }

  replicas(): Promise<readonly Replica[]> {
    return this.#guarded(async (db) => {
      const { rows } = await sql<Replica>`
        select id, name, lease_ms as "leaseMs", applied, confirmed, beats from gate_replica order by name, id`.execute(db);
      return rows;
    });
  }

  async forget(id: string, beats: number): Promise<void> {
    await this.#guarded((db) => sql`delete from gate_replica where id = ${id} and beats = ${beats}`.execute(db));
  }

  watch(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#listener.close();
    for (const id of this.#own.keys()) {
      await this.#guarded((db) => sql`delete from gate_replica where id = ${id}`.execute(db)).catch(() => undefined);
    }
    await this.#db.destroy();
  }

  async #guarded<T>(work: (db: Kysely<DoorTables>) => Promise<T>): Promise<T> {
    try {
      await this.#migration.done();
      return await work(this.#db);
    } catch (cause) {
      if (cause instanceof AjarError || cause instanceof WentBack) throw cause;
      throw new AjarError(
        "DOOR_STORE_DOWN",
        `the doors cannot be read or written: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          subject: this.place,
          hint: "Check that the database runs, and AJAR_DATABASE_URL. Replicas that cannot reach it either shut by themselves.",
          cause,
        },
      );
    }
  }
}

async function seqOf(db: Kysely<DoorTables>): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from gate_door_clock where id = 1`.execute(db);
  return rows[0]?.seq ?? 0;
}

async function actsAfter(db: Kysely<DoorTables>, seq: number): Promise<readonly DoorAct[]> {
  const rows = await db.selectFrom("gate_door_act").selectAll().where("seq", ">", seq).orderBy("seq").execute();
  return rows.map(({ kind, value, confidence, made_by, made_at, ...row }) => {
    const act = readAct({ ...row, target: { kind, value, confidence }, by: made_by, at: made_at });
    if (act === null) throw new Error(`act ${row.seq} of the doors cannot be read`);
    return act;
  });
}
