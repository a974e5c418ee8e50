// Limits of keys in the database that replicas share: two buckets a key, filled by the database's clock, one statement an exchange.
import { Kysely, PostgresDialect, type RawBuilder, sql } from "kysely";
import pg from "pg";
import { AjarError } from "../../../core/errors.ts";
import type { RateExchange, RateGrant, RateLedger } from "../../contract.ts";
import { CalmClient, withoutPassword } from "./connection.ts";
import { DoorMigration } from "./migrations.ts";
import type { DoorTables } from "./tables.ts";

/** As for doors: a server that does not answer in this time is as good as gone. Milliseconds. */
const TIMEOUT_MS = 1_000;
/** Not the connections of the doors: whoever fills these must not hold up a beat. */
const CONNECTIONS = 2;

interface Row {
  readonly requests: number;
  readonly tokens: number;
  readonly granted_requests: number;
  readonly granted_tokens: number;
}

export class PostgresRates implements RateLedger {
  readonly #place: string;
  readonly #db: Kysely<DoorTables>;
  readonly #migration: DoorMigration;

  constructor(url: string, timeoutMs = TIMEOUT_MS) {
    this.#place = withoutPassword(url);
    const connection = { connectionString: url, connectionTimeoutMillis: timeoutMs, application_name: "ajar-gate", keepAlive: true };
    const pool = new pg.Pool({
      ...connection,
      Client: CalmClient,
      max: CONNECTIONS,
      query_timeout: timeoutMs,
      statement_timeout: timeoutMs,
    });
    this.#migration = new DoorMigration(connection);
    pool.on("error", () => undefined);
    this.#db = new Kysely<DoorTables>({ dialect: new PostgresDialect({ pool }) });
  }

  async exchange({ key, limits, back, want }: RateExchange): Promise<RateGrant> {
    try {
      await this.#migration.done();
      const row = await exchanged(this.#db, key, [
        bucket("requests", limits.requests ?? 0, back.requests, want.requests),
        bucket("tokens", limits.tokens ?? 0, back.tokens, want.tokens),
      ]);
      return {
        granted: { requests: row.granted_requests, tokens: row.granted_tokens },
        left: { requests: row.requests, tokens: row.tokens },
      };
    } catch (cause) {
      if (cause instanceof AjarError) throw cause;
      throw new AjarError(
        "DOOR_STORE_DOWN",
        `the limits of keys cannot be read or written: ${cause instanceof Error ? cause.message : String(cause)}`,
        { subject: this.#place, hint: "Check that the database runs, and AJAR_DATABASE_URL.", cause },
      );
    }
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}

type Amount = RawBuilder<number>;

interface Bucket {
  /** In a row that is new, and in one that is there. */
  readonly fresh: { readonly granted: Amount; readonly left: Amount };
  readonly kept: { readonly granted: Amount; readonly left: Amount };
}

/** What a bucket has once time and what is given back are counted in, and what of it may be taken: whole pieces, never below nothing. */
function bucket(column: "requests" | "tokens", limit: number, back: number, want: number): Bucket {
  const number = (value: number): Amount => sql<number>`${value}::double precision`;
  const taken = (level: Amount): Bucket["kept"] => {
    const granted = sql<number>`greatest(0, least(${number(want)}, floor(${level})))`;
    return { granted, left: sql<number>`${level} - ${granted}` };
  };
  // A statement that waited for the row is older than whoever wrote it last.
  const minutes = sql<number>`greatest(0, extract(epoch from statement_timestamp() - r.at)) / 60.0`;
  const filled = sql<number>`least(${number(limit)}, r.${sql.ref(column)} + ${number(limit)} * ${minutes})`;
  const level = (before: Amount): Amount => sql<number>`least(${number(limit)}, ${before} + ${number(back)})`;
  return { fresh: taken(level(number(limit))), kept: taken(level(filled)) };
}

/** One row a key; the row's lock puts the exchanges of all replicas one behind the other. */
async function exchanged(db: Kysely<DoorTables>, key: string, [requests, tokens]: readonly [Bucket, Bucket]): Promise<Row> {
  const { rows } = await sql<Row>`
    insert into gate_rate as r (key_id, requests, tokens, granted_requests, granted_tokens, at) values (
      ${key}, ${requests.fresh.left}, ${tokens.fresh.left}, ${requests.fresh.granted}, ${tokens.fresh.granted}, statement_timestamp())
    on conflict (key_id) do update set
      requests = ${requests.kept.left}, tokens = ${tokens.kept.left},
      granted_requests = ${requests.kept.granted}, granted_tokens = ${tokens.kept.granted},
      at = greatest(r.at, statement_timestamp())
    returning requests, tokens, granted_requests, granted_tokens`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("the table gate_rate gave no row");
  return row;
}
