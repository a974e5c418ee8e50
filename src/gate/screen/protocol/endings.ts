// What stands in the place of an answer that a filter ended.
import type { Endpoint, Json, JsonObject } from "../../contract.ts";

export interface Replacement {
  /** What the answer becomes; null where it only ends. */
  readonly text: string | null;
}

/** A choice of a whole answer. */
export function endedChoice(endpoint: Endpoint, index: number, { text }: Replacement): JsonObject {
  const content = text ?? "";
  return endpoint === "completions"
    ? { index, text: content, logprobs: null, finish_reason: "content_filter" }
    : { index, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "content_filter" };
}

/** Identity of the answer, as the chunks before told it. */
export type AnswerHead = Readonly<Record<string, Json>>;

/** The last chunk of a choice of a stream. */
export function endedChunk(endpoint: Endpoint, head: AnswerHead, index: number, { text }: Replacement): JsonObject {
  const choice: JsonObject =
    endpoint === "completions"
      ? { index, text: text ?? "", logprobs: null, finish_reason: "content_filter" }
      : { index, delta: text === null ? {} : { content: text }, logprobs: null, finish_reason: "content_filter" };
  return { ...head, choices: [choice] };
}

/** A response of /v1/responses that did not get to its end. */
export function endedResponse(response: JsonObject, { text }: Replacement): JsonObject {
  const output: Json = text === null ? [] : [messageItem(text)];
  return {
    ...response,
    status: "incomplete",
    incomplete_details: { reason: "content_filter" },
    error: null,
    output,
    usage: response["usage"] ?? null,
  };
}

function messageItem(text: string): JsonObject {
  return {
    id: "msg_filtered",
    type: "message",
    role: "assistant",
    status: "incomplete",
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

/** An error in OpenAI's form. */
export function errorBody(code: string, message: string): JsonObject {
  return { error: { message, type: "content_filter_error", param: null, code } };
}
