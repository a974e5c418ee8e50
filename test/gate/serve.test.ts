// `ajar serve` from the command line to the last byte, with every part as it is installed: a tiny model, doors in a folder, the log, keys.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, it, vi } from "vitest";
import { runInProcess } from "../cli/run-in-process.ts";
import { llamaEnv } from "../support/llama.ts";
import { scriptedUpstream } from "../support/scripted-upstream.ts";
import { tinyGguf, tinyParts } from "../support/tiny-gguf.ts";
import { ask, home, serve } from "./serving.ts";

describe.skipIf(llamaEnv === null)("ajar serve", () => {
  it("serves a model that it audited, shuts and opens its door, keeps that over a restart, and logs all of it", async () => {
    const at = home();
    writeFileSync(join(at.folder, "tiny.gguf"), tinyGguf({ seed: 31 }));
    const chat = { model: "tiny", messages: [{ role: "user", content: "hi" }], max_tokens: 4 };
    const first = await serve(["tiny.gguf", "--threads", "1"], at);
    expect(first.said).toMatch(/tiny {2}\S*tiny\.gguf\n.*sha256:[0-9a-f]{64}\n.*llama\.cpp\n/u);
    const client = new OpenAI({ baseURL: `${first.url}/v1`, apiKey: "none", maxRetries: 0 });
    expect((await client.chat.completions.create({ ...chat, messages: [{ role: "user", content: "hi" }] })).choices).toHaveLength(1);
    const release = await ask(first.url, "/v1/models/tiny/release");
    expect(release.json).toMatchObject({ basis: "verified", door: { state: "open" }, audit: { digests: { basis: "computed" } } });
    expect((await fetch(first.url)).headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(await (await fetch(`${first.url}/words/en.json`)).json()).toHaveProperty(["web.gate.title"]);

    const shut = await ask(first.url, "/admin/shut", { subject: "tiny", reason: "a test" });
    expect(shut).toMatchObject({ status: 200, json: { complete: true, models: ["tiny"] } });
    expect(await ask(first.url, "/v1/chat/completions", chat)).toMatchObject({ status: 503, json: { error: { code: "model_disabled" } } });
    expect(await first.stop()).toBe(0);

    const second = await serve(["tiny.gguf", "--threads", "1"], at);
    expect((await ask(second.url, "/v1/chat/completions", chat)).status).toBe(503);
    expect((await ask(second.url, "/admin/open", { subject: "tiny", reason: "over", confirm: "x" })).status).toBe(400);
    expect((await ask(second.url, "/admin/open", { subject: "tiny", reason: "over", confirm: "tiny" })).status).toBe(200);
    expect((await ask(second.url, "/v1/chat/completions", chat)).status).toBe(200);
    const { json } = await ask(second.url, "/admin/decisions?after=0");
    // What feeds say of the model would stand here too; there are none.
    expect(json["records"]).toMatchObject([
      { act: "content" },
      { act: "start" },
      { outcome: "refused" },
      { act: "open" },
      { outcome: "answered" },
    ]);
    const typed = await runInProcess(["shut", "tiny", "--reason", "by hand", "--by", "ana"], { env: at.env });
    expect(typed.code).toBe(0);
    expect(await second.stop()).toBe(0);

    const log = await runInProcess(["log", "export"], { env: at.env });
    const acts = log.stdout.split("\n").flatMap((line) => /"act":"([a-z-]+)"/u.exec(line)?.[1] ?? []);
    expect(acts).toEqual(["content", "start", "shut", "stop", "content", "start", "open", "shut", "stop"]);
    expect(log.stdout).toContain('"by":"ana"');
    expect((await runInProcess(["log", "verify"], { env: at.env })).code).toBe(0);
  });

  it("serves a model in parts by the digest of its weights, by which its door is found in whatever files it lies", async () => {
    const at = home();
    for (const [part, bytes] of tinyParts({ seed: 36 }, 3, true).entries())
      writeFileSync(join(at.folder, `tiny-0000${part + 1}-of-00003.gguf`), bytes);
    writeFileSync(join(at.folder, "whole.gguf"), tinyGguf({ seed: 36 }));
    const running = await serve([".", "--file", "tiny-00001-of-00003.gguf", "--name", "parts", "--threads", "1"], at);
    const whole = (await runInProcess(["digest", "whole.gguf", "-f", "json"], { env: at.env, cwd: at.folder })).stdout;
    const digest = `sha256:${/"weights":\s*\{\s*"sha256":\s*"([0-9a-f]{64})"/u.exec(whole)?.[1]}`;
    expect((await ask(running.url, "/v1/models/parts/release")).json).toMatchObject({ weights_digest: digest });
    const prompt = { model: "parts", prompt: "a", max_tokens: 2 };
    expect((await ask(running.url, "/v1/completions", prompt)).status).toBe(200);
    expect(await ask(running.url, "/admin/shut", { subject: digest, reason: "a test" })).toMatchObject({
      status: 200,
      json: { complete: true },
    });
    expect((await ask(running.url, "/v1/completions", prompt)).json).toMatchObject({ error: { code: "model_disabled" } });
    await running.stop();
    const log = (await runInProcess(["log", "export"], { env: at.env })).stdout;
    expect(log.split("\n").filter((line) => line.includes('"decision"') && line.includes(digest))).toHaveLength(2);
  });

  it("shuts a model whose file is changed while it is served", async () => {
    const at = home();
    const file = join(at.folder, "tiny.gguf");
    writeFileSync(file, tinyGguf({ seed: 32 }));
    const running = await serve(["tiny.gguf", "--name", "t", "--threads", "1"], at);
    appendFileSync(file, "x");
    const chat = { model: "t", prompt: "a", max_tokens: 1 };
    await vi.waitFor(
      async () =>
        expect(await ask(running.url, "/v1/completions", chat)).toMatchObject({ status: 503, json: { error: { code: "model_changed" } } }),
      { timeout: 20_000, interval: 100 },
    );
    await running.stop();
  });

  it("takes a configuration file with models and upstreams, keys, and a server's word as a word", async () => {
    const at = home();
    writeFileSync(join(at.folder, "tiny.gguf"), tinyGguf({ seed: 33 }));
    const upstream = await scriptedUpstream();
    const digest = `sha256:${"c".repeat(64)}`;
    const config = join(at.folder, "gate.yaml");
    writeFileSync(
      config,
      `version: 1\nthreads: 1\nkeys: keys.json\nmodels:\n  - from: ./tiny.gguf\n    name: own\nupstreams:\n  - url: ${upstream.url}\n    name: far\n    model: scripted\n    digests: {weights: ${digest}}\n`,
    );
    const keys = join(at.folder, "keys.json");
    const key = (await runInProcess(["key", "create", "--keys", keys, "--model", "far"], { env: at.env })).stdout.trim();
    const admin = (await runInProcess(["key", "create", "--keys", keys, "--admin"], { env: at.env })).stdout.trim();
    expect((await runInProcess(["serve", "--config", config, "--check"], { env: at.env })).code).toBe(0);
    const running = await serve(["--config", config], at);
    expect((await ask(running.url, "/v1/models")).status).toBe(401);
    expect(await ask(running.url, "/v1/completions", { model: "far", prompt: "x" }, key)).toMatchObject({ status: 200 });
    expect((await ask(running.url, "/v1/completions", { model: "own", prompt: "x" }, key)).status).toBe(403);
    expect((await ask(running.url, "/admin/state", undefined, key)).status).toBe(403);
    const { json } = await ask(running.url, "/admin/state", undefined, admin);
    expect(json["models"]).toMatchObject([
      { id: "own", basis: "verified" },
      { id: "far", basis: "claimed", weights: digest },
    ]);
    await running.stop();
    await upstream.close();
  });

  it("filters by its policy, whole and streamed, in embeddings and errors too, and takes another policy while it runs", async () => {
    const at = home();
    const upstream = await scriptedUpstream();
    const policy = join(at.folder, "policy.yaml");
    const write = (terms: string): void =>
      writeFileSync(policy, `policy: 1\nid: house\nterms:\n  - {id: words, terms: [${terms}], request: block, response: block}\n`);
    write("世界");
    expect((await runInProcess(["serve", "--upstream", `${upstream.url}=far`, "--policy", policy, "--check"], { env: at.env })).code).toBe(
      0,
    );
    const running = await serve(["--upstream", `${upstream.url}=far`, "--policy", policy], at);
    expect(running.said).toMatch(/house.*terms\/words/u);
    const chat = { model: "far", messages: [{ role: "user", content: "hi" }] };
    const whole = await ask(running.url, "/v1/chat/completions", chat);
    expect(JSON.stringify(whole.json)).not.toContain("世");
    expect(whole.json).toMatchObject({ choices: [{ finish_reason: "content_filter" }] });
    for (const [path, body] of [
      ["/v1/chat/completions", chat],
      ["/v1/completions", { model: "far", prompt: "hi" }],
      ["/v1/responses", { model: "far", input: "hi" }],
    ] as const) {
      const response = await fetch(`${running.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...body, stream: true }),
      });
      const text = await response.text();
      expect(text).not.toContain("世");
      expect(text).toContain("content_filter");
    }
    expect((await ask(running.url, "/v1/embeddings", { model: "far", input: "世 界" })).json).toMatchObject({
      error: { code: "content_filter" },
    });
    write("");
    await vi.waitFor(() => expect(running.saidSoFar()).toMatch(/refused, and house as it was stays in force: \S+policy\.yaml:4: /u), {
      timeout: 20_000,
      interval: 100,
    });
    write("Goodbye");
    await vi.waitFor(async () => expect(JSON.stringify((await ask(running.url, "/v1/chat/completions", chat)).json)).toContain("世界"), {
      timeout: 20_000,
      interval: 100,
    });
    await running.stop();
    await upstream.close();
    const log = (await runInProcess(["log", "export"], { env: at.env })).stdout;
    expect(log.match(/"act":"policy"/gu)).toHaveLength(3);
    expect(log).toMatch(/"outcome":"blocked-response"/u);
    expect(log).not.toContain("世");
  });

  it.each([
    [[], 2, /nothing to serve/u],
    [["none.gguf"], 2, /neither an existing path/u],
    [["tiny.gguf", "--host", "0.0.0.0"], 2, /needs API keys/u],
    [["tiny.gguf", "--name", "a", "--name", "b"], 2, /more names than models/u],
    [["tiny.gguf", "tiny.gguf"], 2, /two models have the name tiny/u],
    [["damaged.gguf"], 1, /damaged\.gguf: was not understood in full/u],
    [["short.gguf"], 1, /short\.gguf: was not understood in full/u],
    [["evil.gguf"], 1, /can do harm/u],
    [["--upstream", "http://10.0.0.1/v1=x"], 2, /private network/u],
    [["--upstream", "http://user:secret@h/v1=x"], 2, /does not belong in its address/u],
    [["tiny.gguf", "--policy", "bad.yaml"], 2, /bad\.yaml:\d/u],
    [["release", "--policy", "release/policy.yaml"], 2, /not trusted/u],
    [["--config", "bad.yaml"], 2, /bad\.yaml:2: modls/u],
    // Before a model is looked at, which here there is none of.
    [["none.gguf", "--host", "0.0.0.0"], 2, /needs API keys/u],
    [["none.gguf", "--host", "::"], 2, /needs API keys/u],
    [["none.gguf", "--host", "0.0.0.0", "--check"], 2, /needs API keys/u],
    [["none.gguf", "--host", "192.0.2.1", "--keys", "keys.json"], 3, /cannot listen/u],
    [["none.gguf", "--keys", "none.json"], 3, /none\.json/u],
    [["none.gguf", "--upstream", "http://10.0.0.1/v1=x"], 2, /private network/u],
    [["none.gguf", "--upstream", "http://127.0.0.1:9/v1=x", "--upstream-key-env", "NO_SUCH_KEY"], 2, /NO_SUCH_KEY is empty/u],
    [["none.gguf", "--name", "x", "--upstream", "http://127.0.0.1:9/v1=x"], 2, /two models have the name x/u],
    [["--upstream", "http://127.0.0.1:9/v1=x", "--upstream", "http://127.0.0.1:9/v1"], 3, /could not be reached|127\.0\.0\.1:9/u],
  ])("says what keeps it from starting and opens nothing (%#)", async (words, code, message) => {
    const at = home();
    const metadata = [["tokenizer.chat_template", { type: "string", value: "{{ ''.__class__.__mro__[1].__subclasses__() }}" }]] as const;
    writeFileSync(join(at.folder, "tiny.gguf"), tinyGguf({ seed: 34 }));
    writeFileSync(join(at.folder, "damaged.gguf"), tinyGguf({ seed: 34 }).subarray(0, 30_000));
    writeFileSync(join(at.folder, "short.gguf"), tinyGguf({ seed: 34 }).subarray(0, 3_000));
    writeFileSync(join(at.folder, "evil.gguf"), tinyGguf({ seed: 34, metadata }));
    mkdirSync(join(at.folder, "release"));
    writeFileSync(join(at.folder, "release", "policy.yaml"), "policy: 1\nid: own\n");
    writeFileSync(join(at.folder, "bad.yaml"), "version: 1\nmodls: []\n");
    await runInProcess(["key", "create", "--keys", join(at.folder, "keys.json")], { env: at.env });
    const ran = await runInProcess(["serve", "--port", "0", "--threads", "1", "--no-progress", ...words], { env: at.env, cwd: at.folder });
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(code);
    expect(ran.stderr + ran.stdout).not.toContain("user:secret");
    expect(existsSync(join(at.folder, "state", "ajar", "gate", "log"))).toBe(false);
  });

  it("says that its port is taken before it looks at a model", async () => {
    const at = home();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const ran = await runInProcess(["serve", "none.gguf", "--port", String(port)], { env: at.env, cwd: at.folder });
    other.close();
    expect(ran.stderr).toMatch(/cannot listen.*EADDRINUSE/u);
    expect(ran.code).toBe(3);
  });

  it("leaves a log that was there as it was when it does not start", async () => {
    const at = home();
    const upstream = await scriptedUpstream();
    await (await serve(["--upstream", `${upstream.url}=far`], at)).stop();
    const exported = async (): Promise<string> => (await runInProcess(["log", "export"], { env: at.env })).stdout;
    const before = await exported();
    const policy = join(at.folder, "policy.yaml");
    writeFileSync(policy, "policy: 1\nid: house\n");
    expect((await runInProcess(["serve", "none.gguf", "--policy", policy, "--port", "0"], { env: at.env, cwd: at.folder })).code).toBe(2);
    expect(await exported()).toBe(before);
    await upstream.close();
  });
});
