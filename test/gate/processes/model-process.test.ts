// A model's process that is killed, stopped, or aborts in native code: its own streams end, the gate and the others go on. docs/gate.md
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { AjarError } from "../../../src/core/errors.ts";
import type { Engine, EngineReply, EngineState } from "../../../src/gate/contract.ts";
import { eventually } from "../../support/eventually.ts";
import { type TestGate, testGate } from "../../support/gate.ts";
import { llamaEnv, openTestLlama, tinyModelFile } from "../../support/llama.ts";
import { abortingGguf } from "../../support/tiny-gguf.ts";

const encoder = new TextEncoder();
const model = tinyModelFile(21);
/** Of who waits for a process that was stopped. */
const quick = { tick: 100, silence: 1_000 };
const soon = { delays: [1, 1], window: 600_000 };
const opened: Engine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});
afterAll(() => model.remove());

interface Loaded {
  readonly engine: Engine;
  readonly states: EngineState[];
}

async function load(options: Parameters<typeof openTestLlama>[0] = {}, more: object = {}): Promise<Loaded> {
  const states: EngineState[] = [];
  const engine = await openTestLlama({ restarts: soon, ...options }).load({
    file: model.file,
    signal: new AbortController().signal,
    changed: (state) => states.push(state),
    ...more,
  });
  opened.push(engine);
  return { engine, states };
}

function pidOf(engine: Engine): number {
  const state = engine.state?.();
  if (state?.kind !== "ready") throw new Error("no process");
  return state.pid;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has waited for yet is dead.
    return !/^\d+ \(.*\) Z/u.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "");
  } catch {
    return false;
  }
}

function ask(engine: Engine, body: object, signal = new AbortController().signal): Promise<EngineReply> {
  const stream = (body as { stream?: boolean }).stream === true;
  const bytes = encoder.encode(JSON.stringify({ prompt: "the", ...body }));
  return engine.send({ endpoint: "completions", body: bytes, stream, signal });
}

/** Resolves with what the stream failed with; `first` is called at its first chunk. */
function failureOf(reply: EngineReply, first: () => void): Promise<unknown> {
  if (reply.kind !== "stream" || !("pipe" in reply.chunks)) throw new Error("no stream");
  const { chunks } = reply;
  return new Promise((resolve, reject) => {
    chunks.pipe({ chunk: () => first(), end: () => reject(new Error("it ended")), fail: resolve });
  });
}

const ready = (engine: Engine): Promise<void> => eventually(() => expect(engine.state?.().kind).toBe("ready"));

