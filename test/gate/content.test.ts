// Texts in the log: none unless asked for, encrypted, opened only by their key, and what they are is what the hashes say.
import { hash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runInProcess } from "../cli/run-in-process.ts";
import { eventually } from "../support/eventually.ts";
import { chatChunk, EVENTS, scriptedUpstream, sensible } from "../support/scripted-upstream.ts";
import { ask, home, serve } from "./serving.ts";

const CANARY = "canary-7c1f";
const KEY = hash("sha256", "a key of these tests", "hex");

interface Line {
  readonly entry: {
    readonly kind: string;
    readonly act?: string;
    readonly input?: string;
    readonly output?: string;
    readonly detail?: object;
  };
  readonly texts?: { readonly input?: string; readonly output?: string; readonly truncated?: readonly string[] };
}

function keyFile({ folder }: ReturnType<typeof home>, text = KEY, mode = 0o600): string {
  const path = join(folder, "content.key");
  writeFileSync(path, `${text}\n`);
  chmodSync(path, mode);
  return path;
}

/** Asks once whole and once streamed, and gives the bytes of both answers. */
async function callTwice(url: string): Promise<readonly string[]> {
  const chat = { model: "far", messages: [{ role: "user", content: CANARY }] };
  const answers: string[] = [];
  for (const stream of [false, true]) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify({ ...chat, stream }) });
    answers.push(await response.text());
  }
  return answers;
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function linesOf(text: string): readonly Line[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function digest(text: string | undefined): string {
  return `sha256:${hash("sha256", text ?? "", "hex")}`;
}

describe("texts in the log", () => {
  it("are kept with a key, as they came in and went out, and only the key opens them", async () => {
    const at = home();
    const upstream = await scriptedUpstream();
    const key = keyFile(at);
    const running = await serve(["--upstream", `${upstream.url}=far`, "--content-key", key], at);
    expect(running.said).toContain("keeps texts of requests and answers, encrypted");
    const answers = await callTwice(running.url);
    await running.stop();
    await upstream.close();
    for (const file of filesUnder(join(at.folder, "state"))) {
      const bytes = readFileSync(file, "latin1");
      expect(bytes.includes(CANARY), file).toBe(false);
      expect(bytes.includes(KEY), file).toBe(false);
    }
    const closed = linesOf((await runInProcess(["log", "export"], { env: at.env })).stdout);
    expect(closed.every((line) => line.texts === undefined)).toBe(true);
    const lines = linesOf((await runInProcess(["log", "export", "--content-key", key], { env: at.env })).stdout);
    expect(lines.find(({ entry }) => entry.act === "content")?.entry.detail).toEqual({
      key: hash("sha256", Buffer.from(KEY, "hex"), "hex").slice(0, 16),
      keep: ["input", "output"],
      maxBytes: 262_144,
      of: "all",
    });
    const decisions = lines.filter(({ entry }) => entry.kind === "decision");
    expect(decisions.map(({ texts }) => texts?.output)).toEqual(answers);
    for (const { entry, texts } of decisions) {
      expect(texts?.input).toContain(CANARY);
      expect(digest(texts?.input)).toBe(entry.input);
      expect(digest(texts?.output)).toBe(entry.output);
    }
    expect((await runInProcess(["log", "verify"], { env: at.env })).code).toBe(0);
    const other = keyFile(home(), hash("sha256", "another", "hex"));
    const refused = await runInProcess(["log", "export", "--content-key", other], { env: at.env });
    expect(refused.stderr).toContain("another key");
    expect((await runInProcess(["log", "export", "--content-key", other, "--content-key", key], { env: at.env })).code).toBe(0);
  });

  it("hash to what the entry says however a call ends: blocked, cut in the middle, refused, or left by its client", async () => {
    const at = home();
    const delta = chatChunk({ content: "la " });
    const upstream = await scriptedUpstream((_seen, json) =>
      json["stream"] === true
        ? { headers: EVENTS, parts: Array.from({ length: 4000 }, (_, part) => (part % 2 === 0 ? delta : 20)) }
        : sensible(_seen, json),
    );
    const policy = join(at.folder, "policy.yaml");
    writeFileSync(policy, "policy: 1\nid: house\nterms:\n  - {id: words, terms: [世界], request: block, response: block}\n");
    const key = keyFile(at);
    const running = await serve(["--upstream", `${upstream.url}=far`, "--policy", policy, "--content-key", key], at);
    const send = (content: string, stream: boolean, signal?: AbortSignal): Promise<Response> =>
      fetch(`${running.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "far", stream, messages: [{ role: "user", content }] }),
        ...(signal === undefined ? {} : { signal }),
      });
    const blocked = await (await send("hi", false)).text();
    await (await send("世界", false)).text();
    const leaving = new AbortController();
    await (await send("hi", true, leaving.signal)).body?.getReader().read();
    leaving.abort();
    await eventually(() => expect(upstream.seen.some(({ hungUp }) => hungUp)).toBe(true));
    const cut = (await send("hi", true)).text();
    await ask(running.url, "/admin/shut", { subject: "far", reason: "a test" });
    const cutText = await cut;
    await (await send("hi", false)).text();
    await running.stop();
    await upstream.close();
    const lines = linesOf(
      (await runInProcess(["log", "export", "--kind", "decision", "--content-key", key], { env: at.env })).stdout,
    ) as readonly (Line & { readonly entry: { readonly outcome: string } })[];
    const outcomes = lines.map(({ entry }) => entry.outcome);
    expect([...outcomes].sort()).toEqual(["aborted", "blocked-request", "blocked-response", "cut", "refused"]);
    for (const { entry, texts } of lines) {
      expect(digest(texts?.input), entry.outcome).toBe(entry.input);
      expect(texts?.output === undefined ? null : digest(texts.output), entry.outcome).toBe(entry.output ?? null);
    }
    const outputOf = (outcome: string): string | undefined => lines.find(({ entry }) => entry.outcome === outcome)?.texts?.output;
    expect(outputOf("blocked-response")).toBe(blocked);
    expect(outputOf("cut")).toBe(cutText);
  });

  it("are those that the configuration names: one side, a beginning, calls in which a filter found something", async () => {
    const at = home();
    const upstream = await scriptedUpstream();
    keyFile(at);
    writeFileSync(
      join(at.folder, "policy.yaml"),
      "policy: 1\nid: house\nterms:\n  - {id: words, terms: [heron], request: flag, response: allow}\n",
    );
    writeFileSync(
      join(at.folder, "gate.yaml"),
      `version: 1\npolicy: policy.yaml\nlog_content: {key_file: content.key, keep: [input], of: found, max_bytes: 60}\nupstreams:\n  - {url: "${upstream.url}", name: far}\n`,
    );
    const running = await serve(["--config", "gate.yaml"], at);
    for (const content of ["a tern", "a heron"]) {
      await ask(running.url, "/v1/chat/completions", { model: "far", messages: [{ role: "user", content }] });
    }
    await running.stop();
    await upstream.close();
    const read = await runInProcess(["log", "export", "--kind", "decision", "--content-key", join(at.folder, "content.key")], {
      env: at.env,
    });
    const [tern, heron] = linesOf(read.stdout);
    expect(tern?.texts).toBeUndefined();
    expect(heron?.texts).toEqual({
      input: '{"model":"far","messages":[{"role":"user","content":"a heron'.slice(0, 60),
      truncated: ["input"],
    });
    const shown = await runInProcess(["log", "show", "--content-key", join(at.folder, "content.key")], { env: at.env });
    expect(shown.stdout).toMatch(/ {4}> \{"model".* …\n/u);
  });

  it("are none by default, and the log says so", async () => {
    const at = home();
    const upstream = await scriptedUpstream();
    const running = await serve(["--upstream", `${upstream.url}=far`], at);
    await callTwice(running.url);
    await running.stop();
    await upstream.close();
    const text = (await runInProcess(["log", "export"], { env: at.env })).stdout;
    expect(text).not.toContain('"content":{');
    expect(linesOf(text).filter(({ entry }) => entry.act === "content")).toMatchObject([{ entry: { detail: { keep: [] } } }]);
  });

  it.each([
    ["missing", null, 0, /cannot be read/u],
    ["short", "a".repeat(63), 0o600, /not a key of 32 bytes/u],
    ["too regular", "0123456789abcdef".repeat(4), 0o600, /not drawn at random/u],
    ["open to its group", KEY, 0o640, /others than its owner/u],
    ["open to everybody", KEY, 0o604, /others than its owner/u],
  ] as const)("keep a gate from starting when the key is %s", async (_what, text, mode, message) => {
    const at = home();
    const path = text === null ? join(at.folder, "none.key") : keyFile(at, text, mode);
    for (const more of [[], ["--check"]]) {
      const ran = await runInProcess(["serve", "--upstream", "http://127.0.0.1:9/v1=far", "--content-key", path, ...more], { env: at.env });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(message);
      expect(ran.stderr).toContain(path);
      if (text !== null) expect(ran.stderr).not.toContain(text.slice(0, 16));
    }
  });
});
