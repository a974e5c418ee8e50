// Doors: time from `shut` to the last token of 200 streams on 4 replicas that share a PostgreSQL: all well, one replica stopped (SIGSTOP), one cut off
// from the database, the database killed. Usage: npm run bench:doors [-- ROUNDS]   (default 3). Peer in the same run: ending the replicas' processes.
import { PostgresStore } from "../src/gate/doors/postgres/store.ts";
import { targetOf } from "../src/gate/doors/target.ts";
import { type ShutResult, shutDoor } from "../src/gate/doors/turn.ts";
import {
  allEnded,
  lastToken,
  type ReadStream,
  type ReplicaProcess,
  readStream,
  sharedNow,
  startReplica,
  stopReplica,
} from "../test/gate/doors/replicas.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../test/support/postgres.ts";
import { startProxy } from "../test/support/tcp-proxy.ts";

const rounds = Number(process.argv[2] ?? 3);
const REPLICAS = 4;
const STREAMS = 50;
const LEASE_MS = 3_000;

if (!hasPostgres) {
  console.error("PostgreSQL is not installed");
  process.exit(1);
}

interface Scene {
  readonly name: string;
  /** What happens to the first replica, or to the database, right before the command. */
  readonly before: (around: {
    readonly replicas: readonly ReplicaProcess[];
    readonly cut: () => void;
    readonly server: PostgresServer;
  }) => void;
  readonly after?: (around: { readonly replicas: readonly ReplicaProcess[]; readonly server: PostgresServer }) => void;
}

const SCENES: readonly Scene[] = [
  { name: "all well", before: () => undefined },
  {
    name: "one replica stopped",
    before: ({ replicas }) => replicas[0]?.child.kill("SIGSTOP"),
    after: ({ replicas }) => replicas[0]?.child.kill("SIGCONT"),
  },
  { name: "one replica cut off", before: ({ cut }) => cut() },
  { name: "database killed", before: ({ server }) => server.stop("immediate"), after: ({ server }) => server.start() },
];

const ms = (nanoseconds: bigint) => Number(nanoseconds) / 1e6;
const server = await startPostgres();
let databases = 0;

async function scene({
  before,
  after,
}: Scene): Promise<{ readonly text: string; readonly tokensAfter: number; readonly last: number; readonly took: number }> {
  databases += 1;
  const url = server.database(`bench${databases}`);
  const proxy = await startProxy(Number(new URL(url).port));
  const around = new URL(url);
  around.port = String(proxy.port);
  const replicas = await Promise.all([around.href, url, url, url].slice(0, REPLICAS).map((database) => startReplica(database, LEASE_MS)));
  const store = new PostgresStore({ url });
  try {
    const streams: readonly ReadStream[] = await Promise.all(
      replicas.flatMap((replica) => Array.from({ length: STREAMS }, () => readStream(replica))),
    );
    await store.acts();
    before({ replicas, cut: proxy.cut, server });
    const began = sharedNow();
    let result: ShutResult | null = null;
    try {
      result = await shutDoor(store, { target: targetOf("tern"), reason: "bench", by: "bench", at: new Date().toISOString() });
    } catch {
      // The database is gone: nothing was kept, and the replicas shut by themselves.
    }
    const returned = sharedNow();
    if (result === null) await allEnded(streams);
    after?.({ replicas, server });
    await allEnded(streams);
    const tokensAfter =
      result === null ? 0 : streams.filter(({ last }) => last > returned).length + streams.reduce((sum, { late }) => sum + late, 0);
    const answers = result === null ? "the command failed" : result.replicas.map(({ answer }) => answer).join(", ");
    return { text: answers, tokensAfter, last: ms(lastToken(streams) - began), took: ms(returned - began) };
  } finally {
    await store.close();
    await Promise.all(replicas.map(stopReplica));
    await proxy.close();
  }
}

/** The peer: no doors, the processes are ended. */
async function killAll(): Promise<number> {
  databases += 1;
  const url = server.database(`bench${databases}`);
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => startReplica(url, LEASE_MS)));
  const streams = await Promise.all(replicas.flatMap((replica) => Array.from({ length: STREAMS }, () => readStream(replica))));
  const began = sharedNow();
  await Promise.all(replicas.map(stopReplica));
  await allEnded(streams);
  return ms(lastToken(streams) - began);
}

const round = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
let leaked = 0;
try {
  console.log(`${REPLICAS} replicas, ${REPLICAS * STREAMS} open streams, one token each 5 ms, lease ${LEASE_MS} ms`);
  for (const one of SCENES) {
    for (let number = 1; number <= rounds; number += 1) {
      const { text, tokensAfter, last, took } = await scene(one);
      leaked += tokensAfter;
      console.log(
        `${one.name.padEnd(20)} last token ${round(last)} after the command, which returned after ${round(took)}; tokens made after it returned: ${tokensAfter} (${text})`,
      );
    }
  }
  console.log(`processes killed      last token ${round(await killAll())} after the first signal`);
} finally {
  server.remove();
}
if (leaked > 0) process.exitCode = 1;
