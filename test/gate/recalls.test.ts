// A running `ajar serve` that holds to feeds: what a feed recalls is shut while it is served, and a feed that cannot be believed opens nothing.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { NewFeed } from "../../src/gate/doors/recalls/feed.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { llamaEnv } from "../support/llama.ts";
import { type ScriptedUpstream, scriptedUpstream } from "../support/scripted-upstream.ts";
import { tinyGguf } from "../support/tiny-gguf.ts";
import { digestOf, feedOf, madeUpAdvisory, newKey } from "./doors/made-up-feed.ts";
import { ask, home, type Running, serve } from "./serving.ts";

const key = newKey();
const other = newKey();
const WEIGHTS = digestOf("c");
const CHAT = { model: "far", messages: [{ role: "user", content: "hi" }] };
const wait = { timeout: 20_000, interval: 100 };

/** Times by the clock that `serve` of these tests has, unless told otherwise. */
function feed(sequence: number, digests: readonly string[], signer = key, times: Partial<NewFeed> = {}): string {
  const advisories = digests.map((digest) =>
    madeUpAdvisory({ ajar: { effective: "2025-12-31T00:00:00Z" }, affected: { match: [{ kind: "tensors", digest }] } }),
  );
  return feedOf(advisories, signer, { sequence, published: "2026-01-01T00:00:00Z", expires: "2026-02-01T00:00:00Z", ...times });
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Answers with a token every 20 ms for a minute, unless it is hung up on. */
async function talking(): Promise<ScriptedUpstream> {
  const chunk = `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "la " } }] })}\n\n`;
  const upstream = await scriptedUpstream((_seen, json) =>
    json["stream"] === true
      ? { headers: { "content-type": "text/event-stream" }, parts: Array.from({ length: 6000 }, (_, at) => (at % 2 === 0 ? chunk : 20)) }
      : { headers: { "content-type": "application/json" }, parts: [JSON.stringify({ choices: [{ message: { content: "la" } }] })] },
  );
  cleanups.push(() => upstream.close());
  return upstream;
}

function config(at: ReturnType<typeof home>, upstream: string, from: string, more = ""): string {
  const path = join(at.folder, "gate.yaml");
  writeFileSync(
    path,
    `version: 1\nport: 0\nrecalls_every_seconds: 1\nrecalls:\n  - {from: "${from}", key: "${key.publicKey}", role: operator${more}}\nupstreams:\n  - {url: "${upstream}", name: far, digests: {weights: "${WEIGHTS}"}}\n`,
  );
  return path;
}

async function begun(words: readonly string[], at: ReturnType<typeof home>): Promise<Running> {
  const running = await serve(words, at);
  cleanups.push(() => running.stop());
  return running;
}

/** Reads a stream to its end; `first` resolves with its first bytes. */
async function streamed(url: string): Promise<{ readonly rest: Promise<string> }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify({ ...CHAT, stream: true }) });
  const reader = response.body?.getReader();
  await reader?.read();
  const rest = async (): Promise<string> => {
    let text = "";
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return text;
      text += Buffer.from(value ?? []).toString();
    }
  };
  return { rest: rest() };
}

const status = async (url: string): Promise<number> => (await ask(url, "/v1/chat/completions", CHAT)).status;

