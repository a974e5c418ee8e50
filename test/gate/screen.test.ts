import { describe, expect, it } from "vitest";
import type { Endpoint, JsonObject } from "../../src/gate/contract.ts";
import { callOf, screenOf } from "../support/screens.ts";

const POLICY = `policy: 1
id: test
terms:
  - {id: made-up, terms: [zorblax]}
  - {id: soft, terms: [mildword], request: flag, response: flag}
  - {id: swapped, terms: [swapword], request: replace, response: replace}
expressions:
  - {id: ticket, regex: 'TICKET-\\d{4,8}', request: redact, response: redact}
patterns:
  - {ids: [personal/email], request: redact, response: redact}
models:
  open: {terms: []}
keys:
  k1: {terms: [{id: own, terms: [quuxery]}]}
`;
const screen = screenOf(POLICY);

async function ask(endpoint: Endpoint, body: JsonObject) {
  return screen.request(callOf(endpoint), body);
}

describe("requests", () => {
  it.each<[Endpoint, JsonObject]>([
    ["chat/completions", { messages: [{ role: "user", content: "say zorblax" }] }],
    ["chat/completions", { messages: [{ role: "system", content: "say zorblax" }] }],
    [
      "chat/completions",
      {
        messages: [
          {
            role: "developer",
            content: [
              { type: "text", text: "zor" },
              { type: "text", text: "blax" },
            ],
          },
        ],
      },
    ],
    ["chat/completions", { messages: [{ role: "user", name: "zorblax", content: "hi" }] }],
    ["chat/completions", { messages: [{ role: "tool", tool_call_id: "a", content: "z o r b l a x" }] }],
    [
      "chat/completions",
      {
        messages: [
          { role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"a":"zor\\u0062lax"}' } }] },
        ],
      },
    ],
    [
      "chat/completions",
      { messages: [], tools: [{ type: "function", function: { name: "f", parameters: { properties: { zorblax: { type: "string" } } } } }] },
    ],
    ["chat/completions", { messages: [], metadata: { note: "zorblax" } }],
    ["chat/completions", { messages: [], user: "zorblax" }],
    ["completions", { prompt: ["a", "zorblax"] }],
    ["completions", { prompt: "a", suffix: "zorblax" }],
    ["embeddings", { input: ["a", "ｚｏｒｂｌａｘ"] }],
    ["responses", { input: "zorblax" }],
    ["responses", { input: [{ type: "function_call_output", output: "zorblax" }], instructions: "be kind" }],
    ["responses", { input: "a", instructions: "zorblax" }],
  ])("%s with a blocked text is blocked: %j", async (endpoint, body) => {
    expect(await ask(endpoint, body)).toMatchObject({ kind: "block", code: "content_filter" });
  });

  it.each<[Endpoint, JsonObject]>([
    ["completions", { prompt: [1, 2, 3] }],
    ["completions", { prompt: [[1, 2], [3]] }],
    ["embeddings", { input: [1, 2] }],
    ["chat/completions", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] }],
    ["chat/completions", { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "" } }] }] }],
    ["chat/completions", { messages: [], modalities: ["text", "audio"] }],
    ["chat/completions", { messages: [], logprobs: true }],
    ["chat/completions", { messages: [], top_logprobs: 3 }],
    ["completions", { prompt: "a", logprobs: 2 }],
    ["responses", { input: "a", previous_response_id: "resp_1" }],
    ["responses", { input: [{ type: "input_file", file_id: "f" }] }],
    ["responses", { input: [{ type: "item_reference", id: "f" }] }],
    ["responses", { prompt: { id: "p" } }],
  ])("%s with what no filter reads is refused: %j", async (endpoint, body) => {
    expect(await ask(endpoint, body)).toMatchObject({ kind: "block", code: "unscreenable" });
  });

  it("are changed where the policy takes something out, and only there", async () => {
    const body = {
      messages: [
        { role: "user", content: "TICKET-1234 by ann@wikipedia.org, thanks" },
        { role: "user", content: "and mildword" },
      ],
      temperature: 0.5,
    };
    const screened = await ask("chat/completions", body);
    expect(screened).toMatchObject({
      kind: "pass",
      changed: true,
      body: {
        messages: [
          { role: "user", content: "[removed] by [removed], thanks" },
          { role: "user", content: "and mildword" },
        ],
        temperature: 0.5,
      },
    });
    const outcomes = Object.fromEntries(screened.results.map(({ filter, outcome }) => [filter.replace(/@.*/u, ""), outcome]));
    expect(outcomes).toEqual({
      "terms/made-up": "passed",
      "terms/soft": "flagged",
      "terms/swapped": "passed",
      "expressions/ticket": "redacted",
      patterns: "redacted",
    });
  });

  it("are the same object when nothing was found", async () => {
    const body = { messages: [{ role: "user", content: "hello" }] };
    expect(await ask("chat/completions", body)).toMatchObject({ kind: "pass", changed: false, body });
  });

  it("nested beyond reason fail closed", async () => {
    let deep: JsonObject = { a: "b" };
    for (let depth = 0; depth < 200; depth += 1) deep = { a: deep };
    expect(await ask("chat/completions", deep)).toMatchObject({ kind: "block", code: "filter_failed" });
  });

  it("follow the part of the policy for their model and key", async () => {
    const body = { messages: [{ role: "user", content: "zorblax" }] };
    const own = { messages: [{ role: "user", content: "quuxery" }] };
    const call = callOf("chat/completions");
    expect(await screenOf(POLICY, "open").request(call, body)).toMatchObject({ kind: "pass" });
    expect(await screenOf(POLICY, "", "k1").request(call, body)).toMatchObject({ kind: "pass" });
    expect(await screenOf(POLICY, "", "k1").request(call, own)).toMatchObject({ kind: "block" });
  });

  it("leave no text in what is logged", async () => {
    const { results } = await ask("chat/completions", {
      messages: [{ role: "user", content: "my secret plan with zorblax and TICKET-9999" }],
    });
    expect(JSON.stringify(results)).not.toMatch(/secret|zorblax|9999/u);
  });
});

