// Jobs on a PostgreSQL that many workers share: durable, retried, each target waiting or running once. The queue is pg-boss.
import { setTimeout as wait } from "node:timers/promises";
import { PgBoss } from "pg-boss";
import { AjarError, type ErrorCode } from "../core/errors.ts";
import { type AuditJob, failedState, type JobState, type JobTools, runAuditJob } from "./audit-job.ts";
import type { AuditQueue } from "./local-queue.ts";

const QUEUE = "ajar-audit";
/** The longest that an audit may take; a worker that is alive says so far more often. */
const LONGEST_SECONDS = 6 * 3600;
/** A worker that says nothing for this long is gone, and its job goes to another. pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10;
const POLL_MS = 500;

/** Failures that another try may mend; every other one is an answer. */
const MENDABLE: readonly ErrorCode[] = [
  "UNREACHABLE",
  "RATE_LIMITED",
  "TRUNCATED_RESPONSE",
  "BAD_RESPONSE",
  "INTERRUPTED",
  "CHANGED_WHILE_READ",
  "STORE_UNUSABLE",
];

export interface QueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
}

export class SharedQueue implements AuditQueue {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Opens the queue and makes its tables where they are missing. @throws AjarError STORE_UNUSABLE */
  static async open(url: string): Promise<SharedQueue> {
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
      await boss.createQueue(QUEUE, {
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
    return new SharedQueue(boss);
  }

  /** The id of the job, also when this target is waiting or running already. */
  async enqueue(job: AuditJob): Promise<string> {
    const id = await this.#boss.send(QUEUE, job, { singletonKey: job.target });
    if (id !== null) return id;
    const [known] = await this.#boss.findJobs<AuditJob>(QUEUE, { key: job.target, queued: true });
    const [running] = known === undefined ? await this.#boss.findJobs<AuditJob>(QUEUE, { key: job.target }) : [known];
    if (running === undefined)
      throw new AjarError("BUSY", "the queue takes no job for this target now", { subject: job.target, hint: "Try again later." });
    return running.id;
  }

  /** Many at once; a target that is waiting or running already is passed over. */
  async enqueueAll(jobs: readonly AuditJob[]): Promise<void> {
    const once = new Map(jobs.map((job) => [job.target, job]));
    await this.#boss.insert(
      QUEUE,
      [...once.values()].map((job) => ({ data: job, singletonKey: job.target })),
    );
  }

  async state(id: string): Promise<JobState | null> {
    if (!/^[0-9a-f-]{36}$/u.test(id)) return null;
    const [job] = await this.#boss.findJobs<AuditJob>(QUEUE, { id });
    if (job === undefined) return null;
    switch (job.state) {
      case "active":
        return { state: "running", progress: "" };
      case "completed":
        // Written by #run below.
        return job.output as JobState;
      case "failed":
      case "cancelled":
        return failedState(new AjarError("UNREACHABLE", messageOf(job.output), { subject: job.data.target, hint: "Enqueue it again." }));
      default:
        return { state: "waiting" };
    }
  }

  async *watch(id: string, signal: AbortSignal): AsyncIterable<JobState> {
    let last = "";
    while (!signal.aborted) {
      const state = await this.state(id);
      if (state === null) return;
      const text = JSON.stringify(state);
      if (text !== last) yield state;
      last = text;
      if (state.state === "done" || state.state === "failed") return;
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Works until the signal fires; then the jobs in hand are given back for others. `limit`: jobs at the same time. */
  async work(tools: JobTools, limit: number, signal: AbortSignal, told: (target: string, state: JobState) => void): Promise<void> {
    await this.#boss.work<AuditJob>(QUEUE, { localConcurrency: limit, pollingIntervalSeconds: 0.5 }, async ([job]) => {
      if (job === undefined) return undefined;
      const state = await this.#run(job.data, tools, signal);
      told(job.data.target, state);
      return state;
    });
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await this.#boss.offWork(QUEUE, { wait: true });
  }

  /** An answer, also one that says no; throwing gives the job back to the queue. */
  async #run(job: AuditJob, tools: JobTools, signal: AbortSignal): Promise<JobState> {
    try {
      const { releaseId, reportId, isNew } = await runAuditJob(job, tools, () => undefined, signal);
      return { state: "done", releaseId, reportId, isNew };
    } catch (failure) {
      if (!(failure instanceof AjarError) || MENDABLE.includes(failure.code)) throw failure;
      return failedState(failure);
    }
  }

  /** Jobs by state, as of now. */
  async counts(): Promise<QueueCounts> {
    const answer: unknown = await this.#boss
      .getDb()
      .executeSql("select state::text, count(*)::int as count from pgboss.job where name = $1 group by state", [QUEUE]);
    const rows = Reflect.get(Object(answer), "rows") as readonly { readonly state: string; readonly count: number }[];
    const count = (...states: readonly string[]): number =>
      rows.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + row.count, 0);
    return { waiting: count("created", "retry"), running: count("active"), done: count("completed"), failed: count("failed", "cancelled") };
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }
}

function messageOf(output: unknown): string {
  const message: unknown = typeof output === "object" && output !== null ? Reflect.get(output, "message") : undefined;
  return typeof message === "string" ? message : "every try failed";
}
