import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Guesses } from "../../../src/gate/server/keys/guesses.ts";
import { idOf, isKeyOf, type KeyRecord, newKey } from "../../../src/gate/server/keys/key.ts";
import { KeyFileBook } from "../../../src/gate/server/keys/key-book.ts";
import { changeKeys, readKeys } from "../../../src/gate/server/keys/key-file.ts";
import { eventually } from "../../support/eventually.ts";
import { type TestGate, testGate } from "../../support/gate.ts";
import { type ScriptedUpstream, scriptedUpstream } from "../../support/scripted-upstream.ts";

const folder = mkdtempSync(join(tmpdir(), "ajar-keys-"));
let files = 0;

function freshFile(): string {
  files += 1;
  return join(folder, `keys-${files}.json`);
}

function add(file: string, changes: Partial<KeyRecord> = {}): string {
  const { key, id, sha256 } = newKey();
  const scopes = ["model:*", "endpoint:*"];
  const record = { id, sha256, name: "test", scopes, created: "2026-01-01T00:00:00Z", expires: null, revoked: null };
  const limits = { requestsPerMinute: null, tokensPerMinute: null };
  changeKeys(file, (keys) => ({ keys: [...keys, { ...record, ...limits, ...changes }], result: null }));
  return key;
}

describe("a key", () => {
  it("is told from every other text", () => {
    const { key, id, sha256 } = newKey();
    expect(idOf(key)).toBe(id);
    expect(isKeyOf(key, Buffer.from(sha256, "hex"))).toBe(true);
    fc.assert(fc.property(fc.string(), (text) => idOf(text) === null));
    const flipped = `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`;
    expect(isKeyOf(flipped, Buffer.from(sha256, "hex"))).toBe(false);
  });

  it("is not in its file, which only its owner can read", () => {
    const file = freshFile();
    const key = add(file);
    expect(readFileSync(file, "utf8")).not.toContain(key.slice(18));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });
});

describe("the file of keys", () => {
  it("is refused when it is anything else", () => {
    const file = freshFile();
    for (const text of ["", "{}", "[1]", '{"format":"ajar-keys/1","keys":[{}]}', '{"format":"ajar-keys/1","keys":[],"more":1}']) {
      writeFileSync(file, text);
      expect(() => readKeys(file)).toThrow(expect.objectContaining({ code: "BAD_CONFIG" }));
    }
  });

  it("has one writer at a time", () => {
    const file = freshFile();
    writeFileSync(`${file}.new`, "");
    expect(() => add(file)).toThrow(expect.objectContaining({ code: "BUSY" }));
  });

  it("is read again after a change, and the keys stay when it is broken", async () => {
    const file = freshFile();
    const key = add(file);
    const expired = add(file, { expires: "2026-01-02T00:00:00Z" });
    const changes: unknown[] = [];
    const book = new KeyFileBook({ file, clock: () => new Date("2026-01-03T00:00:00Z"), onChange: (change) => changes.push(change) });
    expect(book.find(key)?.caller.scopes).toEqual(["model:*", "endpoint:*"]);
    expect(book.find(expired)).toBeNull();
    expect(book.find("")).toBeNull();
    const second = add(file);
    await eventually(() => expect(book.find(second)).not.toBeNull());
    expect(changes).toEqual([{ added: [idOf(second)], removed: [] }]);
    writeFileSync(file, "broken");
    await eventually(() => expect(changes.at(-1)).toMatchObject({ problem: { code: "BAD_CONFIG" } }));
    expect(book.find(key)).not.toBeNull();
    book.close();
  });
});