describe("recall feeds at the start", () => {
  const check = (at: ReturnType<typeof home>, path: string, more: readonly string[] = ["--check"]) =>
    runInProcess(["serve", "--config", path, ...more], { env: at.env, cwd: at.folder });

  it("have to be there, where they are files, for a check and for a start", async () => {
    const at = home();
    const path = config(at, "http://127.0.0.1:9/v1", "gone.json");
    for (const more of [["--check"], []]) {
      const ran = await check(at, path, more);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toMatch(/gone\.json: there is no recall feed here \[BAD_CONFIG\]/u);
    }
  });

  it("are read by a check, which says what is wrong with them", async () => {
    const at = home();
    const path = config(at, "http://127.0.0.1:9/v1", "feed.json");
    writeFileSync(join(at.folder, "feed.json"), feed(1, [], other));
    const refused = await check(at, path);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/feed\.json: signed by 0 of the 1 keys that are wanted \[BAD_CONFIG\]/u);
    const times = { published: "2026-06-01T00:00:00Z", expires: "2026-07-01T00:00:00Z" };
    writeFileSync(join(at.folder, "feed.json"), feed(1, [WEIGHTS], key, times));
    const right = await check(at, path);
    expect(right).toMatchObject({ code: 0, stdout: "The configuration is right.\n" });
    expect(right.stderr).toMatch(/feed\.json: read, advisories: 1\n$/u);
  });

  it.each([
    ["that was read", () => feed(1, [WEIGHTS]), "", /Recall feed \S+feed\.json: read, advisories: 1\n/u],
    ["that is refused", () => feed(1, [], other), "", /feed\.json: signed by 0 of the 1 .*; until it can be read, it recalls nothing\./u],
    ["that shuts", () => "{}", ", on_stale: block", /feed\.json: this is no feed .*; every door is shut until/u],
    [
      "that has run out",
      () => feed(1, [], key, { expires: "2026-01-02T00:00:00Z" }),
      "",
      /feed\.json: run out .*; what it said before holds/u,
    ],
  ])("are told of: one %s", async (_what, content, more, said) => {
    const at = home();
    writeFileSync(join(at.folder, "feed.json"), content());
    const running = await begun(["--config", config(at, (await talking()).url, "feed.json", more)], at);
    expect(running.said).toMatch(said);
  });
});

describe("recalls while a model is served", () => {
  it("shut it, end its streams, and stand in the log with the advisory", async () => {
    const at = home();
    const file = join(at.folder, "feed.json");
    writeFileSync(file, feed(1, []));
    const running = await begun(["--config", config(at, (await talking()).url, file)], at);
    expect(await status(running.url)).toBe(200);
    const { rest } = await streamed(running.url);
    writeFileSync(file, feed(2, [WEIGHTS]));
    const end = await rest;
    expect(end).toContain('"code":"model_recalled"');
    expect(end).toContain("x_ACME-1");
    expect(end).toMatch(/data: \[DONE\]\n\n$/u);
    expect(await ask(running.url, "/v1/chat/completions", CHAT)).toMatchObject({
      status: 410,
      json: { error: { code: "model_recalled", message: expect.stringContaining("x_ACME-1") } },
    });
    const log = (await runInProcess(["log", "export"], { env: at.env })).stdout;
    const entries = log
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).entry);
    expect(entries).toContainEqual(
      expect.objectContaining({
        act: "recall",
        subject: "far",
        detail: { advisories: [{ id: "x_ACME-1", decision: "block", by: "tensors" }] },
      }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ outcome: "cut", code: "model_recalled", digest: WEIGHTS }));
    expect(entries).toContainEqual(expect.objectContaining({ outcome: "refused", code: "model_recalled", status: 410 }));
  });

  it.each([
    ["has run out", () => feed(2, [], key, { expires: "2026-01-02T00:00:00Z" })],
    ["is signed by somebody else", () => feed(2, [], other)],
    ["is older than one that was seen", () => feed(0, [])],
    ["is no feed", () => "{}"],
  ])("are not undone by a feed that %s, which by policy shuts every door", async (_what, bad) => {
    const at = home();
    const file = join(at.folder, "feed.json");
    writeFileSync(file, feed(1, []));
    const running = await begun(["--config", config(at, (await talking()).url, file, ", on_stale: block")], at);
    expect(await status(running.url)).toBe(200);
    const { rest } = await streamed(running.url);
    writeFileSync(file, bad());
    expect(await rest).toContain('"code":"gate_stale"');
    expect(await status(running.url)).toBe(503);
    writeFileSync(file, feed(3, []));
    await vi.waitFor(async () => expect(await status(running.url)).toBe(200), wait);
  });

  it.each([
    ["has run out", () => feed(1, [], key, { expires: "2026-01-02T00:00:00Z" })],
    ["is signed by somebody else", () => feed(1, [], other)],
  ])("keep a gate shut from its start when their feed %s", async (_what, bad) => {
    const at = home();
    const file = join(at.folder, "feed.json");
    writeFileSync(file, bad());
    const running = await begun(["--config", config(at, (await talking()).url, file, ", on_stale: block")], at);
    expect((await ask(running.url, "/v1/chat/completions", CHAT)).json).toMatchObject({ error: { code: "gate_stale" } });
  });

  it.skipIf(llamaEnv === null)("find a model of this process by the weights that were read", async () => {
    const at = home();
    const file = join(at.folder, "feed.json");
    writeFileSync(join(at.folder, "tiny.gguf"), tinyGguf({ seed: 41 }));
    writeFileSync(file, feed(1, []));
    const path = join(at.folder, "gate.yaml");
    writeFileSync(
      path,
      `version: 1\nport: 0\nthreads: 1\nrecalls_every_seconds: 1\nmodels: [{from: ./tiny.gguf, name: tiny}]\nrecalls: [{from: feed.json, key: "${key.publicKey}", role: operator}]\n`,
    );
    const running = await begun(["--config", path], at);
    const { json } = await ask(running.url, "/admin/state");
    const weights = (json["models"] as readonly { readonly weights: string }[])[0]?.weights ?? "";
    const completion = { model: "tiny", prompt: "a", max_tokens: 1 };
    expect((await ask(running.url, "/v1/completions", completion)).status).toBe(200);
    writeFileSync(file, feed(2, [weights]));
    await vi.waitFor(async () => expect((await ask(running.url, "/v1/completions", completion)).status).toBe(410), wait);
  });
});

