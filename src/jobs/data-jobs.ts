// Shards of a data plan as jobs of a queue: each measured once, by whichever worker takes it, and merged once all of them are.
import { setImmediate } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { withSources } from "../audit/data/data.ts";
import { Merging, planDigest, runShard, type ShardPlan } from "../audit/data/shards.ts";
import type { DataReport } from "../core/dataset.ts";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import { MENDABLE, messageOf, query } from "./boss.ts";
import { DataStore, type ShardFailure } from "./data-store.ts";

export const DATA_QUEUE = "ajar-data";
/** Jobs sent at once. */
const BATCH = 1000;

/** `shard` is null for the merge. */
interface DataJob {
  readonly job: string;
  readonly shard: number | null;
}

/** What a worker brings. */
export interface DataTools {
  /** @param cwd folder from which the paths of targets count */
  readonly context: (cwd: string, signal: AbortSignal) => SourceContext;
  readonly threads: number;
}

export type DataJobState =
  /** Nobody enqueued this plan. */
  | { readonly state: "none" }
  | { readonly state: "running"; readonly done: number; readonly shards: number }
  | { readonly state: "done"; readonly report: DataReport }
  | { readonly state: "failed"; readonly failures: readonly ShardFailure[] };

export class DataJobs {
  readonly #boss: PgBoss;
  readonly #store: DataStore;

  private constructor(boss: PgBoss, store: DataStore) {
    this.#boss = boss;
    this.#store = store;
  }

  /** @throws AjarError STORE_UNUSABLE */
  static async open(boss: PgBoss): Promise<DataJobs> {
    return new DataJobs(boss, await DataStore.open(boss));
  }

  /** Sends what is left of a plan's work, also after a crash in the midst of anything; a plan that is done stays so. Returns its id. */
  async enqueue(plan: ShardPlan, cwd: string): Promise<string> {
    const id = planDigest(plan);
    await this.#store.add(id, { plan, cwd });
    if ((await this.#store.stage(id)) === "reported") return id;
    const done = new Set(await this.#store.done(id));
    const left = plan.shards.map((_, shard) => shard).filter((shard) => !done.has(shard));
    for (let at = 0; at < left.length; at += BATCH) {
      const jobs = left.slice(at, at + BATCH).map((shard): DataJob => ({ job: id, shard }));
      await this.#boss.insert(
        DATA_QUEUE,
        jobs.map((job) => ({ data: job, singletonKey: keyOf(job) })),
      );
    }
    if (left.length === 0) await this.#sendMerge(id);
    return id;
  }

  async state(plan: ShardPlan): Promise<DataJobState> {
    const id = planDigest(plan);
    const stage = await this.#store.stage(id);
    if (stage === "none") return { state: "none" };
    const report = stage === "reported" ? await this.#store.report(id) : null;
    if (report !== null) return { state: "done", report };
    const failures = [...(await this.#store.failures(id)), ...(await this.#givenUp(id))].sort((a, b) => a.shard - b.shard);
    if (failures.length > 0) return { state: "failed", failures };
    return { state: "running", done: (await this.#store.done(id)).length, shards: plan.shards.length };
  }

  /** Shards whose last try failed, and the merge as number -1. */
  async #givenUp(id: string): Promise<readonly ShardFailure[]> {
    // A key has one job that waits or runs; where there is one, an earlier failure is past.
    const rows = await query(
      this.#boss,
      `select data, output from pgboss.job failed
       where name = $1 and data->>'job' = $2 and state in ('failed', 'cancelled')
         and not exists (select 1 from ajar_data_part part where part.job = $2 and part.shard = (failed.data->>'shard')::int)
         and not exists (
           select 1 from pgboss.job other
           where other.name = $1 and other.singleton_key = failed.singleton_key and other.state in ('created', 'retry', 'active')
         )`,
      [DATA_QUEUE, id],
    );
    const byShard = new Map(
      rows.map(({ data, output }): [number, ShardFailure] => {
        const shard = (data as DataJob).shard ?? -1;
        return [shard, { shard, code: "UNREACHABLE", message: messageOf(output) }];
      }),
    );
    return [...byShard.values()];
  }

  /** Works until the signal fires; then what is in hand is given back. */
  async work(tools: DataTools, signal: AbortSignal, told: (text: string) => void): Promise<void> {
    await this.#boss.work<DataJob>(DATA_QUEUE, { localConcurrency: 1, pollingIntervalSeconds: 0.5 }, async ([job]) => {
      if (job === undefined) return;
      await this.#run(job.data, tools, signal);
      told(keyOf(job.data));
    });
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await this.#boss.offWork(DATA_QUEUE, { wait: true });
  }

  /** Throwing gives the job back to the queue. */
  async #run({ job, shard }: DataJob, tools: DataTools, signal: AbortSignal): Promise<void> {
    const stored = (await this.#store.stage(job)) === "open" ? await this.#store.plan(job) : null;
    if (stored === null) return;
    if (shard === null) {
      await this.#merge(job, stored.plan);
      return;
    }
    if (!(await this.#store.done(job)).includes(shard))
      await this.#measure(job, shard, stored.plan, tools.context(stored.cwd, signal), tools.threads);
    // Whoever died between the last part and the merge left this to the shard's next try.
    const left = stored.plan.shards.length - (await this.#store.done(job)).length;
    if (left === 0 && (await this.#store.failures(job)).length === 0) await this.#sendMerge(job);
  }

  async #measure(job: string, shard: number, plan: ShardPlan, context: SourceContext, threads: number): Promise<void> {
    const { signal, progress } = context;
    try {
      const part = await withSources({ references: plan.references, context, include: [], exclude: [] }, (sources) =>
        runShard(plan, shard, sources, { rows: plan.rows, threads, overlap: null, signal, progress }),
      );
      await this.#store.keep(job, part);
    } catch (failure) {
      if (!isAnswer(failure)) throw failure;
      await this.#store.fail(job, { shard, code: failure.code, message: failure.message });
    }
  }

  async #merge(job: string, plan: ShardPlan): Promise<void> {
    const merging = new Merging(plan.rows);
    for (let shard = 0; shard < plan.shards.length; shard += 1) {
      const part = await this.#store.part(job, shard);
      if (part === null) return;
      merging.add(part);
      // A worker that says nothing for long is taken for dead.
      await setImmediate();
    }
    await this.#store.finish(job, merging.report());
  }

  async #sendMerge(id: string): Promise<void> {
    const job: DataJob = { job: id, shard: null };
    await this.#boss.send(DATA_QUEUE, job, { singletonKey: keyOf(job) });
  }
}

function keyOf({ job, shard }: DataJob): string {
  return `${job}#${shard ?? "merge"}`;
}

/** A file that is another one than planned stays so. */
function isAnswer(failure: unknown): failure is AjarError {
  return failure instanceof AjarError && (failure.code === "CHANGED_WHILE_READ" || !MENDABLE.includes(failure.code));
}
