// The embedded engine on a tiny model that is made here: shapes, bounds, abort, and what it refuses. docs/gate.md
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Endpoint, Engine, EngineReply } from "../../src/gate/contract.ts";
import type { LlamaHost } from "../../src/gate/engines/llama.ts";
import { llamaEnv, openTestLlama, tinyModelFile } from "../support/llama.ts";
import { tinyParts } from "../support/tiny-gguf.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies are read as clients read them
type Read = any;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const messages = [{ role: "user", content: "say something" }];

/** The bytes of a reply as text; `seen` is called with each chunk of a stream. */
async function drain(reply: EngineReply, seen: (text: string) => void = () => undefined): Promise<string> {
  if (reply.kind === "whole") return decoder.decode(reply.body);
  const { chunks } = reply;
  if (!("pipe" in chunks)) throw new Error("the embedded engine pushes");
  let text = "";
  await new Promise<void>((resolve, reject) =>
    chunks.pipe({
      chunk: (bytes) => {
        text += decoder.decode(bytes, { stream: true });
        seen(text);
      },
      end: resolve,
      fail: reject,
    }),
  );
  return text;
}

/** Data of each event of a stream; the last must be `[DONE]` where the endpoint has that. */
function events(text: string): Read[] {
  return text
    .split("\n\n")
    .flatMap((block) => block.split("\n").filter((line) => line.startsWith("data: ")))
    .map((line) => line.slice(6))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));
}