async function answered(endpoint: Endpoint, body: unknown, status = 200) {
  const { blocked, body: bytes } = await screen.reply(callOf(endpoint, false), status, Buffer.from(JSON.stringify(body)));
  return { blocked, body: JSON.parse(Buffer.from(bytes).toString("utf8")) };
}

describe("whole replies", () => {
  it("lose the choice that is blocked and keep the others", async () => {
    const choice = (index: number, message: object) => ({ index, message: { role: "assistant", ...message }, finish_reason: "stop" });
    const choices = [
      choice(0, { content: "fine" }),
      choice(1, { content: "zorblax" }),
      choice(2, { content: null, reasoning_content: "z-o-r-b-l-a-x" }),
    ];
    const calls = choice(3, {
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"a":"\\u007aorblax"}' } }],
    });
    const { blocked, body } = await answered("chat/completions", { id: "c", object: "chat.completion", choices: [...choices, calls] });
    expect(blocked).toBe(true);
    expect(body.choices[0]).toEqual(choices[0]);
    for (const at of [1, 2, 3]) {
      expect(body.choices[at]).toEqual({
        index: at,
        message: { role: "assistant", content: "", refusal: null },
        logprobs: null,
        finish_reason: "content_filter",
      });
    }
  });

  it("have texts taken out, and are replaced where the policy says so", async () => {
    const { body, blocked } = await answered("completions", {
      choices: [
        { index: 0, text: "see TICKET-4444." },
        { index: 1, text: "swapword" },
      ],
    });
    expect(blocked).toBe(true);
    expect(body.choices[0].text).toBe("see [removed].");
    expect(body.choices[1]).toMatchObject({ text: "This answer was withheld by a filter.", finish_reason: "content_filter" });
  });

  it("carry no log probabilities", async () => {
    const { body } = await answered("chat/completions", {
      choices: [{ index: 0, message: { content: "a" }, logprobs: { content: [{ token: "zor" }] } }],
    });
    expect(body.choices[0].logprobs).toBeNull();
  });

  it("of /v1/responses end as incomplete", async () => {
    const output = [{ type: "message", content: [{ type: "output_text", text: "zorblax" }] }];
    const { body } = await answered("responses", { id: "resp_1", object: "response", model: "m", status: "completed", output });
    expect(body).toMatchObject({ id: "resp_1", status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] });
    expect(JSON.stringify(body)).not.toContain("zorblax");
  });

  it("that are errors are withheld when their text is", async () => {
    const { body, blocked } = await answered("chat/completions", { error: { message: "bad prompt: zorblax" } }, 400);
    expect(blocked).toBe(true);
    expect(JSON.stringify(body)).not.toContain("zorblax");
    expect((await answered("chat/completions", { error: { message: "bad prompt" } }, 400)).body).toEqual({
      error: { message: "bad prompt" },
    });
  });

  it.each(["", "<html>", "[1]", '{"a":', "\ufffd"])("that are no JSON object are withheld: %j", async (text) => {
    const { blocked, body } = await screen.reply(callOf("chat/completions", false), 200, Buffer.from(text));
    expect(blocked).toBe(true);
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ error: { code: "filter_failed" } });
  });
});

