// Keys and prompts are nowhere but where they belong: not in the log, the metrics, the errors, the file of keys, nor on standard output.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openLog } from "../../../src/gate/log/open.ts";
import { KeyFileBook } from "../../../src/gate/server/keys/key-book.ts";
import { runInProcess } from "../../cli/run-in-process.ts";
import { testGate } from "../../support/gate.ts";
import { chatChunk, EVENTS, scriptedUpstream, sensible } from "../../support/scripted-upstream.ts";

const PROMPT = "canary-prompt-4711";
const ANSWER = "canary-answer-4711";
const UPSTREAM_KEY = "canary-upstream-key-4711";

it("keeps keys and prompts to itself", async () => {
  const written: string[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  }
  const folder = mkdtempSync(join(tmpdir(), "ajar-canary-"));
  const file = join(folder, "keys.json");
  const key = (await runInProcess(["key", "create", "--keys", file])).stdout.trim();
  const operator = (await runInProcess(["key", "create", "--keys", file, "--admin"])).stdout.trim();
  const secret = key.slice(18);
  mkdirSync(join(folder, "log"));
  const log = await openLog({ folder: join(folder, "log") });
  const book = new KeyFileBook({ file, clock: () => new Date() });
  const upstream = await scriptedUpstream();
  const gate = await testGate({ upstream: upstream.url, upstreamKey: UPSTREAM_KEY, keys: book, parts: { log } });
  const said: string[] = [];

  async function ask(body: string, path = "/v1/chat/completions", bearer = key): Promise<void> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
    const answer = await fetch(`${gate.url}${path}`, { method: "POST", headers, body });
    const text = await answer.text();
    // What the model says is for the client; everything else may hold none of it.
    if (answer.status !== 200 || text.includes('"error"')) said.push(`${[...answer.headers].join("\n")}\n${text.replaceAll(ANSWER, "")}`);
  }

  const messages = [{ role: "user", content: PROMPT }];
  const call = { model: "tern", messages };
  for (const changes of [{}, { stream: true }, { model: PROMPT }, { stream: PROMPT }, { model: [PROMPT] }]) {
    await ask(JSON.stringify({ ...call, ...changes }));
  }
  await ask(`{"model":"tern","messages":"${PROMPT}`);
  await ask(JSON.stringify({ ...call, deep: JSON.parse(`${"[".repeat(80)}${"]".repeat(80)}`) }));
  await ask(JSON.stringify(call), `/v1/chat/completions?key=${key}`);
  await ask(JSON.stringify(call), `/v1/${PROMPT}`);
  await ask(JSON.stringify(call), "/v1/chat/completions", `${key.slice(0, -4)}AAAA`);
  for (const status of [400, 401, 429, 500]) {
    upstream.script = () => ({ status, parts: [`${UPSTREAM_KEY} ${PROMPT}`] });
    await ask(JSON.stringify(call));
  }
  upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: ANSWER }), "break"] });
  await ask(JSON.stringify({ ...call, stream: true }));
  upstream.script = () => {
    throw new Error("hang up");
  };
  await ask(JSON.stringify(call));
  upstream.script = sensible;
  const metrics = await (await fetch(`${gate.url}/metrics`, { headers: { authorization: `Bearer ${operator}` } })).text();
  expect(metrics).toContain('ajar_gate_requests_total{endpoint="chat/completions",model="tern",outcome="answered",code=""} 2');
  expect(metrics).toContain('ajar_gate_door_open{model="tern"} 1');
  book.close();
  await gate.close();
  await log.close();
  await upstream.close();
  vi.restoreAllMocks();

  const logged = readdirSync(join(folder, "log"), { recursive: true, encoding: "utf8" })
    .filter((name) => !name.endsWith(".pem"))
    .map((name) => readFileSync(join(folder, "log", name), "utf8"))
    .join("\n");
  expect(logged).toContain('"answered"');
  expect(said.length).toBeGreaterThan(10);
  for (const text of [logged, metrics, said.join("\n"), readFileSync(file, "utf8"), written.join("")]) {
    for (const canary of [PROMPT, ANSWER, UPSTREAM_KEY, secret, operator.slice(18)]) expect(text).not.toContain(canary);
  }
  expect(JSON.stringify(upstream.seen)).not.toContain(secret);
});
