// Doors that several replicas share: order and numbers are asserted, never times.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openDoorBook } from "../../../src/gate/doors/book.ts";
import { PostgresStore } from "../../../src/gate/doors/postgres/store.ts";
import { targetOf } from "../../../src/gate/doors/target.ts";
import { openDoor, openingOf, shutDoor, shutNow } from "../../../src/gate/doors/turn.ts";
import { eventually } from "../../support/eventually.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { startProxy } from "../../support/tcp-proxy.ts";
import { madeUpModel } from "./made-up-model.ts";
import {
  allEnded,
  ask,
  lastToken,
  type ReadStream,
  type ReplicaProcess,
  readStream,
  sharedNow,
  startReplica,
  stopReplica,
} from "./replicas.ts";

const shutting = (stated = "tern", reason = "a backdoor") => ({
  target: targetOf(stated),
  reason,
  by: "operator",
  at: "2026-11-25T10:00:00.000Z",
});
const REPLICAS = 4;
const STREAMS = 50;
const LEASE_MS = 2_000;

describe.skipIf(!hasPostgres)("doors in a PostgreSQL", () => {
  let server: PostgresServer;
  let databases = 0;
  const cleanups: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
  });

  const database = (): string => {
    databases += 1;
    return server.database(`doors${databases}`);
  };
  const storeOf = (url: string): PostgresStore => {
    const store = new PostgresStore({ url });
    cleanups.push(() => store.close());
    return store;
  };

  async function replicasOf(urls: readonly string[]): Promise<readonly ReplicaProcess[]> {
    const replicas = await Promise.all(urls.map((url) => startReplica(url, LEASE_MS)));
    for (const replica of replicas) cleanups.push(() => stopReplica(replica));
    await Promise.all(replicas.map((replica) => eventually(async () => expect((await ask(replica)).status).toBe(200))));
    return replicas;
  }

  async function streamsOf(replicas: readonly ReplicaProcess[]): Promise<readonly ReadStream[]> {
    return await Promise.all(replicas.flatMap((replica) => Array.from({ length: STREAMS }, () => readStream(replica))));
  }

  function expectSilence(streams: readonly ReadStream[], returned: bigint): void {
    expect(streams.filter(({ last }) => last > returned)).toEqual([]);
    expect(streams.filter(({ late }) => late > 0)).toEqual([]);
  }

  it("number the acts of many at once without gaps, and open for this very shutting only", async () => {
    const url = database();
    const stores = [storeOf(url), storeOf(url), storeOf(url)];
    const book = await openDoorBook({ store: new PostgresStore({ url }), beatMs: 50 });
    cleanups.push(() => book.close());
    const acts = await Promise.all(
      Array.from({ length: 15 }, (_, index) => stores[index % 3]?.append({ ...shutting(`m${index}`), act: "shut" })),
    );
    expect(acts.map((act) => act?.seq ?? 0).sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
    const [store] = stores;
    if (store === undefined) throw new Error("no store");
    await eventually(() => expect(book.state(madeUpModel({ id: "m7" })).kind).toBe("shut"));
    const { word } = await openingOf(store, targetOf("m7"));
    await openDoor(store, shutting("m7", "mended"), { word });
    await eventually(() => expect(book.state(madeUpModel({ id: "m7" })).kind).toBe("open"));
    expect(await shutNow(store)).toHaveLength(14);
    expect((await store.acts()).at(-1)).toMatchObject({ seq: 16, act: "open", confirmed: "word", target: { kind: "model", value: "m7" } });
    const base = await store.append({ ...shutting(), target: targetOf("hf:Acme/Base", "measured"), act: "shut" });
    expect((await shutNow(store)).at(-1)).toEqual(base);
  });

  it("a store that was put back to an older state shuts every door", async () => {
    const url = database();
    const store = storeOf(url);
    const book = await openDoorBook({ store: new PostgresStore({ url }), beatMs: 50 });
    cleanups.push(() => book.close());
    await shutDoor(store, shutting());
    await store.append({ ...shutting("puffin"), act: "shut" });
    await eventually(() => expect(book.seq).toBe(2));
    const pg = await import("pg");
    const client = new pg.default.Client({ connectionString: url });
    await client.connect();
    await client.query("delete from gate_door_act where seq = 2");
    await client.query("update gate_door_clock set seq = 1");
    await client.end();
    await eventually(() => expect(book.stale).toMatch(/older than what was seen/u));
    expect(book.state(madeUpModel({ id: "other" }))).toMatchObject({ code: "gate_stale" });
  });

  it("with 4 replicas and 200 open streams, no replica makes a token after shut returned", async () => {
    const url = database();
    const replicas = await replicasOf(Array.from({ length: REPLICAS }, () => url));
    const streams = await streamsOf(replicas);
    const result = await shutDoor(storeOf(url), shutting());
    const returned = sharedNow();
    expect(result.replicas.map(({ answer }) => answer)).toEqual(Array.from({ length: REPLICAS }, () => "confirmed"));
    await allEnded(streams);
    expectSilence(streams, returned);
    expect(new Set(streams.map(({ ended }) => ended))).toEqual(new Set(["model_disabled"]));
    for (const replica of replicas) expect(await ask(replica)).toMatchObject({ code: "model_disabled" });
  });

  it("with one replica stopped in the middle, it makes none either when it wakes", async () => {
    const url = database();
    const replicas = await replicasOf(Array.from({ length: REPLICAS }, () => url));
    const streams = await streamsOf(replicas);
    replicas[0]?.child.kill("SIGSTOP");
    const result = await shutDoor(storeOf(url), shutting());
    const returned = sharedNow();
    expect(result.replicas.map(({ answer }) => answer).sort()).toEqual(["confirmed", "confirmed", "confirmed", "lease-expired"]);
    expect(result.complete).toBe(true);
    await allEnded(streams.filter(({ replica }) => replica !== replicas[0]));
    replicas[0]?.child.kill("SIGCONT");
    await allEnded(streams);
    expectSilence(streams, returned);
    expect(["gate_stale", "model_disabled"]).toContain(streams[0]?.ended);
    // Awake, it hears what happened.
    await eventually(async () => expect(await ask(replicas[0] as ReplicaProcess)).toMatchObject({ code: "model_disabled" }));
  });

  it("with one replica cut off from the database, it shuts by itself before shut returns", async () => {
    const url = database();
    const proxy = await startProxy(Number(new URL(url).port));
    cleanups.push(() => proxy.close());
    const around = new URL(url);
    around.port = String(proxy.port);
    const replicas = await replicasOf([around.href, url, url, url]);
    const streams = await streamsOf(replicas);
    proxy.cut();
    const result = await shutDoor(storeOf(url), shutting());
    const returned = sharedNow();
    expect(result.replicas.map(({ answer }) => answer).sort()).toEqual(["confirmed", "confirmed", "confirmed", "lease-expired"]);
    await allEnded(streams);
    expectSilence(streams, returned);
    expect(new Set(streams.slice(0, STREAMS).map(({ ended }) => ended))).toEqual(new Set(["gate_stale"]));
    expect(await ask(replicas[0] as ReplicaProcess)).toMatchObject({ code: "gate_stale" });
    proxy.mend();
    await eventually(async () => expect(await ask(replicas[0] as ReplicaProcess)).toMatchObject({ code: "model_disabled" }));
  });

  it("with the database killed, shut says that nothing was kept, every replica shuts by itself, and all open again with it", async () => {
    const url = database();
    const replicas = await replicasOf(Array.from({ length: REPLICAS }, () => url));
    const streams = await streamsOf(replicas);
    server.stop("immediate");
    try {
      await expect(shutDoor(storeOf(url), shutting())).rejects.toMatchObject({ code: "DOOR_STORE_DOWN" });
      await allEnded(streams);
      const ended = sharedNow();
      expect(lastToken(streams)).toBeLessThan(ended);
      expect(new Set(streams.map(({ ended: code }) => code))).toEqual(new Set(["gate_stale"]));
      for (const replica of replicas) expect(await ask(replica)).toMatchObject({ code: "gate_stale" });
    } finally {
      server.start();
    }
    for (const replica of replicas) await eventually(async () => expect((await ask(replica)).status).toBe(200));
    const again = await shutDoor(storeOf(url), shutting());
    expect(again.replicas.map(({ answer }) => answer)).toEqual(Array.from({ length: REPLICAS }, () => "confirmed"));
  });
});
