// What a gate does not take: odd heads and bodies, smuggled requests, streams that are none, clients that leave.
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { type TestGate, testGate } from "../../support/gate.ts";
import { type ScriptedUpstream, scriptedUpstream, sensible } from "../../support/scripted-upstream.ts";

let upstream: ScriptedUpstream;
let gate: TestGate;

beforeAll(async () => {
  upstream = await scriptedUpstream();
  gate = await testGate({ upstream: upstream.url, limits: { bodyBytes: 64 * 1024, headMs: 1000, requestMs: 2000 } });
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.script = sensible;
  upstream.seen.length = 0;
});

/** Sends bytes as they are and gives all that comes back until the gate hangs up, or a moment after the last byte. */
function raw(...pieces: readonly (string | Uint8Array | number)[]): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(gate.url);
    const socket = connect(Number(port), hostname);
    let text = "";
    const settle = (): void => {
      socket.destroy();
      resolve(text);
    };
    let quiet = setTimeout(settle, 4000);
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      clearTimeout(quiet);
      quiet = setTimeout(settle, 150);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(quiet);
      settle();
    });
    void (async () => {
      for (const piece of pieces) {
        if (typeof piece === "number") await wait(piece);
        else if (!socket.destroyed) socket.write(piece);
      }
    })();
  });
}

const BODY = '{"model":"tern","messages":[]}';

function request(headers: readonly string[], body = BODY, line = "POST /v1/chat/completions HTTP/1.1"): string {
  return `${[line, "Host: 127.0.0.1", "Content-Type: application/json", ...headers].join("\r\n")}\r\n\r\n${body}`;
}

function statuses(answer: string): readonly number[] {
  return Array.from(answer.matchAll(/HTTP\/1\.1 (\d{3})/gu), (match) => Number(match[1]));
}

const length = `Content-Length: ${BODY.length}`;