describe.skipIf(llamaEnv === null)("a model's process", () => {
  it("that is killed ends its streams with its end, is there again, and answers", async () => {
    const { engine, states } = await load();
    const before = await ask(engine, { max_tokens: 8, seed: 1 });
    const pid = pidOf(engine);
    const waits = ask(engine, { max_tokens: 400 });
    const broken = await failureOf(await ask(engine, { max_tokens: 400, stream: true }), () => process.kill(pid, "SIGKILL"));
    expect(broken).toMatchObject({ code: "ENGINE_DOWN", message: "the model's process ended: SIGKILL" });
    await expect(waits).rejects.toMatchObject({ code: "ENGINE_DOWN" });
    await ready(engine);
    expect(states).toEqual([
      { kind: "restarting", reason: "SIGKILL" },
      { kind: "ready", pid: pidOf(engine) },
    ]);
    const after = await ask(engine, { max_tokens: 8, seed: 1 });
    const textOf = (reply: EngineReply): unknown => reply.kind === "whole" && JSON.parse(new TextDecoder().decode(reply.body)).choices;
    expect(textOf(after)).toEqual(textOf(before));
  });

  it("that dies again and again stays down: the gate says so, refuses, and is not ready", async () => {
    const { engine, states } = await load();
    const gate = await testGate({ upstream: "http://127.0.0.1:1/v1", engine });
    for (let death = 0; death < 3; death += 1) {
      await ready(engine);
      const pid = pidOf(engine);
      process.kill(pid, "SIGKILL");
      await eventually(() => expect(states.filter(({ kind }) => kind !== "ready")).toHaveLength(death + 1));
    }
    expect(engine.state?.()).toEqual({ kind: "failed", reason: "SIGKILL" });
    await expect(ask(engine, {})).rejects.toMatchObject({ code: "ENGINE_DOWN" });
    expect(await engine.health()).toBe("failed");
    expect(await (await fetch(`${gate.url}/v1/models`)).json()).toMatchObject({ data: [{ ajar: { engine_state: "failed" } }] });
    expect((await fetch(`${gate.url}/readyz`)).status).toBe(503);
    const refused = await post(gate, { model: "tern", prompt: "x" });
    expect([refused.status, refused.headers.get("x-should-retry"), await refused.json()]).toMatchObject([
      503,
      "false",
      { error: { code: "engine_failed" } },
    ]);
    expect(await (await fetch(`${gate.url}/metrics`)).text()).toContain('ajar_gate_engine_up{model="tern"} 0');
    expect(gate.log.decisions).toMatchObject([{ outcome: "refused", code: "engine_failed" }]);
    await gate.close();
  });

  it("that was stopped cannot put off a shut door: the stream ends, and the process is killed and started again", async () => {
    const { engine, states } = await load({ patience: quick });
    const gate = await testGate({ upstream: "http://127.0.0.1:1/v1", engine });
    const response = await post(gate, { model: "tern", prompt: "the", max_tokens: 400, stream: true });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const pid = pidOf(engine);
    process.kill(pid, "SIGSTOP");
    gate.doors.set("tern", { kind: "shut", code: "model_disabled", reason: "a test", since: "2026-01-02T03:04:05Z" });
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += new TextDecoder().decode(part.value);
    expect(rest).toMatch(/model_disabled[\s\S]*\[DONE\]\n\n$/u);
    expect(gate.doors.running).toBe(0);
    expect(gate.log.decisions).toMatchObject([{ outcome: "cut", code: "model_disabled" }]);
    await eventually(() => expect(states.at(-1)?.kind).toBe("ready"));
    expect([lives(pid), states[0]]).toEqual([false, { kind: "restarting", reason: "it said nothing for 1 s" }]);
    await gate.close();
  });

  it("that was stopped is not healthy, and closing it waits for nothing", async () => {
    const { engine } = await load();
    expect(await engine.health()).toBeNull();
    const pid = pidOf(engine);
    process.kill(pid, "SIGSTOP");
    expect(await engine.health()).toBe("its process does not answer");
    await engine.close();
    expect(lives(pid)).toBe(false);
  });

  it("falls over a file that makes llama.cpp abort, and nobody else does", async () => {
    const { engine } = await load();
    const running = ask(engine, { max_tokens: 400, seed: 1 });
    const file = join(model.folder, "aborting.gguf");
    writeFileSync(file, abortingGguf());
    const aborted = load({}, { file });
    await expect(aborted).rejects.toMatchObject({
      code: "ENGINE_DOWN",
      subject: file,
      message: expect.stringMatching(/^llama\.cpp ended while it loaded the model: SIGABRT, llama-model[\w-]*\.cpp:\d+$/u),
    });
    expect(await running).toMatchObject({ kind: "whole", status: 200 });
  });

  it("is gone when its loading is not wanted any more", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const loading = openTestLlama().load({ file: model.file, signal: stop.signal });
    stop.abort(reason);
    await expect(loading).rejects.toBe(reason);
    await expect(openTestLlama().load({ file: model.file, signal: stop.signal })).rejects.toBe(reason);
  });

  it("is not started again on another file than was admitted", async () => {
    let isSame = true;
    const guard = async <T>(start: () => Promise<T>): Promise<T> => {
      const started = await start();
      if (!isSame) throw new AjarError("CHANGED_WHILE_READ", "it was changed", { subject: "x" });
      return started;
    };
    const { engine, states } = await load({}, { guard });
    isSame = false;
    process.kill(pidOf(engine), "SIGKILL");
    await eventually(() => expect(engine.state?.()).toEqual({ kind: "failed", reason: "it was changed" }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(states.map(({ kind }) => kind)).toEqual(["restarting", "failed"]);
  });

  it.skipIf(!existsSync("/proc/self/environ"))("has no key in its environment", async () => {
    const { engine } = await load({ env: { ...llamaEnv, PATH: "/bin", OPENAI_API_KEY: "canary-key", AJAR_DATABASE_URL: "canary-url" } });
    const environment = readFileSync(`/proc/${pidOf(engine)}/environ`, "latin1");
    expect(environment).toContain("AJAR_NODE_LLAMA=");
    expect(environment).not.toContain("canary");
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("ends when its gate does (%s)", async (signal) => {
    const gate = spawn(process.execPath, [join(import.meta.dirname, "held-model-child.ts"), model.file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = await once(gate.stdout, "data");
    const pid = Number(String(said));
    expect(lives(pid)).toBe(true);
    gate.kill(signal);
    await eventually(() => expect(lives(pid)).toBe(false));
  });
});

function post({ url }: TestGate, body: object): Promise<Response> {
  return fetch(`${url}/v1/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}
