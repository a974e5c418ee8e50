// What a data job leaves in the database: its plan, the part of each shard, and the report made of them. Every write is
// one statement that does the same when it is done again.
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { PgBoss } from "pg-boss";
import type { ShardPart, ShardPlan } from "../audit/data/shards.ts";
import type { DataReport } from "../core/dataset.ts";
import { AjarError } from "../core/errors.ts";
import { query } from "./boss.ts";

const [packed, unpacked] = [promisify(gzip), promisify(gunzip)];

/** Workers that start at the same time make the tables one after another: the lock's number is of no other meaning. */
const TABLES = `
  select pg_advisory_xact_lock(4919021);
  create table if not exists ajar_data_job (
    id text primary key,
    cwd text not null,
    plan text not null,
    shards integer not null,
    report text
  );
  create table if not exists ajar_data_part (
    job text not null references ajar_data_job (id) on delete cascade,
    shard integer not null,
    part bytea,
    failure text,
    primary key (job, shard)
  );
`;

/** Why a shard has no part and will get none. */
export interface ShardFailure {
  readonly shard: number;
  readonly code: string;
  readonly message: string;
}

export interface StoredPlan {
  readonly plan: ShardPlan;
  /** Folder in which the plan was made: paths of its targets count from there. */
  readonly cwd: string;
}

export class DataStore {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Makes the tables where they are missing. @throws AjarError STORE_UNUSABLE */
  static async open(boss: PgBoss): Promise<DataStore> {
    try {
      await query(boss, TABLES);
    } catch (cause) {
      throw new AjarError("STORE_UNUSABLE", `the queue cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
        hint: "Check AJAR_DATABASE_URL, and that its user may create a schema.",
        cause,
      });
    }
    return new DataStore(boss);
  }

  /** Keeps a plan and forgets what failed, so that it is tried again. */
  async add(id: string, { plan, cwd }: StoredPlan): Promise<void> {
    const values = [id, cwd, JSON.stringify(plan), plan.shards.length];
    await query(this.#boss, "insert into ajar_data_job (id, cwd, plan, shards) values ($1, $2, $3, $4) on conflict do nothing", values);
    await query(this.#boss, "delete from ajar_data_part where job = $1 and failure is not null", [id]);
  }

  /** How far a job is, without reading its plan or its report, which may be large. */
  async stage(id: string): Promise<"none" | "open" | "reported"> {
    const [row] = await query(this.#boss, "select report is not null as reported from ajar_data_job where id = $1", [id]);
    if (row === undefined) return "none";
    return row["reported"] === true ? "reported" : "open";
  }

  async plan(id: string): Promise<StoredPlan | null> {
    const [row] = await query(this.#boss, "select cwd, plan from ajar_data_job where id = $1", [id]);
    return row === undefined ? null : { plan: JSON.parse(String(row["plan"])) as ShardPlan, cwd: String(row["cwd"]) };
  }

  /** Shards that have a part, or a reason why they have none; in order. */
  async done(id: string): Promise<readonly number[]> {
    const rows = await query(this.#boss, "select shard from ajar_data_part where job = $1 order by shard", [id]);
    return rows.map(({ shard }) => Number(shard));
  }

  async failures(id: string): Promise<readonly ShardFailure[]> {
    const rows = await query(
      this.#boss,
      "select shard, failure from ajar_data_part where job = $1 and failure is not null order by shard",
      [id],
    );
    return rows.map(({ shard, failure }) => ({ shard: Number(shard), ...JSON.parse(String(failure)) }));
  }

  /** The first part of a shard stays; it is the same as any other would be. */
  async keep(id: string, part: ShardPart): Promise<void> {
    const bytes = await packed(JSON.stringify(part));
    await query(this.#boss, "insert into ajar_data_part (job, shard, part) values ($1, $2, $3) on conflict do nothing", [
      id,
      part.index,
      bytes,
    ]);
  }

  async fail(id: string, { shard, ...failure }: ShardFailure): Promise<void> {
    const values = [id, shard, JSON.stringify(failure)];
    await query(this.#boss, "insert into ajar_data_part (job, shard, failure) values ($1, $2, $3) on conflict do nothing", values);
  }

  /** One part; null where there is none. */
  async part(id: string, shard: number): Promise<ShardPart | null> {
    const [row] = await query(this.#boss, "select part from ajar_data_part where job = $1 and shard = $2", [id, shard]);
    const bytes = row?.["part"];
    return bytes instanceof Uint8Array ? (JSON.parse((await unpacked(bytes)).toString("utf8")) as ShardPart) : null;
  }

  /** Keeps the report where there is none yet; the parts are not needed any more, only that they were there. */
  async finish(id: string, report: DataReport): Promise<void> {
    await query(this.#boss, "update ajar_data_job set report = $2 where id = $1 and report is null", [id, JSON.stringify(report)]);
    await query(
      this.#boss,
      "update ajar_data_part set part = null where job = $1 and exists (select 1 from ajar_data_job where id = $1 and report is not null)",
      [id],
    );
  }

  async report(id: string): Promise<DataReport | null> {
    const [row] = await query(this.#boss, "select report from ajar_data_job where id = $1", [id]);
    const report = row?.["report"];
    return typeof report === "string" ? (JSON.parse(report) as DataReport) : null;
  }
}
