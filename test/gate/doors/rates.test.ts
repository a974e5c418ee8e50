// Limits of keys in a database: counts are asserted, and no more time than has passed is granted.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { KeyHolder } from "../../../src/gate/contract.ts";
import { PostgresRates } from "../../../src/gate/doors/postgres/rates.ts";
import { LeasedRates } from "../../../src/gate/server/limits/leased-rates.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { scriptedUpstream } from "../../support/scripted-upstream.ts";
import { ask, home, type Running, serve } from "../serving.ts";

const REPLICAS = 4;
const LIMIT = 600;
const key: KeyHolder = { caller: { keyId: "k", scopes: [] }, requestsPerMinute: LIMIT, tokensPerMinute: null };

describe.skipIf(!hasPostgres)("limits of keys in a PostgreSQL", () => {
  let server: PostgresServer;
  let databases = 0;
  const opened: LeasedRates[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());
  afterEach(async () => {
    for (const rates of opened.splice(0)) await rates.close();
  });

  const database = (): string => {
    databases += 1;
    return server.database(`rates${databases}`);
  };
  const ratesOf = (url: string): LeasedRates => {
    const rates = new LeasedRates(new PostgresRates(url));
    opened.push(rates);
    return rates;
  };

  it("hold for all replicas together, however many ask at once", async () => {
    const url = database();
    const all = Array.from({ length: REPLICAS }, () => ratesOf(url));
    const startedAt = performance.now();
    const asked = await Promise.all(all.flatMap((rates) => Array.from({ length: LIMIT }, () => rates.take(key, performance.now()))));
    const minutes = (performance.now() - startedAt) / 60_000;
    const through = asked.filter((answer) => answer === null).length;
    expect(through).toBeLessThanOrEqual(LIMIT * (1 + minutes));
    // All but what a replica may have in hand, which is as much as it was asked for at once.
    expect(through).toBeGreaterThanOrEqual(LIMIT * 0.8);
    for (const answer of asked) expect(answer === null || answer >= 1).toBe(true);
  });

  it("keep a debt of tokens for every replica, and give back what one does not need", async () => {
    const ledger = new PostgresRates(database());
    const limits = { requests: 10, tokens: 100 };
    const exchange = (back: { requests: number; tokens: number }, want: { requests: number; tokens: number }) =>
      ledger.exchange({ key: "k", limits, back, want });
    const none = { requests: 0, tokens: 0 };
    expect((await exchange(none, { requests: 4, tokens: 50 })).granted).toEqual({ requests: 4, tokens: 50 });
    const rest = await exchange(none, { requests: 100, tokens: 100 });
    expect(rest.granted).toEqual({ requests: 6, tokens: 50 });
    expect(rest.left.requests).toBeLessThan(1);
    const debt = await exchange({ requests: 0, tokens: -1000 }, { requests: 1, tokens: 10 });
    expect(debt.granted).toEqual(none);
    expect(debt.left.tokens).toBeLessThan(-900);
    const back = await exchange({ requests: 3, tokens: 0 }, { requests: 3, tokens: 1 });
    expect(back.granted).toEqual({ requests: 3, tokens: 0 });
    // Never more than a minute's worth, also of what is given back.
    expect((await exchange({ requests: 1000, tokens: 0 }, { requests: 1000, tokens: 0 })).granted.requests).toBe(10);
    await ledger.close();
  });

  it("are used as far as they are in hand while the database is down, then refused, and go on with it", async () => {
    const rates = ratesOf(database());
    const take = async (): Promise<number | null> => rates.take(key, performance.now());
    expect(await take()).toBeNull();
    server.stop("immediate");
    let through = 0;
    await expect(
      (async () => {
        while (through < LIMIT && (await take()) === null) through += 1;
      })(),
    ).rejects.toMatchObject({ code: "gate_stale" });
    expect(through).toBeLessThan(LIMIT / 10);
    server.start();
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await take().catch(() => "down");
      if (answer === null) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect.unreachable("the limits never came back");
  });

  it("hold for two running gates with one key", async () => {
    const upstream = await scriptedUpstream();
    const at = home();
    const keys = join(at.folder, "keys.json");
    const limited = ["key", "create", "--keys", keys, "--model", "far", "--requests-per-minute", "6"];
    const secret = (await runInProcess(limited, { env: at.env })).stdout.trim();
    const shared = { ...at, env: { ...at.env, AJAR_DATABASE_URL: database() } };
    const gates: Running[] = [];
    for (const name of ["one", "two"]) {
      gates.push(await serve(["--upstream", `${upstream.url}=far`, "--keys", keys, "--log", join(at.folder, name)], shared));
    }
    const statuses: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      const { status } = await ask(gates[count % 2]?.url ?? "", "/v1/completions", { model: "far", prompt: "x" }, secret);
      statuses.push(status);
    }
    // One piece of the limit may lie with the other gate.
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered).toBeLessThanOrEqual(7);
    expect(answered).toBeGreaterThanOrEqual(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10 - answered);
    for (const gate of gates) expect(await gate.stop()).toBe(0);
    await upstream.close();
  });
});
