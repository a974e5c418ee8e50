import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { HttpClient } from "../../src/http/client.ts";
import { openRangeReader } from "../../src/http/range-reader.ts";
import type { HttpClientOptions, HttpRequest } from "../../src/http/types.ts";
import { type Fault, StubHub } from "./stub-server.ts";
import { failure, repository, SHA, TOKEN, utf8, weights } from "./support.ts";

const WEIGHTS = `/maker/tiny/resolve/${SHA}/model.safetensors`;
const CARD = `/maker/tiny/resolve/${SHA}/README.md`;

let hub: StubHub;
const open: HttpClient[] = [];
const slept: number[] = [];

beforeEach(async () => {
  hub = await StubHub.start([repository()]);
  slept.length = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await hub.close();
});

function client(overrides: Partial<HttpClientOptions> = {}): HttpClient {
  const credential = { origin: hub.endpoint, authorization: `Bearer ${TOKEN}`, secrets: [TOKEN] };
  const made = new HttpClient({
    offline: false,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 500,
    maxBytes: 10_000_000,
    credential,
    sleep: async (ms) => void slept.push(ms),
    ...overrides,
  });
  open.push(made);
  return made;
}

const get = (path: string): HttpRequest => ({ url: new URL(hub.endpoint + path), subject: "the file" });

describe("redirects", () => {
  it("send the credential to its own origin and never to a second host", async () => {
    const { bytes, hops } = await client().fetchBytes(get(WEIGHTS), 1_000_000);
    expect(bytes).toEqual(Buffer.from(weights(300_000)));
    expect(hops).toHaveLength(1);
    expect(hub.requestsTo("hub")[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(hub.requestsTo("storage")).toHaveLength(1);
    expect(inspect(hub.requestsTo("storage"), { depth: 9 })).not.toContain(TOKEN);
  });

  it("that come back to the first host through a second find it without the credential", async () => {
    hub.plan(/^\/there$/u, { kind: "redirect", to: `${hub.third}/back` });
    hub.plan(/^\/back$/u, { kind: "redirect", to: `${hub.endpoint}${CARD}` });
    await client().fetchBytes(get("/there"), 1000);
    expect(hub.seen.map((request) => [request.host, request.headers.authorization !== undefined])).toEqual([
      ["hub", true],
      ["third", false],
      ["hub", false],
    ]);
  });

  it("that never end are refused after a bounded number", async () => {
    hub.plan(/^\/loop/u, { kind: "redirect", to: "/loop" });
    expect(await failure(client().fetchBytes(get("/loop"), 1000))).toMatchObject({ code: "BAD_RESPONSE" });
    expect(hub.seen.length).toBe(7);
  });

  it("to another scheme are refused", async () => {
    hub.plan(/^\/file$/u, { kind: "redirect", to: "file:///etc/passwd" });
    expect(await failure(client().fetchBytes(get("/file"), 1000))).toMatchObject({ code: "BAD_RESPONSE" });
  });
});

describe("retries", () => {
  it("wait as long as a rate limit asks and then succeed", async () => {
    hub.plan(/README/u, { kind: "status", status: 429, headers: { ratelimit: '"resolve";r=0;t=17' } }, 1);
    hub.plan(/README/u, { kind: "status", status: 503, headers: { "retry-after": "2" } }, 1);
    const { bytes } = await client().fetchBytes(get(CARD), 1000);
    expect(utf8(bytes)).toContain("Made-up model");
    expect(slept).toEqual([17_000, 2000]);
  });

  it("give up at once when a rate limit asks for more than Ajar may wait, and say how long", async () => {
    hub.plan(/README/u, { kind: "status", status: 429, headers: { "retry-after": "300" } });
    expect(await failure(client().fetchBytes(get(CARD), 1000))).toMatchObject({ code: "RATE_LIMITED", hint: "Try again in 300 s." });
    expect(hub.seen).toHaveLength(1);
  });

  it("of requests that wait together share one budget of waiting", async () => {
    hub.plan(/README/u, { kind: "status", status: 429, headers: { "retry-after": "40" } }, 5);
    const one = client();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => one.fetchBytes(get(CARD), 1000)));
    expect(answers).toHaveLength(5);
    expect(slept).toEqual([40_000, 40_000, 40_000, 40_000, 40_000]);
  });

  it("back off, and end after a bounded number", async () => {
    hub.plan(/README/u, { kind: "status", status: 502 });
    expect(await failure(client().fetchBytes(get(CARD), 1000))).toMatchObject({ code: "UNREACHABLE" });
    expect(slept).toEqual([500, 1000, 2000]);
  });

  it("mend a broken connection", async () => {
    hub.plan(/README/u, { kind: "reset" }, 2);
    expect((await client().fetchBytes(get(CARD), 1000)).bytes.byteLength).toBeGreaterThan(0);
    expect(hub.seen).toHaveLength(3);
  });

  it("mend an answer that was cut off once", async () => {
    hub.plan(/README/u, { kind: "truncate", keepBytes: 5 }, 1);
    expect(utf8((await client().fetchBytes(get(CARD), 1000)).bytes)).toContain("Made-up model");
  });

  it("are not spent on a plain refusal", async () => {
    hub.plan(/README/u, { kind: "status", status: 404 });
    expect(await failure(client().fetchBytes(get(CARD), 1000))).toMatchObject({ code: "NOT_FOUND" });
    expect(hub.seen).toHaveLength(1);
  });
});

