// Jobs on a PostgreSQL that many workers share: durable, retried, each target waiting or running once. The queue is pg-boss.
import { setTimeout as wait } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { AjarError } from "../core/errors.ts";
import { type AuditJob, failedState, type JobState, type JobTools, runAuditJob } from "./audit-job.ts";
import { MENDABLE, messageOf, openBoss, query } from "./boss.ts";
import { DATA_QUEUE, DataJobs } from "./data-jobs.ts";
import type { AuditQueue } from "./local-queue.ts";

const QUEUE = "ajar-audit";
const POLL_MS = 500;

export interface QueueCounts {
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
}

export class SharedQueue implements AuditQueue {
  readonly #boss: PgBoss;
  /** Shards of data plans, on the same connections. */
  readonly data: DataJobs;

  private constructor(boss: PgBoss, data: DataJobs) {
    this.#boss = boss;
    this.data = data;
  }

  /** Opens the queue and makes its tables where they are missing. @throws AjarError STORE_UNUSABLE */
  static async open(url: string): Promise<SharedQueue> {
    const boss = await openBoss(url, [QUEUE, DATA_QUEUE]);
    try {
      return new SharedQueue(boss, await DataJobs.open(boss));
    } catch (failure) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      throw failure;
    }
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

  /** Jobs by state, as of now: audits, and the shards and merges of data. */
  async counts(): Promise<QueueCounts> {
    const answer = await query(
      this.#boss,
      "select state::text, count(*)::int as count from pgboss.job where name = any($1) group by state",
      [[QUEUE, DATA_QUEUE]],
    );
    const rows = answer as unknown as readonly { readonly state: string; readonly count: number }[];
    const count = (...states: readonly string[]): number =>
      rows.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + row.count, 0);
    return { waiting: count("created", "retry"), running: count("active"), done: count("completed"), failed: count("failed", "cancelled") };
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }
}
