// What a client asks of a chat, whichever endpoint it came by.
import type { Json, JsonObject } from "../../contract.ts";
import { choicesOf, type Drawing, drawingOf } from "./asked.ts";
import { invalid, unsupported } from "./bad-request.ts";
import { flagField, isObject, listField, objectField, refuse, textField, wholeField } from "./fields.ts";
import type { FunctionCall, HistoryItem } from "./library.ts";
import { checkedSchema } from "./schema.ts";
import { type ToolUse, toolUseOf } from "./tools.ts";

export type AnswerForm = { readonly kind: "text" } | { readonly kind: "json" } | { readonly kind: "schema"; readonly schema: JsonObject };

export interface ChatAsk {
  readonly history: readonly HistoryItem[];
  readonly drawing: Drawing;
  readonly choices: number;
  readonly tools: ToolUse;
  readonly parallelCalls: boolean;
  readonly form: AnswerForm;
  /** How many of the most likely tokens are told beside each that was drawn; null where nobody asked how likely they were. */
  readonly chances: number | null;
  /** Whether the last chunk of a stream says how many tokens there were. */
  readonly countsInStream: boolean;
}

/** Parameters of a chat that change what is answered and are not done here. */
const NOT_DONE = ["logit_bias", "functions", "function_call", "audio", "prediction", "web_search_options"];

/** @throws BadRequest */
export function chatAsk(body: JsonObject): ChatAsk {
  refuse(body, NOT_DONE);
  const modalities = listField(body, "modalities") ?? [];
  if (modalities.some((modality) => modality !== "text")) throw unsupported("modalities", "only text is supported");
  const messages = listField(body, "messages");
  if (messages === undefined || messages.length === 0) throw invalid("messages", "an array of at least one message");
  const options = objectField(body, "stream_options");
  return {
    history: historyOf(messages),
    drawing: drawingOf(body, ["max_completion_tokens", "max_tokens"]),
    choices: choicesOf(body),
    tools: toolUseOf(body, true),
    parallelCalls: body["parallel_tool_calls"] !== false,
    form: formOf(objectField(body, "response_format"), "response_format"),
    chances: chancesOf(body),
    countsInStream: options !== undefined && flagField(options, "include_usage"),
  };
}

/** OpenAI's limit. */
const MAX_TOP = 20;

function chancesOf(body: JsonObject): number | null {
  const top = wholeField(body, "top_logprobs", 0, MAX_TOP);
  if (flagField(body, "logprobs")) return top ?? 0;
  if (top !== undefined && top > 0) throw invalid("top_logprobs", "given with logprobs");
  return null;
}

/** `response_format` of chats; `text.format` of responses has the same kinds, with the schema one level higher. */
export function formOf(format: JsonObject | undefined, param: string): AnswerForm {
  const type = format?.["type"] ?? "text";
  if (type === "text") return { kind: "text" };
  if (type === "json_object") return { kind: "json" };
  if (type !== "json_schema" || format === undefined) throw unsupported(param, `${param} may be text, json_object or json_schema`);
  const schema = isObject(format["json_schema"]) ? format["json_schema"]["schema"] : format["schema"];
  if (!isObject(schema)) throw invalid(`${param}.schema`, "a JSON schema");
  return { kind: "schema", schema: checkedSchema(schema, `${param}.schema`) };
}

function historyOf(messages: readonly Json[]): readonly HistoryItem[] {
  const builder = new HistoryBuilder();
  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) throw invalid(`messages[${at}]`, "an object");
    addMessage(builder, message, at);
  }
  return builder.finish();
}

function addMessage(builder: HistoryBuilder, message: JsonObject, at: number): void {
  const where = `messages[${at}]`;
  const text = textOf(message["content"], `${where}.content`);
  switch (message["role"]) {
    case "system":
    case "developer":
      builder.add("system", text);
      break;
    case "user":
      builder.add("user", text);
      break;
    case "assistant":
      if (text !== "") builder.say(text);
      for (const call of listField(message, "tool_calls") ?? []) addCall(builder, call, `${where}.tool_calls`);
      break;
    case "tool":
      builder.result(textField(message, "tool_call_id") ?? "", text, where);
      break;
    default:
      throw invalid(`${where}.role`, "system, developer, user, assistant or tool");
  }
}

function addCall(builder: HistoryBuilder, call: Json, where: string): void {
  const about = isObject(call) ? call["function"] : undefined;
  if (!isObject(call) || !isObject(about)) throw invalid(where, "calls of functions");
  builder.call(textField(call, "id") ?? "", textField(about, "name") ?? "", textField(about, "arguments") ?? "", where);
}

/** Text of a content: a string, or parts that are all text. @throws BadRequest for pictures, sound and files */
export function textOf(content: Json | undefined, where: string): string {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw invalid(where, "a string or an array of parts");
  return content
    .map((part: Json) => {
      const text = isObject(part) ? (part["text"] ?? part["refusal"]) : undefined;
      if (typeof text !== "string") throw unsupported(where, "only text is supported in messages");
      return text;
    })
    .join("");
}

/** A conversation as the engine's library wants it: what the model said and called lies together, with the results. */
export class HistoryBuilder {
  readonly #items: HistoryItem[] = [];
  readonly #calls = new Map<string, { readonly holder: (string | FunctionCall)[]; readonly at: number }>();

  add(type: "system" | "user", text: string): void {
    this.#items.push({ type, text });
  }

  say(text: string): void {
    this.#response().push(text);
  }

  call(id: string, name: string, argumentsText: string, where: string): void {
    let params: unknown;
    try {
      params = argumentsText === "" ? {} : JSON.parse(argumentsText);
    } catch {
      throw invalid(`${where}.arguments`, "JSON");
    }
    const holder = this.#response();
    this.#calls.set(id, { holder, at: holder.length });
    holder.push({ type: "functionCall", name, params, result: null });
  }

  result(id: string, text: string, where: string): void {
    const place = this.#calls.get(id);
    const call = place?.holder[place.at];
    if (place === undefined || typeof call !== "object") throw invalid(`${where}.tool_call_id`, "the id of a call before it");
    place.holder[place.at] = { ...call, result: text };
  }

  /** The engine continues the last answer: after results of functions that is the same one, else a new one. */
  finish(): readonly HistoryItem[] {
    const last = this.#items.at(-1);
    const continues = last?.type === "model" && typeof last.response.at(-1) === "object";
    return continues ? this.#items : [...this.#items, { type: "model", response: [] }];
  }

  #response(): (string | FunctionCall)[] {
    const last = this.#items.at(-1);
    if (last?.type === "model") return last.response as (string | FunctionCall)[];
    const response: (string | FunctionCall)[] = [];
    this.#items.push({ type: "model", response });
    return response;
  }
}
