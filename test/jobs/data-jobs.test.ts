// Shards of a data plan on a real PostgreSQL, with workers that are killed in the midst: each shard counts once, and the report is the one of a single run.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { withSources } from "../../src/audit/data/data.ts";
import { planDigest, planShards, runShard, type ShardPlan } from "../../src/audit/data/shards.ts";
import { openBoss } from "../../src/jobs/boss.ts";
import { DATA_QUEUE } from "../../src/jobs/data-jobs.ts";
import { DataStore } from "../../src/jobs/data-store.ts";
import { SharedQueue } from "../../src/jobs/shared-queue.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";

const FILES = 12;
const ROWS = 1500;
const program = join(import.meta.dirname, "../../src/bin.ts");

function rowsOf(file: number): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const name = `person${(file * 7919 + row * 104_729) % 100_003}`;
    return JSON.stringify({
      id: row,
      text: `Committee ${file} met on day ${row} and wrote to ${name}@mail-${file}.example.org about ${"rail ".repeat(40)}.`,
    });
  });
  return `${rows.join("\n")}\n${JSON.stringify({ id: 0, text: "Every file ends with this row, which is the same in all of them." })}\n`;
}

describe.skipIf(!hasPostgres)("shards through the queue (skipped without PostgreSQL)", () => {
  let server: PostgresServer;
  let folder = "";
  let plan: ShardPlan;
  let alone = "";
  let url = "";
  let databases = 0;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), "ajar-data-jobs-"));
    mkdirSync(join(folder, "set"));
    for (let file = 0; file < FILES; file += 1) writeFileSync(join(folder, "set", `part-${file}.jsonl`), rowsOf(file));
    const context = auditContext({ env: {}, cwd: folder, offline: true });
    // Paths count from the folder in which the plan is enqueued, wherever the workers are.
    const references = ["./set"];
    plan = await withSources({ references, context, include: [], exclude: [] }, (sources) => planShards(references, sources, "full", 1));
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
    alone = (await runInProcess(["data", "./set", "--rows", "full", "-f", "json"], { cwd: folder })).stdout;
  }, 60_000);
  afterAll(() => {
    server.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    databases += 1;
    url = server.database(`data_${databases}`);
  });
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  });

  function startWorker(...more: readonly string[]): ChildProcess {
    const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", AJAR_DATABASE_URL: url, NO_COLOR: "1" };
    const worker = spawn(process.execPath, [program, "worker", ...more], { env, cwd: tmpdir(), stdio: "ignore" });
    workers.push(worker);
    return worker;
  }

  async function ajar(...words: readonly string[]) {
    return await runInProcess(["data", "shard", ...words], { cwd: folder, env: { AJAR_DATABASE_URL: url } });
  }

  async function select(statement: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  const partsThere = async (): Promise<number> => Number((await select("select count(*) as n from ajar_data_part"))[0]?.["n"] ?? 0);

  async function untilParts(least: number): Promise<void> {
    for (let tries = 0; tries < 600 && (await partsThere()) < least; tries += 1) await wait(50);
    expect(await partsThere()).toBeGreaterThanOrEqual(least);
  }

  async function expectReport(): Promise<void> {
    const { code, stdout, stderr } = await ajar("report", "plan.json", "--wait", "-f", "json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toBe(alone);
    const parts = await select("select shard, failure, part is null as is_spent from ajar_data_part order by shard");
    expect(parts).toEqual(Array.from({ length: FILES }, (_, shard) => ({ shard, failure: null, is_spent: true })));
  }

  it("make the report of one run, byte for byte", async () => {
    expect(plan.shards).toHaveLength(FILES);
    expect((await ajar("report", "plan.json")).stderr).toContain("was not enqueued");
    expect((await ajar("enqueue", "plan.json")).code).toBe(0);
    const early = await ajar("report", "plan.json");
    expect([early.code, early.stdout]).toEqual([3, ""]);
    expect(early.stderr).toContain(`0 of ${FILES} shards are measured`);
    startWorker();
    startWorker();
    await expectReport();
    // Once more changes nothing.
    expect((await ajar("enqueue", "plan.json")).code).toBe(0);
    await expectReport();
  }, 180_000);

  it("count once, though workers are killed in the midst, one after another", async () => {
    await ajar("enqueue", "plan.json");
    await ajar("enqueue", "plan.json");
    for (const least of [1, 4, 7]) {
      const worker = startWorker();
      await untilParts(least);
      worker.kill("SIGKILL");
    }
    startWorker();
    startWorker();
    await expectReport();
  }, 180_000);

  it("are merged though whoever had the last part died before it said so", async () => {
    const boss = await openBoss(url, [DATA_QUEUE]);
    const store = await DataStore.open(boss);
    const id = planDigest(plan);
    await store.add(id, { plan, cwd: folder });
    const context = auditContext({ env: {}, cwd: folder, offline: true });
    const { signal, progress } = context;
    await withSources({ references: plan.references, context, include: [], exclude: [] }, async (sources) => {
      for (const shard of plan.shards.keys())
        await store.keep(id, await runShard(plan, shard, sources, { rows: "full", threads: 1, overlap: null, signal, progress }));
    });
    // The job of that shard, which the queue gives to another.
    await boss.send(DATA_QUEUE, { job: id, shard: FILES - 1 });
    await boss.stop();
    expect((await ajar("report", "plan.json")).stderr).toContain(`${FILES} of ${FILES} shards are measured`);
    const queue = await SharedQueue.open(url);
    expect(await queue.counts()).toEqual({ waiting: 1, running: 0, done: 0, failed: 0 });
    await queue.close();
    const worker = startWorker("--until-empty");
    expect(await new Promise<number | null>((resolve) => worker.on("exit", resolve))).toBe(0);
    await expectReport();
  }, 180_000);

  it("that cannot be measured say why, and are tried again when the plan is enqueued again", async () => {
    const file = join(folder, "set", "part-5.jsonl");
    writeFileSync(file, `${rowsOf(5)}{"text":"one more"}\n`);
    try {
      await ajar("enqueue", "plan.json");
      startWorker();
      const failed = await ajar("report", "plan.json", "--wait");
      expect(failed.code).toBe(3);
      expect(failed.stderr).toMatch(/shard \d+ failed: part-5\.jsonl: not the file that was planned/u);
    } finally {
      writeFileSync(file, rowsOf(5));
    }
    await ajar("enqueue", "plan.json");
    await expectReport();
  }, 180_000);

  it("whose every try failed are named, until the plan is enqueued again", async () => {
    await ajar("enqueue", "plan.json");
    await select(`update pgboss.job set state = 'failed', output = '{"message":"no host answers"}' where data->>'shard' = '2'`);
    const failed = await ajar("report", "plan.json", "--wait");
    expect([failed.code, failed.stdout]).toEqual([3, ""]);
    expect(failed.stderr).toContain("shard 2 failed: no host answers");
    await ajar("enqueue", "plan.json");
    expect((await ajar("report", "plan.json")).stderr).toContain(`0 of ${FILES} shards are measured`);
  }, 60_000);

  it("go on when the database restarts", async () => {
    await ajar("enqueue", "plan.json");
    startWorker();
    await untilParts(2);
    server.stop("immediate");
    server.start();
    await expectReport();
  }, 180_000);
});
