// A small OpenAI-compatible server that answers what a test tells it to, byte for byte and at its own pace.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Whether the client hung up before the answer was complete. */
  hungUp: boolean;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written one after the other, each in a write of its own; a number waits that many milliseconds; "break" cuts the connection. */
  readonly parts: Iterable<string | Uint8Array | number | "break">;
  /** Milliseconds before the head of the answer. */
  readonly after?: number;
}

export type Script = (seen: Seen, json: Record<string, unknown>) => Answer;

export interface ScriptedUpstream {
  /** With `/v1`. */
  readonly url: string;
  readonly seen: Seen[];
  script: Script;
  close(): Promise<void>;
}

export async function scriptedUpstream(script: Script = sensible): Promise<ScriptedUpstream> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    void take(request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers, rawHeaders } = request;
    const one: Seen = { method, path: url, headers, rawHeaders, body: Buffer.concat(chunks).toString(), hungUp: false };
    seen.push(one);
    response.on("close", () => {
      one.hungUp = !response.writableFinished;
    });
    if (method === "GET" && url === "/v1/models") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ object: "list", data: [{ id: "scripted", object: "model" }] }));
      return;
    }
    await play(upstream.script(one, one.body === "" ? {} : (JSON.parse(one.body) as Record<string, unknown>)), response);
  }
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    script,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return upstream;
}

async function play({ status = 200, headers = {}, parts, after = 0 }: Answer, response: ServerResponse): Promise<void> {
  if (after > 0) await wait(after);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.flushHeaders();
  for (const part of parts) {
    if (typeof part === "number") await wait(part);
    else if (part === "break") response.destroy();
    else if (!response.destroyed && !response.write(part))
      await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
    // Each write a chunk of its own on the wire.
    if (part instanceof Uint8Array || typeof part === "string") await new Promise(setImmediate);
  }
  if (!response.destroyed) response.end();
}

export const EVENTS = { "content-type": "text/event-stream" } as const;

/** One server-sent event as OpenAI's API writes it. */
export function event(data: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

export function chatChunk(delta: unknown, finish: string | null = null, index = 0): string {
  const choice = { index, delta, finish_reason: finish, logprobs: null };
  return event({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "scripted", choices: [choice] });
}

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

/** What a well-behaved server answers on each endpoint. */
export const sensible: Script = (seen, json) => {
  const answer = ANSWERS[seen.path.replace("/v1/", "")];
  if (answer === undefined)
    return { status: 404, parts: [JSON.stringify({ error: { message: "no such endpoint", type: "x", param: null, code: null } })] };
  return answer(json);
};

const ANSWERS: Readonly<Record<string, (json: Record<string, unknown>) => Answer>> = {
  "chat/completions": (json) => {
    const count = typeof json["n"] === "number" ? json["n"] : 1;
    const indexes = Array.from({ length: count }, (_, index) => index);
    if (json["stream"] === true) {
      const usage =
        Object(json["stream_options"]).include_usage === true
          ? [event({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "scripted", choices: [], usage: USAGE })]
          : [];
      const deltas = indexes.flatMap((index) => [
        chatChunk({ role: "assistant", content: "" }, null, index),
        chatChunk({ content: "Hello" }, null, index),
        chatChunk({ content: " 世界" }, null, index),
        chatChunk({}, "stop", index),
      ]);
      return { headers: EVENTS, parts: [...deltas, ...usage, event("[DONE]")] };
    }
    const choices = indexes.map((index) => ({
      index,
      message: { role: "assistant", content: "Hello 世界", refusal: null },
      finish_reason: "stop",
      logprobs: json["logprobs"] === true ? { content: [{ token: "Hello", logprob: -0.1, bytes: null, top_logprobs: [] }] } : null,
    }));
    return {
      parts: [JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "scripted", choices, usage: USAGE })],
    };
  },
  completions: (json) => {
    const one = (text: string, finish: string | null): unknown => ({
      id: "cmpl-1",
      object: "text_completion",
      created: 1,
      model: "scripted",
      choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
      ...(finish === null ? {} : { usage: USAGE }),
    });
    if (json["stream"] === true)
      return { headers: EVENTS, parts: [event(one("Hello", null)), event(one(" 世界", "stop")), event("[DONE]")] };
    return { parts: [JSON.stringify(one("Hello 世界", "stop"))] };
  },
  responses: (json) => {
    const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
    const content = [{ type: "output_text", text: "Hello 世界", annotations: [] }];
    const output = [{ type: "message", id: "msg_1", status: "completed", role: "assistant", content }];
    const done = { id: "resp_1", object: "response", created_at: 1, status: "completed", model: "scripted", output, usage };
    if (json["stream"] !== true) return { parts: [JSON.stringify(done)] };
    const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
    return {
      headers: EVENTS,
      parts: [
        event(
          { type: "response.created", sequence_number: 0, response: { ...done, status: "in_progress", output: [] } },
          "response.created",
        ),
        event({ type: "response.output_text.delta", sequence_number: 1, ...at, delta: "Hello" }, "response.output_text.delta"),
        event({ type: "response.output_text.delta", sequence_number: 2, ...at, delta: " 世界" }, "response.output_text.delta"),
        event({ type: "response.output_text.done", sequence_number: 3, ...at, text: "Hello 世界" }, "response.output_text.done"),
        event({ type: "response.completed", sequence_number: 4, response: done }, "response.completed"),
      ],
    };
  },
  embeddings: (json) => {
    const inputs = Array.isArray(json["input"]) ? json["input"] : [json["input"]];
    const asBase64 = json["encoding_format"] === "base64";
    const numbers = Float32Array.of(0.25, -0.5, 1);
    const embedding = asBase64 ? Buffer.from(numbers.buffer).toString("base64") : [...numbers];
    const data = inputs.map((_, index) => ({ object: "embedding", index, embedding }));
    return { parts: [JSON.stringify({ object: "list", data, model: "scripted", usage: { prompt_tokens: 3, total_tokens: 3 } })] };
  },
};