describe.skipIf(llamaEnv === null)("the embedded engine", () => {
  const model = tinyModelFile(7);
  let host: LlamaHost;
  let engine: Engine;

  beforeAll(async () => {
    host = openTestLlama();
    engine = await host.load({ file: model.file, parallel: 2, waiting: 2, signal: new AbortController().signal });
  });
  afterAll(async () => {
    await engine?.close();
    model.remove();
  });

  function send(endpoint: Endpoint, body: object, signal = new AbortController().signal): Promise<EngineReply> {
    const stream = (body as { stream?: boolean }).stream === true;
    return engine.send({ endpoint, body: encoder.encode(JSON.stringify({ model: "tiny", ...body })), stream, signal });
  }
  async function json(endpoint: Endpoint, body: object): Promise<{ status: number; body: Read }> {
    const reply = await send(endpoint, body);
    expect(reply.kind).toBe("whole");
    return { status: reply.status, body: JSON.parse(await drain(reply)) };
  }
  async function streamed(endpoint: Endpoint, body: object): Promise<Read[]> {
    const reply = await send(endpoint, { ...body, stream: true });
    expect(reply.kind).toBe("stream");
    return events(await drain(reply));
  }

  it("answers a chat in OpenAI's shape, and the same way each time", async () => {
    const ask = { messages, max_tokens: 12, temperature: 0.8, seed: 3 };
    const first = (await json("chat/completions", ask)).body;
    expect(first).toMatchObject({
      object: "chat.completion",
      created: 1767323045,
      model: "tiny",
      choices: [{ index: 0, message: { role: "assistant", refusal: null }, logprobs: null, finish_reason: "length" }],
      usage: { completion_tokens: 12 },
    });
    expect(first.usage.total_tokens).toBe(first.usage.prompt_tokens + 12);
    const { body: again } = await json("chat/completions", ask);
    expect(again.choices).toEqual(first.choices);
    const { body: other } = await json("chat/completions", { ...ask, seed: 4 });
    expect(other.choices).not.toEqual(first.choices);
  });

  it("streams the same text that it gives whole, each choice apart, with the tokens at the end", async () => {
    const ask = { messages, max_tokens: 10, n: 2, seed: 5 };
    const { body } = await json("chat/completions", ask);
    const chunks = await streamed("chat/completions", { ...ask, stream_options: { include_usage: true } });
    expect(chunks.at(-1)).toBe("[DONE]");
    expect(chunks.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: body.usage.prompt_tokens, completion_tokens: 20 } });
    const deltas = chunks.slice(0, -2).map(({ choices }) => choices[0]);
    for (const index of [0, 1]) {
      const own = deltas.filter((delta) => delta.index === index);
      expect(own[0].delta.role).toBe("assistant");
      expect(own.map(({ delta }) => delta.content ?? "").join("")).toBe(body.choices[index].message.content);
      expect(own.at(-1)).toMatchObject({ delta: {}, finish_reason: "length" });
    }
    expect(body.choices[0].message.content).not.toBe(body.choices[1].message.content);
  });

  it("completes texts, several prompts at once, and stops where it is told", async () => {
    const { body } = await json("completions", { prompt: ["the", "of"], max_tokens: 20, temperature: 0 });
    expect(body).toMatchObject({ object: "text_completion", choices: [{ index: 0 }, { index: 1 }], usage: { completion_tokens: 40 } });
    const text: string = body.choices[0].text;
    const stop = /[a-zA-Z,.]/u.exec(text)?.[0] ?? "";
    const { body: cut } = await json("completions", { prompt: "the", max_tokens: 20, temperature: 0, stop });
    expect(cut.choices[0].finish_reason).toBe("stop");
    expect(stop).not.toBe("");
    // Half a character before it, which random weights write, may be dropped.
    expect(cut.choices[0].text).toBe(text.slice(0, text.indexOf(stop)).replace(/\uFFFD+$/u, ""));
    const chunks = await streamed("completions", { prompt: "the", max_tokens: 20, temperature: 0 });
    expect(
      chunks
        .slice(0, -1)
        .map(({ choices }) => choices[0].text)
        .join(""),
    ).toBe(text);
  });

  it("answers responses, and its events add up to the response at their end", async () => {
    const ask = { input: "say", instructions: "be brief", max_output_tokens: 8, temperature: 0 };
    const { body } = await json("responses", ask);
    expect(body).toMatchObject({
      object: "response",
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", annotations: [] }] }],
      usage: { output_tokens: 8 },
      store: false,
    });
    const all = await streamed("responses", ask);
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, at) => at));
    expect(all.map(({ type }) => type).filter((type) => type !== "response.output_text.delta")).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.incomplete",
    ]);
    const said = all.map(({ type, delta }) => (type === "response.output_text.delta" ? delta : "")).join("");
    expect(said).toBe(body.output[0].content[0].text);
    expect(all.at(-1).response.output[0].content[0].text).toBe(said);
  });

  it("calls a function that it is told to call, with arguments of the function's schema", async () => {
    const tool = { name: "weather", parameters: { type: "object", properties: { city: { enum: ["Oslo", "Rome"] } }, required: ["city"] } };
    const ask = { messages, tools: [{ type: "function", function: tool }], tool_choice: "required", max_tokens: 80 };
    const { body } = await json("chat/completions", ask);
    const [choice] = body.choices;
    expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { content: null, tool_calls: [{ type: "function" }] } });
    expect(choice.message.tool_calls[0].function.name).toBe("weather");
    expect(JSON.parse(choice.message.tool_calls[0].function.arguments)).toEqual({ city: expect.stringMatching(/^(?:Oslo|Rome)$/u) });
    const chunks = await streamed("chat/completions", ask);
    const calls = chunks.flatMap((chunk) => (chunk === "[DONE]" ? [] : (chunk.choices[0].delta.tool_calls ?? [])));
    expect(calls).toMatchObject([{ index: 0, type: "function", function: { name: "weather" } }]);
    const { body: response } = await json("responses", { input: "x", tools: [{ type: "function", ...tool }], tool_choice: "required" });
    expect(response.output).toMatchObject([{ type: "function_call", name: "weather", status: "completed" }]);
  });

  it("takes a temperature of next to nothing as none, where 32 bits would overflow and the grammar would be left", async () => {
    const tool = { name: "f", parameters: { type: "object", properties: { a: { enum: ["x", "y"] } }, required: ["a"] } };
    const ask = { messages, tools: [{ type: "function", function: tool }], tool_choice: "required", max_tokens: 60 };
    const cold = (await json("chat/completions", { ...ask, temperature: 0 })).body.choices[0].message.tool_calls[0].function;
    for (const temperature of [1e-40, 1e-44, Number.MIN_VALUE]) {
      const { body } = await json("chat/completions", { ...ask, temperature });
      expect(body.choices[0].message.tool_calls[0].function).toEqual(cold);
    }
    expect(engine.state?.().kind).toBe("ready");
  });

  it("goes on after the result of a call, and answers in JSON of a schema", async () => {
    const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
    const turns = [
      ...messages,
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "42" },
    ];
    expect((await json("chat/completions", { messages: turns, max_tokens: 4 })).status).toBe(200);
    const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
    const format = { type: "json_schema", json_schema: { name: "x", schema } };
    const { body } = await json("chat/completions", { messages, response_format: format, max_tokens: 60 });
    expect(JSON.parse(body.choices[0].message.content)).toEqual({ ok: expect.any(Boolean) });
  });

  it("embeds texts as numbers or packed, with length one", async () => {
    const { body } = await json("embeddings", { input: ["the", "of and"] });
    expect(body).toMatchObject({ object: "list", data: [{ object: "embedding", index: 0 }, { index: 1 }], model: "tiny" });
    const vector: number[] = body.data[0].embedding;
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    const { body: packed } = await json("embeddings", { input: "the", encoding_format: "base64" });
    const bytes = Buffer.from(packed.data[0].embedding, "base64");
    expect(bytes.length).toBe(vector.length * 4);
    expect(bytes.readFloatLE(0)).toBeCloseTo(vector[0] as number, 5);
  });

  it.each([
    ["chat/completions", { messages, logit_bias: { 5: 1 } }, "unsupported_parameter"],
    ["chat/completions", { messages, logprobs: true, top_logprobs: 21 }, "invalid_value"],
    ["chat/completions", { messages, top_logprobs: 2 }, "invalid_value"],
    ["completions", { prompt: "x", logprobs: 6 }, "invalid_value"],
    [
      "chat/completions",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
      "unsupported_parameter",
    ],
    ["chat/completions", { messages: [] }, "invalid_value"],
    ["chat/completions", { messages, temperature: 9 }, "invalid_value"],
    ["chat/completions", { messages, n: 99 }, "invalid_value"],
    ["chat/completions", { messages: [{ role: "user", content: "word ".repeat(2_000) }] }, "context_length_exceeded"],
    ["chat/completions", { messages, tools: [{ type: "function", function: { name: "__proto__" } }] }, "invalid_value"],
    [
      "chat/completions",
      {
        messages,
        tools: [{ type: "function", function: { name: "f" } }],
        tool_choice: { type: "function", function: { name: "toString" } },
      },
      "invalid_value",
    ],
    [
      "chat/completions",
      { messages, tools: [{ type: "function", function: { name: "f", parameters: { type: "object", properties: { a: null } } } }] },
      "invalid_value",
    ],
    // Splitting two million spaces would hold up everything for seconds.
    ["chat/completions", { messages: [{ role: "user", content: " ".repeat(2_000_000) }] }, "context_length_exceeded"],
    ["completions", { prompt: Array.from({ length: 16 }, () => " ".repeat(8_000)) }, "context_length_exceeded"],
    ["embeddings", { input: ["x", " ".repeat(2_000_000)] }, "context_length_exceeded"],
    ["completions", { prompt: "x", echo: true }, "unsupported_parameter"],
    ["completions", { prompt: [1, 2, 3] }, "unsupported_parameter"],
    ["responses", { input: "x", include: ["message.output_text.logprobs"] }, "unsupported_parameter"],
    ["responses", { input: "x", previous_response_id: "resp_1" }, "unsupported_parameter"],
    ["responses", { input: [{ type: "item_reference", id: "x" }] }, "unsupported_parameter"],
    ["embeddings", { input: "x", dimensions: 3 }, "unsupported_parameter"],
  ] as const)("refuses on %s what it does not do (%#)", async (endpoint, ask, code) => {
    const { status, body } = await json(endpoint, ask);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: "invalid_request_error", code });
  });

  it("refuses what is no JSON, and a schema that would unroll", async () => {
    const reply = await engine.send({
      endpoint: "completions",
      body: encoder.encode("{"),
      stream: false,
      signal: new AbortController().signal,
    });
    expect(reply).toMatchObject({ kind: "whole", status: 400 });
    const schema = { type: "array", items: { type: "string" }, maxItems: 1e9 };
    const { body } = await json("chat/completions", {
      messages,
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    });
    expect(body.error.code).toBe("invalid_value");
  });

  it("stops when aborted, whole or streamed, and has its place free again", async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const stop = new AbortController();
      const reason = new Error("enough");
      const whole = send("completions", { prompt: "the", max_tokens: 400 }, stop.signal);
      setTimeout(() => stop.abort(reason), 5);
      await expect(whole).rejects.toBe(reason);
      const other = new AbortController();
      const reply = await send("completions", { prompt: "the", max_tokens: 400, stream: true }, other.signal);
      await expect(drain(reply, () => other.abort(reason))).rejects.toBe(reason);
    }
    expect((await json("completions", { prompt: "the", max_tokens: 2 })).status).toBe(200);
  });

  it("gives a place back when a stream is never read", async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const unread = new AbortController();
      await send("completions", { prompt: "the", stream: true }, unread.signal);
      unread.abort(new Error("gone"));
    }
    expect((await json("completions", { prompt: "the", max_tokens: 2 })).status).toBe(200);
  });

  it("lets so many wait and tells the others that it is busy", async () => {
    const stop = new AbortController();
    const asked = Array.from({ length: 6 }, () => send("completions", { prompt: "the", max_tokens: 300 }, stop.signal));
    const replies = await Promise.allSettled(asked.slice(4));
    expect(replies.map((reply) => (reply.status === "fulfilled" ? reply.value.status : 0))).toEqual([429, 429]);
    stop.abort(new Error("enough"));
    await Promise.allSettled(asked);
    expect((await json("completions", { prompt: "the", max_tokens: 1 })).status).toBe(200);
  });

  it("ends what runs when it is closed", async () => {
    const own = await host.load({ file: model.file, signal: new AbortController().signal });
    const body = encoder.encode(JSON.stringify({ model: "tiny", prompt: "the", max_tokens: 400 }));
    const running = own.send({ endpoint: "completions", body, stream: false, signal: new AbortController().signal });
    const ended = expect(running).rejects.toMatchObject({ code: "ENGINE_DOWN" });
    await own.close();
    await ended;
    expect(await own.health()).toBe("closed");
  });

  it("runs a model in parts as it runs it in one file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-parts-"));
    const files = tinyParts({ seed: 7 }, 3).map((bytes, at) => {
      const file = join(folder, `t-0000${at + 1}-of-00003.gguf`);
      writeFileSync(file, bytes);
      return file;
    });
    const parts = await host.load({ file: files[0] ?? "", signal: new AbortController().signal });
    const body = { prompt: "the", max_tokens: 12, seed: 1 };
    const reply = await parts.send({
      endpoint: "completions",
      body: encoder.encode(JSON.stringify(body)),
      stream: false,
      signal: new AbortController().signal,
    });
    expect(JSON.parse(await drain(reply)).choices).toEqual((await json("completions", body)).body.choices);
    await parts.close();
    rmSync(folder, { recursive: true });
  });

  it("says which file it cannot load", async () => {
    const damaged = tinyModelFile(8);
    truncateSync(damaged.file, 20_000);
    const loading = host.load({ file: damaged.file, signal: new AbortController().signal });
    await expect(loading).rejects.toMatchObject({ code: "ENGINE_DOWN", subject: damaged.file });
    damaged.remove();
  });
});

it("says with which command the engine is installed", async () => {
  const { openLlama } = await import("../../src/gate/engines/llama.ts");
  const options = { now: () => new Date(0), random: () => 0, newId: () => "x" };
  const missing = (env: Readonly<Record<string, string>>) => (): unknown =>
    openLlama({ ...options, env: { XDG_DATA_HOME: "/data", ...env } });
  expect(missing({ AJAR_NODE_LLAMA: "/nowhere" })).toThrow(
    expect.objectContaining({
      code: "ENGINE_MISSING",
      subject: "AJAR_NODE_LLAMA=/nowhere",
      message: expect.stringContaining("in the folder that this variable names"),
      hint: "Correct the variable, or unset it and run npm install --prefix /data/ajar/engine node-llama-cpp@3.",
    }),
  );
  expect(missing({})).toThrow(
    expect.objectContaining({
      code: "ENGINE_MISSING",
      hint: "Run npm install --prefix /data/ajar/engine node-llama-cpp@3, or name its folder in AJAR_NODE_LLAMA.",
    }),
  );
});