describe("bodies", () => {
  it("that end early are an error, never a short result", async () => {
    hub.plan(/README/u, { kind: "truncate", keepBytes: 5 });
    expect(await failure(client().fetchBytes(get(CARD), 1000))).toMatchObject({ code: "TRUNCATED_RESPONSE" });
  });

  it("over the limit are refused, announced or not", async () => {
    expect(await failure(client().fetchBytes(get(CARD), 5))).toMatchObject({ code: "OVER_LIMIT" });
    hub.plan(/big/u, { kind: "endless" });
    expect(await failure(client().fetchBytes(get("/big"), 5_000_000))).toMatchObject({ code: "OVER_LIMIT" });
  });

  it("count against the budget of the whole client", async () => {
    const small = client({ maxBytes: 60 });
    await small.fetchBytes(get(CARD), 1000);
    expect(await failure(small.fetchBytes(get(CARD), 1000))).toMatchObject({ code: "OVER_LIMIT" });
  });

  it("that drip are given up", async () => {
    let now = 0;
    hub.plan(/README/u, { kind: "drip" });
    const error = await failure(client({ now: () => (now += 200) }).fetchBytes(get(CARD), 1_000_000));
    expect(error).toMatchObject({ code: "UNREACHABLE" });
    expect(error.message).toContain("too slowly");
  });

  it("that never come time out", async () => {
    hub.plan(/README/u, { kind: "hang" });
    expect(await failure(client({ timeoutMs: 100 }).fetchBytes(get(CARD), 1000))).toMatchObject({ code: "UNREACHABLE" });
  });

  it("that were compressed against the request are refused", async () => {
    hub.plan(/README/u, { kind: "body", body: "x", headers: { "content-encoding": "gzip" } });
    expect(await failure(client().fetchBytes(get(CARD), 1000))).toMatchObject({ code: "BAD_RESPONSE" });
  });

  it("that are not JSON are named so", async () => {
    hub.plan(/README/u, { kind: "body", body: '{"a":' });
    expect(await failure(client().fetchJson(get(CARD), 1000))).toMatchObject({ code: "BAD_RESPONSE" });
  });
});

