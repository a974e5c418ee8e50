// One replica of a gate: the real server over an engine that never stops, with doors in a PostgreSQL. Every token is the moment at which
// it was made, by the clock that all processes of this machine share.
// Usage: node replica-child.ts DATABASE_URL LEASE_MS
import { setTimeout as wait } from "node:timers/promises";
import type { Engine } from "../../../src/gate/contract.ts";
import { openDoorBook } from "../../../src/gate/doors/book.ts";
import { PostgresStore } from "../../../src/gate/doors/postgres/store.ts";
import { testGate } from "../../support/gate.ts";

const [url = "", leaseMs = "3000"] = process.argv.slice(2);
const EVERY_MS = 5;

async function* tokens(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  while (!signal.aborted) {
    await wait(EVERY_MS);
    const content = ` ${process.hrtime.bigint()}`;
    yield Buffer.from(`data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content } }] })}\n\n`);
  }
}

const engine: Engine = {
  kind: "endless",
  endpoints: ["chat/completions"],
  send: async ({ signal }) => ({ kind: "stream", status: 200, chunks: tokens(signal) }),
  health: async () => null,
  close: async () => undefined,
};

const doors = await openDoorBook({ store: new PostgresStore({ url, timeoutMs: 500 }), leaseMs: Number(leaseMs), beatMs: 200 });
const gate = await testGate({ upstream: "http://127.0.0.1:9", engine, concurrency: 500, parts: { doors } });
process.stdout.write(`${gate.url}\n`);
// Whoever started it has gone.
process.stdin.resume().on("end", () => process.exit(0));