describe("a request", () => {
  it("that is well-formed is answered once", async () => {
    const answer = await raw(request([length]));
    expect(statuses(answer)).toEqual([200]);
    expect(upstream.seen).toHaveLength(1);
  });

  test.each([
    ["two lengths", [length, "Content-Length: 5"]],
    ["the same length twice", [length, length]],
    ["length and chunks", [length, "Transfer-Encoding: chunked"]],
    ["chunks twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
    ["another transfer coding", ["Transfer-Encoding: gzip, chunked"]],
    ["an obscured transfer coding", ["Transfer-Encoding : chunked", length]],
    ["a transfer coding that is none", ["Transfer-Encoding: xchunked", length]],
    ["two hosts", [length, "Host: other.example"]],
    ["two keys", [length, "Authorization: Bearer a", "Authorization: Bearer b"]],
    ["two types", [length, "Content-Type: text/plain"]],
    ["a folded header", [length, "X-A: b", " c"]],
    ["a bare line feed", [`X-A: b\nX-C: d`, length]],
    ["a NUL in a header", [length, "X-A: b\0c"]],
    ["a sign in the length", [`Content-Length: +${BODY.length}`]],
    ["a negative length", ["Content-Length: -1"]],
    ["a length in hex", ["Content-Length: 0x1e"]],
    ["a compressed body", [length, "Content-Encoding: gzip"]],
    ["too many headers", [length, ...Array.from({ length: 120 }, (_, index) => `X-${index}: 1`)]],
    ["a header too long", [length, `X-A: ${"a".repeat(20_000)}`]],
  ])("with %s is refused, and nothing of it reaches the engine", async (_name, headers) => {
    const answer = await raw(request(headers));
    for (const status of statuses(answer)) expect(status).toBeGreaterThanOrEqual(400);
    expect(statuses(answer).length).toBeGreaterThan(0);
    expect(upstream.seen).toEqual([]);
  });

  test.each([
    ["not JSON", "hello", 400],
    ["nothing", "", 400],
    ["an array", "[]", 400],
    ["a string", '"x"', 400],
    ["null", "null", 400],
    ["two objects", "{}{}", 400],
    ["a byte order mark", "\uFEFF{}", 400],
    ["no model", "{}", 400],
    ["a model that is no string", '{"model":["tern"]}', 400],
    ["an unknown model", '{"model":"constructor"}', 404],
    ["a stream that is neither true nor false", '{"model":"tern","stream":"yes"}', 400],
    ["a prototype", '{"model":"tern","messages":[{"__proto__":{"a":1}}]}', 400],
    ["an escaped prototype", '{"model":"tern","a":{"\\u005f_proto__":1}}', 400],
    ["too deep a nesting", `{"model":"tern","a":${"[".repeat(70)}${"]".repeat(70)}}`, 400],
    ["a nesting without an end", `{"model":"tern","a":${"[".repeat(60_000)}`, 400],
    ["too many bytes", `{"model":"tern","a":"${"x".repeat(70_000)}"}`, 413],
  ])("that holds %s is refused", async (_name, body, status) => {
    const answer = await raw(request([`Content-Length: ${Buffer.byteLength(body)}`], body));
    expect(statuses(answer)).toEqual([status]);
    expect(answer).toMatch(/"error":\{"message":"[^"]+","type":"[^"]+","param":(?:null|"[a-z]+"),"code":"[a-z_]+"\}/u);
    expect(upstream.seen).toEqual([]);
  });

  it("that is not UTF-8 is refused", async () => {
    const body = Buffer.concat([Buffer.from('{"model":"tern","a":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}')]);
    const answer = await raw(request([`Content-Length: ${body.length}`], ""), body);
    expect(statuses(answer)).toEqual([400]);
  });

  it("whose chunks exceed the limit is refused", async () => {
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    const answer = await raw(request(["Transfer-Encoding: chunked"], chunk.repeat(40)));
    expect(statuses(answer)[0]).toBe(413);
    expect(upstream.seen).toEqual([]);
  });

  it("that never ends is given up", async () => {
    expect(statuses(await raw("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"))).toEqual([408]);
    expect(statuses(await raw(request(["Content-Length: 4000"], '{"model":')))).toEqual([408]);
  });

  test.each([
    ["GET /v1/chat/completions", 405],
    ["POST /v1/images/generations", 404],
    ["POST /v1/audio/speech", 404],
    ["POST /v1/files", 404],
    ["POST /v1/moderations", 404],
    ["GET /v1/responses/resp_1", 404],
    ["POST /v1/chat/completions/", 404],
    ["POST /v1//chat/completions", 404],
    ["POST /v1/../v1/chat/completions", 404],
    ["POST /V1/chat/completions", 404],
    ["POST /v1/chat%2Fcompletions", 404],
    ["POST /v1/chat/completions?api_key=x", 400],
    ["GET /v1/models?key=x", 400],
    ["GET /v1/models/%ff", 400],
    ["GET /v1/models/none", 404],
    ["DELETE /v1/models/tern", 405],
    ["GET /admin/doors", 404],
    ["PUT /admin/doors", 405],
    ["GET /admin/doors?token=x", 400],
    ["CONNECT example.org:443", 400],
    ["TRACE /", 404],
    ["OPTIONS *", 404],
    ["GET http://example.org/v1/models", 404],
    ["GET /none", 404],
  ])("%s is answered with %i", async (line, status) => {
    const answer = await raw(request([length], BODY, `${line} HTTP/1.1`));
    expect(statuses(answer)[0]).toBe(status);
    expect(upstream.seen).toEqual([]);
  });

  it("for another name of this machine is refused where there are no keys", async () => {
    const answer = await raw(request([length]).replace("Host: 127.0.0.1", "Host: evil.example"));
    expect(statuses(answer)).toEqual([421]);
  });

  it("of another type than JSON is refused: a page of another site could send it", async () => {
    const answer = await raw(request([length]).replace("application/json", "text/plain"));
    expect(statuses(answer)).toEqual([415]);
  });

  it("hidden behind another's body is a body", async () => {
    const hidden = request([length]);
    const body = JSON.stringify({ model: "tern", messages: [{ role: "user", content: hidden }] });
    const answer = await raw(request([`Content-Length: ${Buffer.byteLength(body)}`], body));
    expect(statuses(answer)).toEqual([200]);
    expect(upstream.seen).toHaveLength(1);
  });

  it("whose keys come twice reaches the engine as it was read, each key once", async () => {
    const body = '{"model":"gull","model":"tern","messages":[{"role":"user","content":"a","content":"b"}]}';
    const answer = await raw(request([`Content-Length: ${body.length}`], body));
    expect(statuses(answer)).toEqual([200]);
    expect(upstream.seen[0]?.body).toBe('{"model":"scripted","messages":[{"role":"user","content":"b"}]}');
  });

  it("takes none of the client's headers along", async () => {
    const odd = [
      "Connection: x-secret",
      "X-Secret: 1",
      "Authorization: Bearer client",
      "Cookie: a=b",
      "OpenAI-Organization: o",
      "Accept-Encoding: gzip",
    ];
    await raw(request([length, ...odd]));
    const names = Object.keys(upstream.seen[0]?.headers ?? {}).sort();
    expect(names).toEqual(["accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"]);
  });
});

describe("any bytes at all", () => {
  it("are answered with an error or hung up on, and the gate lives", async () => {
    const line = fc.constantFrom(
      "POST /v1/chat/completions HTTP/1.1",
      "GET /v1/models HTTP/1.1",
      "POST /v1/embeddings HTTP/1.0",
      "PRI * HTTP/2.0",
    );
    const header = fc.oneof(
      fc.constantFrom(
        "Host: 127.0.0.1",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "Connection: Upgrade",
      ),
      fc.tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 30 })).map(([name, value]) => `${name}: ${value}`),
    );
    const message = fc
      .tuple(line, fc.array(header, { maxLength: 6 }), fc.string({ maxLength: 60 }))
      .map(([first, headers, body]) => `${[first, ...headers].join("\r\n")}\r\n\r\n${body}`);
    const bytes = fc.oneof(message, fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const answer = await raw(typeof sent === "string" ? Buffer.from(sent, "latin1") : sent, "\r\n\r\n");
        for (const status of statuses(answer)) expect([200, 100, 400, 401, 404, 405, 408, 413, 415, 417, 421, 431, 505]).toContain(status);
      }),
      { numRuns: 60 },
    );
    expect(statuses(await raw(request([length])))).toEqual([200]);
  });

  it("of JSON come through as the same JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__" && key !== "model" && key !== "stream"),
          fc.jsonValue({ maxDepth: 4 }),
        ),
        async (extra) => {
          fc.pre(!JSON.stringify(extra).includes("__proto__"));
          upstream.seen.length = 0;
          const answer = await fetch(`${gate.url}/v1/chat/completions`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ model: "tern", ...extra }),
          });
          expect(answer.status).toBe(200);
          await answer.text();
          expect(JSON.parse(upstream.seen[0]?.body ?? "")).toEqual(JSON.parse(JSON.stringify({ model: "scripted", ...extra })));
        },
      ),
      { numRuns: 60 },
    );
  });
});