/** A certificate for 127.0.0.1 and its key; null where nothing can make one. */
function certificate(folder: string): { readonly cert: string; readonly key: string } | null {
  const [cert, secret] = [join(folder, "cert.pem"), join(folder, "secret.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-keyout", secret, "-out", cert, ...subject],
  ]);
  return made.status === 0 ? { cert, key: secret } : null;
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.skipIf(!hasOpenssl)("a feed from an address", () => {
  it("shuts a model that a separate process serves, and is asked only for what is new", async () => {
    const at = home();
    const upstream = await talking();
    const files = certificate(at.folder);
    if (files === null) throw new Error("no certificate");
    const day = 86_400_000;
    const times = { published: new Date(Date.now() - day).toISOString(), expires: new Date(Date.now() + day).toISOString() };
    let served = feed(1, [], key, times);
    let unchanged = 0;
    const server: Server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (request, response) => {
      const etag = `"${Buffer.from(served).length}"`;
      const isSame = request.headers["if-none-match"] === etag;
      unchanged += isSame ? 1 : 0;
      response.writeHead(isSame ? 304 : 200, { etag });
      response.end(isSame ? undefined : served);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const checkout = join(import.meta.dirname, "../..");
    const words = ["src/bin.ts", "serve", "--config", config(at, upstream.url, `https://127.0.0.1:${port}/feed.json`), "--no-progress"];
    const child = spawn(process.execPath, words, {
      cwd: checkout,
      env: { ...process.env, ...at.env, NODE_EXTRA_CA_CERTS: files.cert },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
    cleanups.push(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await vi.waitFor(() => expect(said).toMatch(/http:\/\/127\.0\.0\.1:\d+/u), wait);
    const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(said)?.[0] ?? "";
    expect(await status(url)).toBe(200);
    await vi.waitFor(() => expect(unchanged).toBeGreaterThan(0), wait);
    const { rest } = await streamed(url);
    served = feed(2, [WEIGHTS], key, times);
    expect(await rest).toContain('"code":"model_recalled"');
    expect(await status(url)).toBe(410);
  });
});