const chunk = (delta: object, finish: string | null = null, index = 0): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index, delta, finish_reason: finish }] })}\n\n`;

async function streamed(text: string, endpoint: Endpoint = "chat/completions"): Promise<string> {
  const stream = screen.stream(callOf(endpoint));
  const out = [await stream.push(Buffer.from(text))];
  if (!stream.ended) out.push(await stream.end());
  return Buffer.concat(out).toString("utf8");
}

describe("streams", () => {
  it("pass on the bytes of what nothing was found in", async () => {
    const text = [chunk({ role: "assistant", content: "" }), chunk({ content: "Good day." }), chunk({}, "stop"), "data: [DONE]\n\n"].join(
      "",
    );
    expect(await streamed(text)).toBe(text);
  });

  it("have texts taken out across deltas", async () => {
    const out = await streamed(
      [chunk({ content: "see TICK" }), chunk({ content: "ET-12" }), chunk({ content: "34!" }), chunk({}, "stop"), "data: [DONE]\n\n"].join(
        "",
      ),
    );
    const texts = [...out.matchAll(/"content":"([^"]*)"/gu)].map(([, text]) => text).join("");
    expect(texts).toBe("see [removed]!");
  });

  it.each([
    ["malformed JSON", "data: {\n\n"],
    ["an event that is a list", "data: []\n\n"],
    ["a field of no standard", `whatever: 1\n${chunk({ content: "zorblax" })}`],
    ["bytes that are no UTF-8", Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]).toString("latin1")],
    ["sound", chunk({ audio: { data: "zorblax" } })],
    ["a member that nobody knows", chunk({ thoughts: "zorblax" })],
    ["content that is no text", chunk({ content: [{ type: "text", text: "zorblax" }] })],
    ["a whole message", `data: ${JSON.stringify({ choices: [{ index: 0, message: { content: "zorblax" } }] })}\n\n`],
    ["a choice without an index", `data: ${JSON.stringify({ choices: [{ delta: { content: "zorblax" } }] })}\n\n`],
    ["a name that is a text", `data: ${JSON.stringify({ id: "zorblax", choices: [] })}\n\n`],
    ["an error with a text", `data: ${JSON.stringify({ error: { message: "zorblax" } })}\n\n`],
    ["an end inside an event", 'data: {"choices":[]}\n'],
  ])("end with content_filter for %s", async (_name, text) => {
    const out = await streamed(chunk({ content: "Hello. " }) + text);
    expect(out).not.toContain("zorblax");
    expect(out.match(/"finish_reason":"content_filter"/gu)).toHaveLength(1);
    expect(out.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("take padding and numbers that change with each chunk", async () => {
    const padded = Array.from({ length: 60 }, (_, at) => {
      const extra = { obfuscation: `pad${at}`, timings: { prompt_n: at, prompt_ms: at / 3 }, usage: { total_tokens: at } };
      return `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: { content: "a. " }, finish_reason: null }], ...extra })}\n\n`;
    });
    const out = await streamed(`${padded.join("")}${chunk({}, "stop")}data: [DONE]\n\n`);
    expect(out).not.toContain("pad1");
    expect(out.match(/"content":"a\. "/gu)).toHaveLength(60);
    expect(out).toContain('"finish_reason":"stop"');
  });

  it("end where members beside the choices never stay the same, since that is a text in pieces", async () => {
    const odd = Array.from({ length: 60 }, (_, at) => `data: ${JSON.stringify({ id: `c${at}`, choices: [] })}\n\n`);
    expect(await streamed(odd.join(""))).toContain('"finish_reason":"content_filter"');
  });

  it("do not say what a comment says", async () => {
    const out = await streamed(`: zorblax\n\n${chunk({ content: "a" })}data: [DONE]\n\n`);
    expect(out).not.toContain("zorblax");
    expect(out).toContain(": keep-alive");
  });

  it("send a member that is there twice once", async () => {
    const twice = '{"id":"c","choices":[{"index":0,"delta":{"content":"zorblax","content":"fine."},"finish_reason":null}]}';
    const out = await streamed(`data: ${twice}\n\n${chunk({}, "stop")}data: [DONE]\n\n`);
    expect(out).not.toContain("zorblax");
    expect(out).toContain("fine.");
  });

  it("hold no more than what may yet be blocked", async () => {
    const quiet = screenOf("policy: 1\nid: t\nterms: [{id: a, terms: [zorblax]}]\n").stream(callOf("chat/completions"));
    const read = async (text: string): Promise<string> =>
      Buffer.from(await quiet.push(Buffer.from(chunk({ content: text })))).toString("utf8");
    expect(await read("Good day. ")).toContain("Good day. ");
    expect(await read("The zorbl")).toContain('"The "');
    expect(await read("ubber ")).toMatch(/"zorbl".*"ubber "/su);
  });

  it("block what is padded with characters that nobody sees", async () => {
    const out = await streamed(chunk({ content: `so z${"\u200b".repeat(200)}` }));
    expect(out).toContain('"finish_reason":"content_filter"');
    expect(out).not.toContain("z\u200b");
  });

  it("can be cut at any time", async () => {
    const stream = screen.stream(callOf("chat/completions"));
    await stream.push(Buffer.from(chunk({ content: "the zorb" })));
    const out = Buffer.from(stream.cut("model_disabled", "shut by its operator")).toString("utf8");
    expect(out).toContain('"code":"model_disabled"');
    expect(out).not.toContain("zorb");
    expect(stream.ended).toBe(true);
    expect(await stream.push(Buffer.from(chunk({ content: "more" })))).toHaveLength(0);
  });

  it("number the events of /v1/responses anew where a text was cut", async () => {
    const event = (type: string, sequence: number, rest: object): string =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...rest })}\n\n`;
    const delta = (sequence: number, text: string): string =>
      event("response.output_text.delta", sequence, { item_id: "i", output_index: 0, content_index: 0, delta: text });
    const stream = screenOf("policy: 1\nid: t\nterms: [{id: a, terms: [zorblax]}]\n").stream(callOf("responses"));
    let out = "";
    for (const text of [
      delta(1, "Day. the zorb"),
      delta(2, "ing. "),
      event("response.output_text.done", 3, { item_id: "i", output_index: 0, content_index: 0, text: "Day. the zorbing. " }),
    ]) {
      out += Buffer.from(await stream.push(Buffer.from(text))).toString("utf8");
    }
    out += Buffer.from(await stream.end()).toString("utf8");
    expect([...out.matchAll(/"sequence_number":(\d+)/gu)].map(([, number]) => number)).toEqual(["1", "2", "3", "4"]);
  });
});