describe("guesses", () => {
  it("are heard ten times, then ever more rarely; a key that was right from there before still is", () => {
    const guesses = new Guesses();
    guesses.succeeded("192.0.2.1", "known");
    for (let index = 0; index < 9; index += 1) guesses.failed("192.0.2.1", 0);
    expect(guesses.wait("192.0.2.1", 0)).toBe(0);
    const waits = Array.from({ length: 14 }, () => {
      guesses.failed("192.0.2.1", 0);
      return guesses.wait("192.0.2.1", 0);
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    expect(guesses.wait("192.0.2.2", 0)).toBe(0);
    expect(guesses.isProven("192.0.2.1", "known")).toBe(true);
    expect(guesses.isProven("192.0.2.1", "other")).toBe(false);
  });

  it("count a /64 as one address, and IPv4 in IPv6 as IPv4", () => {
    const guesses = new Guesses();
    for (let index = 0; index < 20; index += 1) guesses.failed(`2001:db8::${index + 1}`, 0);
    expect(guesses.wait("2001:db8:0:0:ffff::1", 0)).toBeGreaterThan(0);
    expect(guesses.wait("2001:db8:0:1::1", 0)).toBe(0);
    for (let index = 0; index < 20; index += 1) guesses.failed("::ffff:192.0.2.7", 0);
    expect(guesses.wait("192.0.2.7", 0)).toBeGreaterThan(0);
  });
});

describe("a gate with keys", () => {
  let upstream: ScriptedUpstream;
  let gate: TestGate;
  let book: KeyFileBook;
  const file = freshFile();
  const good = add(file);
  const narrow = add(file, { scopes: ["model:gull", "endpoint:embeddings"] });
  const slow = add(file, { requestsPerMinute: 2 });
  const poor = add(file, { tokensPerMinute: 5 });
  const operator = add(file, { scopes: ["admin"] });

  beforeAll(async () => {
    upstream = await scriptedUpstream();
    book = new KeyFileBook({ file, clock: () => new Date("2026-01-03T00:00:00Z") });
    gate = await testGate({ upstream: upstream.url, keys: book });
  });
  afterAll(async () => {
    book.close();
    await gate.close();
    await upstream.close();
  });

  async function ask(key: string | null, path = "/v1/chat/completions"): Promise<{ status: number; code: string; headers: Headers }> {
    const headers = { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
    const isCall = path.startsWith("/v1/chat");
    const body = JSON.stringify({ model: "tern", messages: [] });
    const answer = await fetch(`${gate.url}${path}`, isCall ? { method: "POST", headers, body } : { headers });
    const text = await answer.text();
    const code = text.startsWith("{") ? (Object(JSON.parse(text)).error?.code ?? "") : "";
    return { status: answer.status, code, headers: answer.headers };
  }

  it("serves whom they allow what they allow", async () => {
    expect(await ask(good)).toMatchObject({ status: 200 });
    expect(await ask(null)).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(await ask(narrow)).toMatchObject({ status: 403, code: "insufficient_scope" });
    expect(await ask(operator)).toMatchObject({ status: 403, code: "insufficient_scope" });
    expect(await ask(good, "/metrics")).toMatchObject({ status: 403 });
    expect(await ask(operator, "/metrics")).toMatchObject({ status: 200 });
    expect(await ask(narrow, "/v1/models/tern")).toMatchObject({ status: 404, code: "model_not_found" });
    expect(await ask(good, "/v1/models/tern")).toMatchObject({ status: 200 });
  });

  it("keeps their limits, and says when to come back", async () => {
    expect((await ask(slow)).status).toBe(200);
    expect((await ask(slow)).status).toBe(200);
    const refused = await ask(slow);
    expect(refused).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(poor)).status).toBe(200);
    expect(await ask(poor)).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect((await ask(good)).status).toBe(200);
  });

  it("stops listening to who guesses, but not to those it knows", async () => {
    const wrong = newKey().key;
    const statuses: number[] = [];
    for (let index = 0; index < 14; index += 1) statuses.push((await ask(wrong)).status);
    expect(statuses.slice(0, 10)).toEqual(new Array(10).fill(401));
    expect(statuses.slice(10)).toContain(429);
    expect((await ask(good)).status).toBe(200);
    // A right key that was never used from here waits like any guess.
    const unused = add(file);
    await eventually(() => expect(book.find(unused)).not.toBeNull());
    for (let index = 0; index < 4; index += 1) await ask(wrong);
    expect((await ask(unused)).status).toBe(429);
  });
});
