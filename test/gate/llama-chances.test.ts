// How likely tokens were, as the embedded engine tells it: beside the text that they became, and never past a filter. docs/gate.md
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/gate/contract.ts";
import { type TestGate, testGate } from "../support/gate.ts";
import { llamaEnv, openTestLlama, tinyModelFile } from "../support/llama.ts";
import { screenOf } from "../support/screens.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies are read as clients read them
type Read = any;

const messages = [{ role: "user", content: "say something" }];

describe.skipIf(llamaEnv === null)("log probabilities of the embedded engine", () => {
  const model = tinyModelFile(7);
  let engine: Engine;
  let open: TestGate;
  let filtered: TestGate;

  beforeAll(async () => {
    engine = await openTestLlama().load({ file: model.file, signal: new AbortController().signal });
    const upstream = "http://127.0.0.1:1/v1";
    open = await testGate({ upstream, engine });
    filtered = await testGate({ upstream, engine, screen: screenOf("policy: 1\nid: t\nterms:\n  - {id: w, terms: [zorblax]}\n") });
  });
  afterAll(async () => {
    await open?.close();
    await filtered?.close();
    model.remove();
  });

  async function ask(gate: TestGate, path: string, body: object): Promise<{ status: number; text: string }> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${gate.url}/v1/${path}`, { method: "POST", headers, body: JSON.stringify({ model: "tern", ...body }) });
    return { status: response.status, text: await response.text() };
  }
  async function whole(path: string, body: object): Promise<Read> {
    return JSON.parse((await ask(open, path, body)).text).choices[0];
  }
  async function streamed(path: string, body: object): Promise<Read[]> {
    const { text } = await ask(open, path, { ...body, stream: true });
    return text.split("\n\n").flatMap((line) => (/^data: \{/u.test(line) ? JSON.parse(line.slice(6)).choices : []));
  }

  it("stand beside each token of a chat, whole and streamed alike, and change nothing of its text", async () => {
    const asked = fc.record({ seed: fc.nat(1_000), temperature: fc.constantFrom(0, 0.7, 1.5), top_logprobs: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(asked, async (drawing) => {
        const plain = { messages, max_tokens: 12, seed: drawing.seed, temperature: drawing.temperature };
        const { message, logprobs } = await whole("chat/completions", { ...plain, logprobs: true, top_logprobs: drawing.top_logprobs });
        expect(message.content).toBe((await whole("chat/completions", plain)).message.content);
        const { content } = logprobs;
        for (const { logprob, token, bytes, top_logprobs: top } of content) {
          expect(logprob).toBeLessThanOrEqual(0);
          expect(bytes).toEqual(token.includes("\uFFFD") ? null : [...Buffer.from(token)]);
          expect(top.length).toBeLessThanOrEqual(drawing.top_logprobs);
          expect(top.map((one: Read) => one.logprob)).toEqual(top.map((one: Read) => one.logprob).sort((a: number, b: number) => b - a));
          expect(top.reduce((sum: number, one: Read) => sum + Math.exp(one.logprob), 0)).toBeLessThan(1.001);
          if (drawing.temperature === 0 && top.length > 0) expect(top[0]).toEqual({ token, logprob, bytes });
        }
        const deltas = await streamed("chat/completions", { ...plain, logprobs: true, top_logprobs: drawing.top_logprobs });
        expect(deltas.flatMap((delta) => delta.logprobs?.content ?? [])).toEqual(content);
      }),
      { numRuns: 20 },
    );
  });

  it("of a completion say where in the text their token begins", async () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const body = { prompt: "the", max_tokens: 20, seed, logprobs: 3 };
      const { text, logprobs } = await whole("completions", body);
      const { tokens, token_logprobs: chances, top_logprobs: tops, text_offset: offsets } = logprobs;
      expect([chances.length, tops.length, offsets.length]).toEqual([tokens.length, tokens.length, tokens.length]);
      const letters = [...text];
      const found = tokens.map((token: string, at: number) => letters.slice(offsets[at], offsets[at] + [...token].length).join(""));
      for (const [at, token] of tokens.entries()) if (/^ ?[a-z]+$/u.test(token)) expect(found[at]).toBe(token);
      expect(Object.keys(tops[0]).length).toBeLessThanOrEqual(3);
      const parts = (await streamed("completions", body)).flatMap((choice) => choice.logprobs?.text_offset ?? []);
      expect(parts).toEqual(offsets);
    }
    expect((await whole("completions", { prompt: "the", max_tokens: 3, logprobs: 0 })).logprobs.tokens.length).toBeGreaterThan(0);
    expect((await whole("completions", { prompt: "the", max_tokens: 3, logprobs: false })).logprobs).toBeNull();
  });

  it("are those of each choice, none where nobody asked, and none of the arguments of a call", async () => {
    const body = { messages, max_tokens: 6, n: 3, logprobs: true };
    const { choices } = JSON.parse((await ask(open, "chat/completions", body)).text);
    for (const { message, logprobs } of choices) {
      const plain = logprobs.content.filter(({ bytes }: Read) => bytes !== null).map(({ token }: Read) => token);
      for (const token of plain) if (!token.startsWith("<")) expect(message.content).toContain(token);
    }
    // What was drawn before without being watched is drawn without being watched again.
    expect((await whole("chat/completions", { messages, max_tokens: 6 })).logprobs).toBeNull();
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: { a: { enum: ["x"] } } } } }];
    const called = await whole("chat/completions", { messages, tools, tool_choice: "required", max_tokens: 60, logprobs: true });
    expect(called).toMatchObject({ finish_reason: "tool_calls", logprobs: null });
  });

  it("do not pass a filter: what asks for them is refused, and what comes all the same is taken out", async () => {
    for (const [path, body] of [
      ["chat/completions", { messages, logprobs: true }],
      ["chat/completions", { messages, logprobs: true, stream: true }],
      ["completions", { prompt: "the", logprobs: 1 }],
    ] as const) {
      const { status, text } = await ask(filtered, path, body);
      expect([status, JSON.parse(text).error.code]).toEqual([400, "unscreenable"]);
    }
    for (const stream of [false, true]) {
      const { status, text } = await ask(filtered, "completions", { prompt: "the", max_tokens: 8, logprobs: 0, stream });
      expect(status).toBe(200);
      expect(text).not.toContain("token_logprobs");
    }
  });
});
