// The official client, unmodified, over every endpoint.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODEL, type TestGate, testGate } from "../../support/gate.ts";
import { chatChunk, EVENTS, event, type ScriptedUpstream, scriptedUpstream, sensible } from "../../support/scripted-upstream.ts";

let upstream: ScriptedUpstream;
let gate: TestGate;
let client: OpenAI;

beforeAll(async () => {
  upstream = await scriptedUpstream();
  gate = await testGate({ upstream: upstream.url, upstreamKey: "upstream-key" });
  client = new OpenAI({ baseURL: `${gate.url}/v1`, apiKey: "client-key", maxRetries: 0 });
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

const messages = [{ role: "user" as const, content: "Say hello" }];

describe("the openai client", () => {
  it("chats", async () => {
    const reply = await client.chat.completions.create({ model: "tern", messages, n: 2, logprobs: true });
    expect(reply.choices.map(({ message }) => message.content)).toEqual(["Hello 世界", "Hello 世界"]);
    expect(reply.choices[0]?.logprobs?.content?.[0]?.token).toBe("Hello");
    expect(reply.usage?.total_tokens).toBe(5);
    const seen = upstream.seen.at(-1);
    expect(JSON.parse(seen?.body ?? "")).toEqual({ model: "scripted", messages, n: 2, logprobs: true });
    expect(seen?.headers.authorization).toBe("Bearer upstream-key");
    expect(JSON.stringify(seen?.rawHeaders)).not.toMatch(/client-key|stainless/iu);
  });

  it("streams chats, with n and usage", async () => {
    const stream = await client.chat.completions.create({
      model: "tern",
      messages,
      n: 2,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = ["", ""];
    let total = 0;
    for await (const chunk of stream) {
      for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? "";
      total += chunk.usage?.total_tokens ?? 0;
    }
    expect(texts).toEqual(["Hello 世界", "Hello 世界"]);
    expect(total).toBe(5);
    expect(gate.log.decisions.at(-1)).toMatchObject({
      outcome: "answered",
      stream: true,
      tokens: { input: 3, output: 2 },
      model: MODEL.id,
    });
  });

  it("gets tool calls and reasoning, whole and streamed", async () => {
    const call = { id: "call_1", type: "function" as const, function: { name: "look", arguments: '{"at":"世界"}' } };
    upstream.script = (seen, json) => {
      if (json["stream"] !== true) {
        const message = { role: "assistant", content: null, reasoning_content: "hm", tool_calls: [call] };
        return {
          parts: [
            JSON.stringify({
              id: "c",
              object: "chat.completion",
              created: 1,
              model: "m",
              choices: [{ index: 0, message, finish_reason: "tool_calls" }],
            }),
          ],
        };
      }
      expect(seen.path).toBe("/v1/chat/completions");
      const pieces = ['{"at":', '"世界"}'].map((piece, index) =>
        chatChunk({
          tool_calls: [
            {
              index: 0,
              ...(index === 0 ? { id: "call_1", type: "function" } : {}),
              function: { ...(index === 0 ? { name: "look" } : {}), arguments: piece },
            },
          ],
        }),
      );
      return {
        headers: EVENTS,
        parts: [chatChunk({ role: "assistant", reasoning_content: "hm" }), ...pieces, chatChunk({}, "tool_calls"), event("[DONE]")],
      };
    };
    const tools = [{ type: "function" as const, function: { name: "look", parameters: { type: "object", properties: {} } } }];
    const whole = await client.chat.completions.create({ model: "tern", messages, tools });
    expect(whole.choices[0]?.message.tool_calls).toEqual([call]);
    const streamed = await client.chat.completions.stream({ model: "tern", messages, tools }).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject(call);
    upstream.script = sensible;
  });

  it("completes, whole and streamed", async () => {
    expect((await client.completions.create({ model: "tern", prompt: "x" })).choices[0]?.text).toBe("Hello 世界");
    let text = "";
    for await (const chunk of await client.completions.create({ model: "tern", prompt: "x", stream: true }))
      text += chunk.choices[0]?.text ?? "";
    expect(text).toBe("Hello 世界");
  });

  it("gets responses, whole and streamed", async () => {
    expect((await client.responses.create({ model: "tern", input: "x" })).output_text).toBe("Hello 世界");
    let text = "";
    for await (const one of await client.responses.create({ model: "tern", input: "x", stream: true })) {
      if (one.type === "response.output_text.delta") text += one.delta;
    }
    expect(text).toBe("Hello 世界");
  });

  it("embeds, with the numbers as base64, which it asks for by itself", async () => {
    const reply = await client.embeddings.create({ model: "tern", input: ["a", "b"] });
    expect(reply.data.map(({ embedding }) => embedding)).toEqual([
      [0.25, -0.5, 1],
      [0.25, -0.5, 1],
    ]);
  });

  it("lists models and gets one, and its release", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(["tern"]);
    expect(await client.models.retrieve("tern")).toMatchObject({
      id: "tern",
      object: "model",
      ajar: { basis: "claimed", door: { state: "open" } },
    });
    expect(await client.get("/models/tern/release")).toMatchObject({ weights_digest: MODEL.weightsDigest, audit: { verdict: "made up" } });
  });

  it("raises its own errors", async () => {
    await expect(client.chat.completions.create({ model: "gull", messages })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      param: "model",
    });
    await expect(client.images.generate({ model: "tern", prompt: "x" })).rejects.toMatchObject({ status: 404, code: "unknown_endpoint" });
    gate.doors.set("tern", { kind: "shut", code: "model_recalled", reason: "bad", advisory: "AJAR-1", since: "2026-01-01T00:00:00Z" });
    const refused = client.chat.completions.create({ model: "tern", messages });
    await expect(refused).rejects.toMatchObject({ status: 410, code: "model_recalled", type: "model_unavailable" });
    await expect(refused).rejects.toThrow("AJAR-1");
    gate.doors.set("tern", { kind: "open" });
  });

  it("raises the error of a stream that is cut, and goes on with none after it", async () => {
    upstream.script = () => ({ headers: EVENTS, parts: [chatChunk({ content: "one" }), 60_000, chatChunk({ content: "two" })] });
    const stream = await client.chat.completions.create({ model: "tern", messages, stream: true });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) {
        texts.push(chunk.choices[0]?.delta.content ?? "");
        gate.doors.set("tern", { kind: "shut", code: "model_disabled", reason: "maintenance", since: "2026-01-01T00:00:00Z" });
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "model_disabled" });
    expect(texts).toEqual(["one"]);
    expect(gate.doors.running).toBe(0);
    expect(gate.log.decisions.at(-1)).toMatchObject({ outcome: "cut", code: "model_disabled" });
    gate.doors.set("tern", { kind: "open" });
    upstream.script = sensible;
  });
});
