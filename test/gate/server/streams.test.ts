// Streams: byte for byte what the engine sent, cut between two events, never faster than the client reads.
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { PassThrough } from "../../../src/gate/server/pass-through.ts";
import { eventually } from "../../support/eventually.ts";
import { type TestGate, testGate } from "../../support/gate.ts";
import { chatChunk, EVENTS, event, type ScriptedUpstream, scriptedUpstream, sensible } from "../../support/scripted-upstream.ts";

let upstream: ScriptedUpstream;
const gates: TestGate[] = [];

beforeAll(async () => {
  upstream = await scriptedUpstream();
});
afterEach(async () => {
  upstream.script = sensible;
  upstream.seen.length = 0;
  for (const gate of gates.splice(0)) await gate.close();
});
afterAll(() => upstream.close());

async function start(options: Partial<Parameters<typeof testGate>[0]> = {}): Promise<TestGate> {
  const gate = await testGate({ upstream: upstream.url, ...options });
  gates.push(gate);
  return gate;
}

function ask(gate: TestGate, stream = true, signal?: AbortSignal): Promise<Response> {
  return fetch(`${gate.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "tern", messages: [], stream }),
    ...(signal === undefined ? {} : { signal }),
  });
}

const SHUT = { kind: "shut", code: "model_disabled", reason: "test", since: "2026-01-01T00:00:00Z" } as const;

describe("a stream", () => {
  it("comes byte for byte, however it was cut into pieces", async () => {
    const gate = await start();
    const text = [
      chatChunk({ content: "data: [DONE]\n\n" }),
      ": comment\n\n",
      chatChunk({ content: "世界🦆" }),
      "data: a\r\ndata: b\r\n\r\n",
      event("[DONE]"),
    ].join("");
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
        upstream.script = () => ({ headers: EVENTS, parts: at.slice(1).map((end, index) => bytes.subarray(at[index], end)) });
        const answer = await ask(gate);
        expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
        expect(await answer.text()).toBe(text);
      }),
      { numRuns: 40 },
    );
    expect(gate.log.decisions.every(({ outcome }) => outcome === "answered")).toBe(true);
    expect(new Set(gate.log.decisions.map(({ output }) => output)).size).toBe(1);
  });

  it("ends with an error when the engine breaks off, and says so in the log", async () => {
    const gate = await start();
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 'data: {"half', 20, "break"] });
    const text = await (await ask(gate)).text();
    expect(text).toContain('"one"');
    expect(text).not.toContain("half");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(text).toContain('"code":"upstream_error"');
    expect(gate.log.decisions.at(-1)).toMatchObject({ outcome: "failed", code: "upstream_error" });
  });

  it("that never began is an error with a status", async () => {
    const gate = await start();
    upstream.script = () => ({ headers: EVENTS, parts: [20, "break"] });
    const answer = await ask(gate);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { code: "upstream_error" } });
  });

  it("that stays silent for too long is ended", async () => {
    const gate = await start({ timeouts: { idle: 200 } });
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 30_000] });
    expect(await (await ask(gate)).text()).toContain('"code":"upstream_error"');
    expect(gate.log.decisions.at(-1)).toMatchObject({ outcome: "failed", code: "upstream_timeout" });
  });

  it("stops at once when its door is shut, although nothing more comes, and without what was begun", async () => {
    const gate = await start();
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 'data: {"secret', 30_000] });
    const answer = await ask(gate);
    const reader = answer.body?.getReader();
    await reader?.read();
    gate.doors.set("tern", SHUT);
    let rest = "";
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) rest += Buffer.from(next.value).toString();
    expect(rest).toBe(
      `data: ${JSON.stringify({ error: { message: "this model is shut: test", type: "model_unavailable", param: null, code: "model_disabled" } })}\n\ndata: [DONE]\n\n`,
    );
    await eventually(() => expect(upstream.seen[0]?.hungUp).toBe(true));
    expect(gate.doors.running).toBe(0);
  });

  it("is cut at the next chunk by its epoch alone", async () => {
    const gate = await start();
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 300, chatChunk({ content: "two" })] });
    const answer = await ask(gate);
    await wait(50);
    gate.doors.set("tern", SHUT, true);
    const text = await answer.text();
    expect(text).toContain('"one"');
    expect(text).not.toContain('"two"');
    expect(text).toContain("model_disabled");
  });

  it("whose client goes away is stopped at the engine, and is no failure", async () => {
    const gate = await start();
    upstream.script = () => ({ headers: EVENTS, parts: Array.from({ length: 2000 }, () => [chatChunk({ content: "x" }), 5]).flat() });
    const abort = new AbortController();
    const answer = await ask(gate, true, abort.signal);
    await answer.body?.getReader().read();
    abort.abort();
    await eventually(() => expect(upstream.seen[0]?.hungUp).toBe(true));
    await eventually(() => expect(gate.log.decisions.at(-1)).toMatchObject({ outcome: "aborted", code: null, status: 499 }));
    expect(gate.doors.running).toBe(0);
    expect((await ask(gate, false)).status).toBe(200);
  });

  it("is not read from the engine faster than the client reads it", async () => {
    const gate = await start({ limits: { stallMs: 600_000 } });
    const piece = chatChunk({ content: "x".repeat(64 * 1024) });
    let written = 0;
    function* pieces(): Generator<string> {
      for (; written < 2000; written += 1) yield piece;
    }
    upstream.script = () => ({ headers: EVENTS, parts: pieces() });
    const { hostname, port } = new URL(gate.url);
    const body = JSON.stringify({ model: "tern", stream: true });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    await eventually(() => expect(written).toBeGreaterThan(5));
    await wait(500);
    const before = written;
    await wait(500);
    expect(written).toBe(before);
    expect(written * piece.length).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
    await eventually(() => expect(gate.log.decisions.at(-1)?.outcome).toBe("aborted"));
  });

  it("that its client leaves unread is given up after a while", async () => {
    const gate = await start({ limits: { stallMs: 500 } });
    upstream.script = () => ({ headers: EVENTS, parts: Array.from({ length: 500 }, () => chatChunk({ content: "x".repeat(64 * 1024) })) });
    const { hostname, port } = new URL(gate.url);
    const body = JSON.stringify({ model: "tern", stream: true });
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    await eventually(() => expect(gate.log.decisions.at(-1)?.outcome).toBe("aborted"));
    socket.destroy();
  });

  it("is kept alive with comments while it is silent", async () => {
    const gate = await start({ limits: { commentMs: 200 } });
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 2600, event("[DONE]")] });
    const text = await (await ask(gate)).text();
    expect(text).toContain(": keep-alive\n\n");
    expect(text.replaceAll(": keep-alive\n\n", "")).toBe(`${chatChunk({ content: "one" })}${event("[DONE]")}`);
  });

  it("ends without [DONE] but with an error when the log cannot be written, and nothing is served until it can", async () => {
    const gate = await start();
    gate.log.failing = true;
    const text = await (await ask(gate)).text();
    expect(text).toContain('"code":"log_unwritable"');
    expect((await ask(gate, false)).status).toBe(503);
    expect((await fetch(`${gate.url}/readyz`)).status).toBe(503);
    gate.log.failing = false;
    await eventually(async () => expect((await ask(gate, false)).status).toBe(200));
    expect(gate.log.records).toContainEqual(expect.objectContaining({ kind: "act", act: "resume" }));
  });
});

describe("a whole answer", () => {
  test.each([
    ["a crash", { status: 500, parts: ['{"error":{"message":"stack of secrets"}}'] }, 502, "upstream_error"],
    ["a refused key", { status: 401, parts: ['{"error":{"message":"wrong key sk-upstream"}}'] }, 502, "upstream_error"],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" }, parts: [] }, 502, "upstream_error"],
    ["a web page", { headers: { "content-type": "text/html" }, parts: ["<p>secrets"] }, 502, "upstream_error"],
    ["compressed bytes", { headers: { "content-encoding": "gzip" }, parts: ["secrets"] }, 502, "upstream_error"],
    ["too many requests", { status: 429, headers: { "retry-after": "7" }, parts: ["{}"] }, 429, "rate_limit_exceeded"],
    ["a complaint that is none", { status: 400, parts: ["<secrets>"] }, 400, "invalid_request"],
    ["half an answer", { headers: { "content-length": "500" }, parts: ['{"secrets"', 20, "break" as const] }, 502, "upstream_error"],
  ])("that is %s tells the client no more than that", async (_name, answer, status, code) => {
    const gate = await start();
    upstream.script = () => answer;
    const got = await ask(gate, false);
    expect(got.status).toBe(status);
    const text = await got.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
    expect(text).not.toMatch(/secret|sk-/u);
    if (status === 429) expect(got.headers.get("retry-after")).toBe("7");
    expect(upstream.seen).toHaveLength(1);
  });

  it("that complains about the request comes through", async () => {
    const gate = await start();
    const complaint = {
      error: { message: "context too long", type: "invalid_request_error", param: "messages", code: "context_length_exceeded" },
    };
    upstream.script = () => ({ status: 400, parts: [JSON.stringify(complaint)] });
    const got = await ask(gate, false);
    expect(got.status).toBe(400);
    expect(await got.json()).toEqual(complaint);
  });

  test.each([
    [400, "refused", "invalid_request"],
    [404, "refused", "invalid_request"],
    [413, "refused", "invalid_request"],
    [422, "refused", "invalid_request"],
    [429, "failed", "upstream_error"],
    [500, "failed", "upstream_error"],
  ])("with status %i of the engine is logged as %s, also where a stream was asked for", async (status, outcome, code) => {
    const gate = await start();
    upstream.script = () => ({ status, parts: ['{"error":{"message":"no"}}'] });
    for (const stream of [false, true]) {
      await (await ask(gate, stream)).text();
      expect(gate.log.decisions.at(-1)).toMatchObject({ outcome, code });
    }
  });

  it("does not leave once its door is shut", async () => {
    const gate = await start();
    upstream.script = () => ({ parts: [30_000, "{}"] });
    const asked = ask(gate, false);
    await eventually(() => expect(gate.doors.running).toBe(1));
    gate.doors.set("tern", { ...SHUT, code: "model_recalled" });
    const got = await asked;
    expect(got.status).toBe(410);
    expect(gate.log.decisions.at(-1)).toMatchObject({ outcome: "cut", code: "model_recalled", status: 410 });
  });

  it("stops when its door is shut while the client is still taking it", async () => {
    const gate = await start();
    const size = 40 * 1024 * 1024;
    upstream.script = () => ({ parts: [`{"a":"${"x".repeat(size)}"}`] });
    const { hostname, port } = new URL(gate.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify({ model: "tern" });
    socket.pause();
    socket.write(
      `POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await eventually(() => expect(gate.log.decisions.at(-1)?.outcome).toBe("answered"));
    expect(gate.doors.running).toBe(1);
    gate.doors.set("tern", SHUT);
    await eventually(() => expect(gate.doors.running).toBe(0));
    let got = 0;
    socket.on("data", (bytes) => {
      got += bytes.length;
    });
    await new Promise((resolve) => socket.on("error", resolve).on("close", resolve).resume());
    expect(got).toBeLessThan(size);
  });

  it("does not come from an engine that is too slow, or that is not there", async () => {
    const gate = await start({ timeouts: { firstByte: 300 } });
    upstream.script = () => ({ after: 20_000, parts: [] });
    const late = await ask(gate, false);
    expect(late.status).toBe(504);
    expect(await late.json()).toMatchObject({ error: { code: "upstream_timeout" } });
    upstream.script = () => {
      throw new Error("hangs up");
    };
    expect((await ask(gate, false)).status).toBe(502);
    const lost = await testGate({ upstream: "http://127.0.0.1:9/v1" });
    gates.push(lost);
    expect((await ask(lost, false)).status).toBe(502);
    expect((await fetch(`${lost.url}/readyz`)).status).toBe(503);
  });
});

