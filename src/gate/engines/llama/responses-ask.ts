// `/v1/responses`, answered as a chat: nothing is stored, so nothing can be continued by id.
import type { Json, JsonObject } from "../../contract.ts";
import { drawingOf } from "./asked.ts";
import { invalid, unsupported } from "./bad-request.ts";
import { type ChatAsk, formOf, HistoryBuilder, textOf } from "./chat-ask.ts";
import { isObject, listField, objectField, refuse, textField } from "./fields.ts";
import { toolUseOf } from "./tools.ts";

const NOT_DONE = ["previous_response_id", "conversation", "background", "prompt", "top_logprobs", "max_tool_calls"];

/** @throws BadRequest */
export function responsesAsk(body: JsonObject): ChatAsk {
  refuse(body, NOT_DONE);
  if ((listField(body, "include") ?? []).includes("message.output_text.logprobs")) throw unsupported("include");
  const builder = new HistoryBuilder();
  const instructions = textField(body, "instructions");
  if (instructions !== undefined) builder.add("system", instructions);
  addInput(builder, body["input"]);
  const text = objectField(body, "text");
  return {
    history: builder.finish(),
    drawing: drawingOf(body, ["max_output_tokens"]),
    choices: 1,
    tools: toolUseOf(body, false),
    parallelCalls: body["parallel_tool_calls"] !== false,
    form: formOf(text === undefined ? undefined : objectField(text, "format"), "text.format"),
    chances: null,
    countsInStream: true,
  };
}

function addInput(builder: HistoryBuilder, input: Json | undefined): void {
  const items = typeof input === "string" ? [{ role: "user", content: input }] : input;
  if (!Array.isArray(items) || items.length === 0) throw invalid("input", "a string or an array of items");
  for (const [at, item] of items.entries()) {
    if (!isObject(item)) throw invalid(`input[${at}]`, "an object");
    addItem(builder, item, `input[${at}]`);
  }
}

function addItem(builder: HistoryBuilder, item: JsonObject, where: string): void {
  switch (item["type"] ?? "message") {
    case "message":
      addMessage(builder, item, where);
      break;
    case "function_call":
      builder.call(textField(item, "call_id") ?? "", textField(item, "name") ?? "", textField(item, "arguments") ?? "", where);
      break;
    case "function_call_output":
      builder.result(textField(item, "call_id") ?? "", textOf(item["output"], `${where}.output`), where);
      break;
    case "reasoning":
      // What a model thought is no part of the next turn.
      break;
    default:
      throw unsupported(`${where}.type`, "only messages, function calls and their outputs are supported");
  }
}

function addMessage(builder: HistoryBuilder, item: JsonObject, where: string): void {
  const text = textOf(item["content"], `${where}.content`);
  const role = item["role"];
  if (role === "assistant") builder.say(text);
  else if (role === "user") builder.add("user", text);
  else if (role === "system" || role === "developer") builder.add("system", text);
  else throw invalid(`${where}.role`, "system, developer, user or assistant");
}
