// pg-boss on a PostgreSQL that many workers share.
import { PgBoss } from "pg-boss";
import { AjarError, type ErrorCode } from "../core/errors.ts";

/** The longest that a job may take; a worker that is alive says so far more often. */
const LONGEST_SECONDS = 6 * 3600;
/** A worker that says nothing for this long is gone, and its job goes to another. pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10;

/** Failures that another try may mend; every other one is an answer. */
export const MENDABLE: readonly ErrorCode[] = [
  "UNREACHABLE",
  "RATE_LIMITED",
  "TRUNCATED_RESPONSE",
  "BAD_RESPONSE",
  "INTERRUPTED",
  "CHANGED_WHILE_READ",
  "STORE_UNUSABLE",
];

/** Opens the queues and makes their tables where they are missing. @throws AjarError STORE_UNUSABLE */
export async function openBoss(url: string, queues: readonly string[]): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: "ajar-jobs",
    max: 4,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  // A database that restarts is met again at the next poll; there is nothing to do about it here.
  boss.on("error", () => undefined);
  try {
    await boss.start();
    for (const queue of queues)
      await boss.createQueue(queue, {
        policy: "exclusive",
        retryLimit: 5,
        retryDelay: 2,
        retryBackoff: true,
        retryDelayMax: 300,
        expireInSeconds: LONGEST_SECONDS,
        heartbeatSeconds: HEARTBEAT_SECONDS,
      });
  } catch (cause) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw new AjarError("STORE_UNUSABLE", `the queue cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: "Check AJAR_DATABASE_URL, and that its user may create a schema.",
      cause,
    });
  }
  return boss;
}

type Row = Readonly<Record<string, unknown>>;

/** Rows that a statement answers with. @throws as the database */
export async function query(boss: PgBoss, statement: string, values?: unknown[]): Promise<readonly Row[]> {
  const answer: unknown = await boss.getDb().executeSql(statement, values);
  return (Reflect.get(Object(answer), "rows") ?? []) as readonly Row[];
}

/** What a failed job left as its reason. */
export function messageOf(output: unknown): string {
  const message: unknown = typeof output === "object" && output !== null ? Reflect.get(output, "message") : undefined;
  return typeof message === "string" ? message : "every try failed";
}