describe("ranges", () => {
  it("give the bytes that exist in them", async () => {
    const whole = weights(300_000);
    const from = async (start: number, length: number) => new Uint8Array((await client().fetchRange(get(WEIGHTS), start, length)).bytes);
    expect(await from(10, 20)).toEqual(whole.subarray(10, 30));
    expect(await from(299_990, 100)).toEqual(whole.subarray(299_990));
    expect(await from(300_000, 10)).toEqual(new Uint8Array(0));
    expect(await from(5, 0)).toEqual(new Uint8Array(0));
  });

  it("of a server that ignores them cost what is needed and not the whole file", async () => {
    hub.plan(/^\/huge/u, { kind: "endless" });
    const one = client();
    const { bytes, isPartial, total } = await one.fetchRange(get("/huge"), 1000, 2000);
    expect([bytes.byteLength, isPartial, total]).toEqual([2000, false, 140 * 1024 ** 3]);
    expect(one.usage.bytesRead).toBeLessThan(1_000_000);
    expect(hub.bytesSent).toBeLessThan(20_000_000);
  });

  it("far inside a file of such a server are refused instead of read through", async () => {
    hub.plan(/^\/huge/u, { kind: "endless" });
    const one = client();
    expect(await failure(one.fetchRange(get("/huge"), 50 * 1024 ** 3, 10))).toMatchObject({ code: "UNSUPPORTED" });
    expect(one.usage.bytesRead).toBe(0);
  });

  it("that are answered with other bytes are refused", async () => {
    hub.plan(/model\.safetensors\?X/u, { kind: "wrong-range" });
    expect(await failure(client().fetchRange(get(WEIGHTS), 10, 20))).toMatchObject({ code: "BAD_RESPONSE" });
  });

  it("that are cut off are an error", async () => {
    hub.plan(/model\.safetensors\?X/u, { kind: "truncate", keepBytes: 7 });
    expect(await failure(client().fetchRange(get(WEIGHTS), 0, 200_000))).toMatchObject({ code: "TRUNCATED_RESPONSE" });
  });
});

describe("a remote file as a reader", () => {
  it("answers many small reads with few requests", async () => {
    const whole = weights(300_000);
    const one = client();
    const reader = await openRangeReader({ client: one, request: get(WEIGHTS), sizeBytes: 300_000, subject: "the file" });
    for (const [start, length] of [
      [299_000, 1000],
      [290_000, 4000],
      [0, 8],
      [8, 60],
      [100, 5000],
    ] as const) {
      expect(new Uint8Array((await reader?.read(start, length)) ?? [])).toEqual(whole.subarray(start, start + length));
    }
    expect(hub.requestsTo("storage")).toHaveLength(2);
    expect(one.usage.bytesRead).toBeLessThan(140_000);
  });

  it("reads ahead when read from start to end, and gives every byte", async () => {
    const whole = weights(300_000);
    const reader = await openRangeReader({ client: client(), request: get(WEIGHTS), sizeBytes: null, subject: "the file" });
    const parts: Uint8Array[] = [];
    for (let at = 0; at < 300_000; at += 7777) parts.push((await reader?.read(at, Math.min(7777, 300_000 - at))) ?? new Uint8Array(0));
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect(hub.requestsTo("storage").length).toBeLessThan(6);
  });

  it("fetches a block once for reads that come together", async () => {
    const reader = await openRangeReader({ client: client(), request: get(WEIGHTS), sizeBytes: 300_000, subject: "the file" });
    await Promise.all([0, 1, 2, 3].map((at) => reader?.read(at, 100)));
    expect(hub.requestsTo("storage")).toHaveLength(2);
  });

  it("is null where ranges are ignored", async () => {
    hub.plan(/^\/huge/u, { kind: "endless" });
    expect(await openRangeReader({ client: client(), request: get("/huge"), sizeBytes: null, subject: "the file" })).toBeNull();
    expect(await openRangeReader({ client: client(), request: get("/huge"), sizeBytes: 140 * 1024 ** 3, subject: "the file" })).toBeNull();
  });

  it("refuses reads past the end and a size that differs from the stated one", async () => {
    const reader = await openRangeReader({ client: client(), request: get(WEIGHTS), sizeBytes: 300_000, subject: "the file" });
    expect(await failure(reader?.read(299_999, 2) ?? Promise.resolve())).toMatchObject({ code: "TRUNCATED", offset: 299_999 });
    const wrong = openRangeReader({ client: client(), request: get(WEIGHTS), sizeBytes: 299_999, subject: "the file" });
    expect(await failure(wrong)).toMatchObject({ code: "BAD_RESPONSE" });
  });
});

