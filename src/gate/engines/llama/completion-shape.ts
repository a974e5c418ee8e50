// Replies of `/v1/completions` and `/v1/embeddings`.
import { completionChances } from "./chances-shape.ts";
import type { Answer, RunEvent } from "./feed.ts";
import type { Usage } from "./run.ts";
import { DONE, event, type ReplyHead, sumUsage, usageBody } from "./shape.ts";

/** Choices of a request come prompt by prompt; the tokens of a prompt count once. */
function totalUsage(usages: readonly Usage[], choices: number): Usage {
  const prompts = usages.filter((_, at) => at % choices === 0);
  return { input: sumUsage(prompts, "each").input, output: sumUsage(usages, "each").output };
}

export function completionBody(head: ReplyHead, answers: readonly Answer[], choices: number): unknown {
  return {
    id: head.id("cmpl-"),
    object: "text_completion",
    created: head.created,
    model: head.model,
    choices: answers.map(({ text, chances, end }, index) => ({
      text,
      index,
      logprobs: completionChances(chances),
      finish_reason: end.finish,
    })),
    usage: usageBody(
      totalUsage(
        answers.map(({ end }) => end.usage),
        choices,
      ),
    ),
  };
}

export async function* completionStream(
  head: ReplyHead,
  events: AsyncIterable<RunEvent>,
  choices: number,
  countsTokens: boolean,
): AsyncGenerator<Uint8Array> {
  const id = head.id("cmpl-");
  const chunk = (list: readonly unknown[], usage: unknown): Uint8Array =>
    event({ id, object: "text_completion", created: head.created, model: head.model, choices: list, ...(countsTokens ? { usage } : {}) });
  const usages: Usage[] = [];
  for await (const happened of events) {
    const index = happened.choice;
    if (happened.kind === "begin") continue;
    if (happened.kind === "end") {
      usages.push(happened.end.usage);
      yield chunk([{ text: "", index, logprobs: null, finish_reason: happened.end.finish }], null);
    } else if (happened.piece.kind === "text") {
      const { text, chances } = happened.piece;
      yield chunk([{ text, index, logprobs: completionChances(chances), finish_reason: null }], null);
    }
  }
  if (countsTokens) yield chunk([], usageBody(totalUsage(usages, choices)));
  yield DONE;
}

/** @param encoding `base64`: little-endian F32 @param input tokens of all texts */
export function embeddingBody(
  head: ReplyHead,
  vectors: readonly (readonly number[])[],
  encoding: "float" | "base64",
  input: number,
): unknown {
  return {
    object: "list",
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encoding === "float" ? vector : packed(vector) })),
    model: head.model,
    usage: { prompt_tokens: input, total_tokens: input },
  };
}

function packed(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString("base64");
}
