// Replies of `/v1/chat/completions`, as https://platform.openai.com/docs/api-reference/chat/object has them.
import { chatChances } from "./chances-shape.ts";
import type { Answer, RunEvent } from "./feed.ts";
import type { Piece, Usage } from "./run.ts";
import { DONE, event, type ReplyHead, sumUsage, usageBody } from "./shape.ts";

export function chatBody(head: ReplyHead, answers: readonly Answer[]): unknown {
  return {
    id: head.id("chatcmpl-"),
    object: "chat.completion",
    created: head.created,
    model: head.model,
    choices: answers.map(({ text, thought, chances, calls, end }, index) => ({
      index,
      message: {
        role: "assistant",
        content: calls.length > 0 && text === "" ? null : text,
        ...(thought === "" ? {} : { reasoning_content: thought }),
        refusal: null,
        ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toolCall(head, call)) }),
      },
      logprobs: chatChances(chances),
      finish_reason: end.finish,
    })),
    usage: usageBody(
      sumUsage(
        answers.map(({ end }) => end.usage),
        "shared",
      ),
    ),
  };
}

export async function* chatStream(head: ReplyHead, events: AsyncIterable<RunEvent>, countsTokens: boolean): AsyncGenerator<Uint8Array> {
  const id = head.id("chatcmpl-");
  const chunk = (choices: readonly unknown[], usage: unknown): Uint8Array =>
    event({ id, object: "chat.completion.chunk", created: head.created, model: head.model, choices, ...(countsTokens ? { usage } : {}) });
  const delta = (index: number, change: unknown, finish: string | null, logprobs: object | null = null): Uint8Array =>
    chunk([{ index, delta: change, logprobs, finish_reason: finish }], null);
  const usages: Usage[] = [];
  let calls = 0;
  for await (const happened of events) {
    const { choice } = happened;
    if (happened.kind === "begin") {
      calls = 0;
      yield delta(choice, { role: "assistant", content: "", refusal: null }, null);
    } else if (happened.kind === "piece") {
      const { piece } = happened;
      yield delta(choice, changeOf(head, piece, calls), null, piece.kind === "text" ? chatChances(piece.chances) : null);
      if (piece.kind === "call") calls += 1;
    } else {
      usages.push(happened.end.usage);
      yield delta(choice, {}, happened.end.finish);
    }
  }
  if (countsTokens) yield chunk([], usageBody(sumUsage(usages, "shared")));
  yield DONE;
}

function changeOf(head: ReplyHead, piece: Piece, calls: number): unknown {
  if (piece.kind === "call") return { tool_calls: [{ index: calls, ...toolCall(head, piece) }] };
  return piece.kind === "text" ? { content: piece.text } : { reasoning_content: piece.text };
}

function toolCall(head: ReplyHead, call: { readonly name: string; readonly arguments: string }): object {
  return { id: head.id("call_"), type: "function", function: { name: call.name, arguments: call.arguments } };
}