describe("many at once", () => {
  it("wait in a queue that is bounded", async () => {
    const gate = await start({ concurrency: 2, limits: { queue: 3, queueMs: 20_000 } });
    upstream.script = () => ({ parts: [300, "{}"] });
    const got = await Promise.all(Array.from({ length: 12 }, () => ask(gate, false)));
    const statuses = got.map(({ status }) => status).sort();
    expect(statuses).toEqual([...new Array(5).fill(200), ...new Array(7).fill(503)]);
    expect(await got.find(({ status }) => status === 503)?.json()).toMatchObject({ error: { code: "overloaded" } });
    expect(upstream.seen).toHaveLength(5);
  });

  it("are not waited for longer than told", async () => {
    const gate = await start({ concurrency: 1, limits: { queueMs: 100 } });
    upstream.script = () => ({ parts: [1000, "{}"] });
    const statuses = (await Promise.all([ask(gate, false), ask(gate, false)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 503]);
  });

  it("are let finish by a drain, up to its limit", async () => {
    const gate = await start({ limits: { drainMs: 1500 } });
    upstream.script = (_seen, json) =>
      json["stream"] === true ? { headers: EVENTS, parts: [chatChunk({ content: "one" }), 30_000] } : { parts: [400, "{}"] };
    const whole = ask(gate, false);
    const endless = await ask(gate);
    const drained = gate.gate.drain();
    expect((await whole).status).toBe(200);
    expect(await endless.text()).toContain("about to stop");
    await drained;
    await expect(ask(gate, false)).rejects.toThrow();
    expect(gate.log.decisions.map(({ outcome }) => outcome)).toEqual(["answered", "cut"]);
  });
});

describe("listening", () => {
  it("is refused beyond loopback without keys", async () => {
    const gate = await start();
    expect(() => gate.gate.listen("0.0.0.0", 0)).toThrow(
      expect.objectContaining({ code: "BAD_OPTION", hint: expect.stringContaining("ajar key create") }),
    );
    expect(() => gate.gate.listen("::", 0)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});

it("releases whole events only, whatever the pieces", () => {
  const part = fc.constantFrom("data: a\n\n", "data: b\r\n\r\n", ": c\n\n", "data: d", "\n", "\r", "\n\n", "x");
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat(40)), (parts, sizes) => {
      const bytes = Buffer.from(parts.join(""));
      const screen = new PassThrough("completions");
      const out: Uint8Array[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        if (at >= bytes.length) break;
        out.push(screen.push(bytes.subarray(at, at + size + 1)));
        at += size + 1;
        expect(Buffer.concat(out).toString()).toMatch(/^$|\n\r?\n$/u);
      }
      out.push(screen.end());
      expect(Buffer.concat(out).toString()).toBe(bytes.toString());
    }),
  );
});