describe("whatever the servers do", () => {
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.record({
      kind: fc.constant("status" as const),
      status: fc.constantFrom(204, 206, 304, 400, 401, 403, 404, 416, 429, 500, 502, 503),
    }),
    fc.record({ kind: fc.constant("truncate" as const), keepBytes: fc.nat(1000) }),
    fc.record({ kind: fc.constant("redirect" as const), to: fc.constantFrom("/nowhere", WEIGHTS, "//", "http://[", "ftp://x/y") }),
    fc.record({ kind: fc.constant("body" as const), body: fc.string({ maxLength: 50 }) }),
    fc.constantFrom<Fault>({ kind: "reset" }, { kind: "ignore-range" }, { kind: "wrong-range" }, { kind: "endless" }),
  );

  it("a read gives the right bytes or a named error, and no range ever other bytes", async () => {
    const whole = weights(300_000);
    const plan = fc.array(fc.tuple(fault, fc.boolean()), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(plan, fc.nat(299_999), fc.integer({ min: 1, max: 100_000 }), async (faults, start, length) => {
        hub.clearPlans();
        const isForged = faults.some(([each]) => each.kind === "body" || each.kind === "endless");
        for (const [each, isStorage] of faults) hub.plan(isStorage ? /\?X-Signature/u : /resolve/u, each, 1);
        const read = client().fetchRange(get(WEIGHTS), start, length);
        const result = await read.catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(AjarError);
        else if (!isForged) expect(Buffer.from((await read).bytes).equals(whole.subarray(start, start + length))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("a reader gives the bytes of the file for any order of reads", async () => {
    const whole = weights(300_000);
    const reads = fc.array(fc.tuple(fc.nat(299_999), fc.nat(150_000)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(reads, fc.boolean(), async (ranges, isSizeKnown) => {
        const reader = await openRangeReader({
          client: client(),
          request: get(WEIGHTS),
          sizeBytes: isSizeKnown ? 300_000 : null,
          subject: "x",
        });
        for (const [start, asked] of ranges) {
          const length = Math.min(asked, 300_000 - start);
          const bytes = await reader?.read(start, length);
          expect(Buffer.from(bytes ?? []).equals(whole.subarray(start, start + length))).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("the edges", () => {
  it("offline connects to nothing", async () => {
    expect(await failure(client({ offline: true }).fetchBytes(get(CARD), 1000))).toMatchObject({ code: "OFFLINE", exitCode: 5 });
    expect(hub.seen).toHaveLength(0);
  });

  it("an interrupted run stops the request", async () => {
    hub.plan(/README/u, { kind: "hang" });
    const controller = new AbortController();
    const running = failure(client({ signal: controller.signal, timeoutMs: 30_000 }).fetchBytes(get(CARD), 1000));
    setTimeout(() => controller.abort(), 30);
    expect(await running).toMatchObject({ code: "INTERRUPTED" });
  });

  it("a host that refuses connections or has no name is unreachable", async () => {
    const closed = { url: new URL("http://127.0.0.1:1/x"), subject: "x" };
    expect(await failure(client().fetchBytes(closed, 10))).toMatchObject({ code: "UNREACHABLE" });
    const nameless = { url: new URL("http://no-such-host.invalid/x"), subject: "x" };
    expect(await failure(client().fetchBytes(nameless, 10))).toMatchObject({ code: "UNREACHABLE" });
  });

  it("a proxy from the environment carries the request", async () => {
    const asked = { url: new URL(`http://far.example${CARD}`), subject: "x" };
    await failure(client({ env: { http_proxy: hub.third } }).fetchBytes(asked, 1000));
    expect(hub.requestsTo("third")[0]?.url).toBe(`http://far.example${CARD}`);
    await failure(client({ env: { http_proxy: hub.third, no_proxy: "127.0.0.1" } }).fetchBytes(get("/nothing"), 1000));
    expect(hub.requestsTo("third")).toHaveLength(1);
  });

  it("a proxy variable that is no address is named, its password is not", async () => {
    const error = await failure(client({ env: { HTTP_PROXY: `ftp://me:${TOKEN}@proxy` } }).fetchBytes(get(CARD), 1000));
    expect(error).toMatchObject({ code: "BAD_CONFIG", subject: "HTTP_PROXY" });
    const hostAndPort = hub.third.slice("http://".length);
    await failure(client({ env: { HTTP_PROXY: hostAndPort } }).fetchBytes({ url: new URL("http://far.example/x") }, 1000));
    expect(hub.requestsTo("third")[0]?.url).toBe("http://far.example/x");
  });

  it("a server that repeats the secret does not get it into an error", async () => {
    const explain = () => null;
    hub.plan(/echo/u, { kind: "redirect", to: `http://127.0.0.1:1/${TOKEN}` });
    const error = await failure(client().fetchBytes({ url: new URL(`${hub.endpoint}/echo`), explain }, 1000));
    expect(error.code).toBe("UNREACHABLE");
  });
});
