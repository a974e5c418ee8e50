// Real workers on a real PostgreSQL, killed, joined and cut off in mid-run: every release is audited, and stands in the catalogue once.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../src/catalogue/postgres.ts";
import { Catalogue } from "../../src/catalogue/store.ts";
import { SharedQueue } from "../../src/jobs/shared-queue.ts";
import { StubHub } from "../hub/stub-server.ts";
import { repository } from "../hub/support.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";

const RELEASES = 16;
const names = Array.from({ length: RELEASES }, (_, index) => `acme/model-${index}`);
const program = join(import.meta.dirname, "../../src/bin.ts");

describe.skipIf(!hasPostgres)("workers (skipped without PostgreSQL)", () => {
  let server: PostgresServer;
  let hub: StubHub;
  let url = "";
  let databases = 0;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    hub = await StubHub.start(names.map((name) => repository({ key: `models/${name}` })));
    hub.delayMs = 40;
  });
  afterAll(async () => {
    await hub.close();
    server.remove();
  });
  beforeEach(() => {
    databases += 1;
    url = server.database(`jobs_${databases}`);
  });
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  });

  function startWorker(...more: readonly string[]): ChildProcess {
    const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", AJAR_DATABASE_URL: url, HF_ENDPOINT: hub.endpoint, NO_COLOR: "1" };
    const worker = spawn(process.execPath, [program, "worker", "--rate", "500", "--parallel", "2", ...more], { env, stdio: "ignore" });
    workers.push(worker);
    return worker;
  }

  async function enqueueAll(): Promise<void> {
    const queue = await SharedQueue.open(url);
    const targets = names.map((name) => ({ target: `hf:${name}` }));
    await queue.enqueueAll([...targets.slice(1), ...targets.slice(1)]);
    // The same again: each target waits or runs once.
    await queue.enqueueAll(targets);
    for (const name of names) await queue.enqueue({ target: `hf:${name}` });
    expect((await queue.counts()).waiting).toBeLessThanOrEqual(RELEASES);
    await queue.close();
  }

  async function withQueue<T>(work: (queue: SharedQueue) => Promise<T>): Promise<T> {
    const queue = await SharedQueue.open(url);
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  }

  async function until(done: number): Promise<void> {
    await withQueue(async (queue) => {
      for (let tries = 0; tries < 240; tries += 1) {
        const counts = await queue.counts().catch(() => null);
        if (counts !== null && counts.done >= done) return;
        await wait(500);
      }
      throw new Error(`not ${done} done in time: ${JSON.stringify(await queue.counts())}`);
    });
  }

  async function expectEachOnce(): Promise<void> {
    const counts = await withQueue((queue) => queue.counts());
    expect(counts).toEqual({ waiting: 0, running: 0, done: RELEASES, failed: 0 });
    const catalogue = await Catalogue.open(openPostgres(url, 2));
    try {
      expect(await catalogue.size()).toEqual({ releases: RELEASES, reports: RELEASES });
      const { releases } = await catalogue.list({ filter: { cells: [], text: "" }, limit: 100, after: null });
      expect(releases.map(({ key }) => key).sort()).toEqual(names.map((name) => `hf:${name}`).sort());
    } finally {
      await catalogue.close();
    }
  }

  it("a worker is killed in mid-job and a second one joins", async () => {
    await enqueueAll();
    const first = startWorker();
    await until(3);
    first.kill("SIGKILL");
    startWorker();
    await until(RELEASES);
    await expectEachOnce();
  }, 180_000);

  it("the database restarts in mid-run", async () => {
    await enqueueAll();
    startWorker();
    startWorker();
    await until(3);
    server.stop("immediate");
    server.start();
    await until(RELEASES);
    await expectEachOnce();
  }, 180_000);

  it("ends by itself when nothing is left, and gives back what it holds when told to stop", async () => {
    await enqueueAll();
    const stopped = startWorker();
    await until(2);
    const ended = new Promise<number | null>((resolve) => stopped.on("exit", resolve));
    stopped.kill("SIGTERM");
    expect(await ended).toBe(0);
    const last = startWorker("--until-empty");
    expect(await new Promise<number | null>((resolve) => last.on("exit", resolve))).toBe(0);
    await expectEachOnce();
  }, 180_000);

  it("an answer that says no is kept as one, and is not tried again", async () => {
    await withQueue((queue) => queue.enqueue({ target: "hf:acme/no-such-model" }));
    const worker = startWorker("--until-empty");
    expect(await new Promise<number | null>((resolve) => worker.on("exit", resolve))).toBe(0);
    expect(await withQueue((queue) => queue.counts())).toMatchObject({ waiting: 0, running: 0, done: 1 });
  }, 120_000);

  it("workers take turns at a host", async () => {
    const catalogues = await Promise.all([1, 2, 3].map(() => Catalogue.open(openPostgres(url, 2))));
    const turns = await Promise.all(
      Array.from({ length: 30 }, (_, index) => catalogues[index % 3]?.turn("hub.example", 100) ?? Promise.reject(new Error("none"))),
    );
    const sorted = [...turns].sort((a, b) => a - b);
    // Thirty turns a tenth of a second apart reach nearly three seconds ahead, whoever asked.
    expect(sorted.at(-1)).toBeGreaterThan(1500);
    for (const [index, turn] of sorted.slice(1).entries()) expect(turn - (sorted[index] ?? 0)).toBeGreaterThan(20);
    await Promise.all(catalogues.map((catalogue) => catalogue.close()));
  });
});
