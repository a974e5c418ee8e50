// Replies of `/v1/responses` and its events, as https://platform.openai.com/docs/api-reference/responses-streaming has them.
import type { JsonObject } from "../../contract.ts";
import type { Answer, RunEvent } from "./feed.ts";
import type { End, Piece } from "./run.ts";
import { event, type ReplyHead } from "./shape.ts";

type Item = Readonly<Record<string, unknown>>;

/** Parts of the request that a response repeats. */
function repeated(body: JsonObject): object {
  return {
    instructions: body["instructions"] ?? null,
    max_output_tokens: body["max_output_tokens"] ?? null,
    metadata: body["metadata"] ?? {},
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    temperature: body["temperature"] ?? 1,
    text: body["text"] ?? { format: { type: "text" } },
    tool_choice: body["tool_choice"] ?? "auto",
    tools: body["tools"] ?? [],
    top_p: body["top_p"] ?? 1,
  };
}

function responseOf(head: ReplyHead, id: string, body: JsonObject, output: readonly Item[], end: End | null): JsonObject {
  const isCut = end?.finish === "length";
  return {
    id,
    object: "response",
    created_at: head.created,
    status: end === null ? "in_progress" : isCut ? "incomplete" : "completed",
    error: null,
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    model: head.model,
    output: output as readonly JsonObject[],
    previous_response_id: null,
    store: false,
    truncation: "disabled",
    ...repeated(body),
    usage:
      end === null
        ? null
        : {
            input_tokens: end.usage.input,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: end.usage.output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: end.usage.input + end.usage.output,
          },
  };
}

export function responseBody(head: ReplyHead, body: JsonObject, { text, thought, calls, end }: Answer): unknown {
  const status = end.finish === "length" ? "incomplete" : "completed";
  const output = [
    ...(thought === "" ? [] : [reasoningItem(head.id("rs_"), thought)]),
    ...(text === "" && calls.length > 0 ? [] : [messageItem(head.id("msg_"), status, [textPart(text)])]),
    ...calls.map((call) => callItem(head.id("fc_"), head.id("call_"), call, call.arguments, "completed")),
  ];
  return responseOf(head, head.id("resp_"), body, output, end);
}

function textPart(text: string): Item {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function messageItem(id: string, status: string, content: readonly Item[]): Item {
  return { id, type: "message", status, role: "assistant", content };
}

function reasoningItem(id: string, text: string | null): Item {
  return { id, type: "reasoning", summary: [], content: text === null ? [] : [{ type: "reasoning_text", text }] };
}

function callItem(id: string, callId: string, call: { readonly name: string }, args: string, status: string): Item {
  return { id, type: "function_call", status, call_id: callId, name: call.name, arguments: args };
}

export async function* responsesStream(head: ReplyHead, body: JsonObject, events: AsyncIterable<RunEvent>): AsyncGenerator<Uint8Array> {
  const id = head.id("resp_");
  const writer = new ItemWriter(head);
  yield writer.event("response.created", { response: responseOf(head, id, body, [], null) });
  yield writer.event("response.in_progress", { response: responseOf(head, id, body, [], null) });
  for await (const happened of events) {
    if (happened.kind === "begin") continue;
    if (happened.kind === "piece") {
      yield* writer.piece(happened.piece);
      continue;
    }
    const { end } = happened;
    yield* writer.close(end.finish === "length" ? "incomplete" : "completed");
    const name = end.finish === "length" ? "response.incomplete" : "response.completed";
    yield writer.event(name, { response: responseOf(head, id, body, writer.done, end) });
  }
}

/** Turns pieces into items that open, grow and close. */
class ItemWriter {
  readonly done: Item[] = [];
  readonly #head: ReplyHead;
  #sequence = 0;
  #open: { readonly kind: "text" | "thought"; readonly id: string; text: string } | null = null;

  constructor(head: ReplyHead) {
    this.#head = head;
  }

  event(type: string, about: Item): Uint8Array {
    const data = { type, sequence_number: this.#sequence, ...about };
    this.#sequence += 1;
    return event(data, type);
  }

  *piece(piece: Piece): Generator<Uint8Array> {
    if (piece.kind === "call") {
      yield* this.close("completed");
      yield* this.#call(piece);
      return;
    }
    if (this.#open !== null && this.#open.kind !== piece.kind) yield* this.close("completed");
    if (this.#open === null) yield* this.#begin(piece.kind);
    const open = this.#open;
    if (open === null) return;
    open.text += piece.text;
    const type = piece.kind === "text" ? "response.output_text.delta" : "response.reasoning_text.delta";
    yield this.event(type, {
      ...this.#place(open.id),
      content_index: 0,
      delta: piece.text,
      ...(piece.kind === "text" ? { logprobs: [] } : {}),
    });
  }

  *close(status: string): Generator<Uint8Array> {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const place = this.#place(open.id);
    const isText = open.kind === "text";
    const type = isText ? "response.output_text.done" : "response.reasoning_text.done";
    const part = isText ? textPart(open.text) : { type: "reasoning_text", text: open.text };
    yield this.event(type, { ...place, content_index: 0, text: open.text, ...(isText ? { logprobs: [] } : {}) });
    yield this.event("response.content_part.done", { ...place, content_index: 0, part });
    yield* this.#finish(isText ? messageItem(open.id, status, [part]) : reasoningItem(open.id, open.text));
  }

  *#begin(kind: "text" | "thought"): Generator<Uint8Array> {
    const isText = kind === "text";
    const id = this.#head.id(isText ? "msg_" : "rs_");
    this.#open = { kind, id, text: "" };
    const item = isText ? messageItem(id, "in_progress", []) : reasoningItem(id, null);
    yield this.event("response.output_item.added", { output_index: this.done.length, item });
    const part = isText ? textPart("") : { type: "reasoning_text", text: "" };
    yield this.event("response.content_part.added", { ...this.#place(id), content_index: 0, part });
  }

  *#call(call: { readonly name: string; readonly arguments: string }): Generator<Uint8Array> {
    const [id, callId] = [this.#head.id("fc_"), this.#head.id("call_")];
    const place = this.#place(id);
    yield this.event("response.output_item.added", { output_index: this.done.length, item: callItem(id, callId, call, "", "in_progress") });
    yield this.event("response.function_call_arguments.delta", { ...place, delta: call.arguments });
    yield this.event("response.function_call_arguments.done", { ...place, name: call.name, arguments: call.arguments });
    yield* this.#finish(callItem(id, callId, call, call.arguments, "completed"));
  }

  *#finish(item: Item): Generator<Uint8Array> {
    yield this.event("response.output_item.done", { output_index: this.done.length, item });
    this.done.push(item);
  }

  #place(id: string): { readonly item_id: string; readonly output_index: number } {
    return { item_id: id, output_index: this.done.length };
  }
}
