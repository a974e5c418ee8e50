// `/v1/completions` and `/v1/embeddings`: plain texts in.
import type { JsonObject } from "../../contract.ts";
import { choicesOf, type Drawing, drawingOf, MAX_CHOICES } from "./asked.ts";
import { invalid, unsupported } from "./bad-request.ts";
import { flagField, objectField, refuse, textField, wholeField } from "./fields.ts";

export interface CompletionAsk {
  readonly prompts: readonly string[];
  readonly drawing: Drawing;
  /** For each prompt. */
  readonly choices: number;
  /** As of a chat. */
  readonly chances: number | null;
  readonly countsInStream: boolean;
}

export interface EmbeddingAsk {
  readonly texts: readonly string[];
  /** `base64`: little-endian F32, what the official JavaScript client asks for. */
  readonly encoding: "float" | "base64";
}

/** OpenAI's limit. */
const MAX_TEXTS = 2_048;
/** OpenAI's limit of `logprobs`. */
const MAX_TOP = 5;
/** Of the old endpoint; its default is small. */
const DEFAULT_TOKENS = 16;

/** @throws BadRequest */
export function completionAsk(body: JsonObject): CompletionAsk {
  refuse(body, ["suffix", "echo", "logit_bias"]);
  const best = body["best_of"] ?? 1;
  if (best !== 1) throw unsupported("best_of");
  const prompts = textsOf(body, "prompt", MAX_CHOICES);
  const choices = choicesOf(body);
  if (prompts.length * choices > MAX_CHOICES) throw invalid("n", `so few that prompts times n is at most ${MAX_CHOICES}`);
  const options = objectField(body, "stream_options");
  const drawing = drawingOf(body, ["max_tokens"]);
  return {
    prompts,
    drawing: { ...drawing, maxTokens: drawing.maxTokens ?? DEFAULT_TOKENS },
    choices,
    chances: body["logprobs"] === false ? null : (wholeField(body, "logprobs", 0, MAX_TOP) ?? null),
    countsInStream: options !== undefined && flagField(options, "include_usage"),
  };
}

/** @throws BadRequest */
export function embeddingAsk(body: JsonObject): EmbeddingAsk {
  refuse(body, ["dimensions"]);
  const encoding = textField(body, "encoding_format") ?? "float";
  if (encoding !== "float" && encoding !== "base64") throw invalid("encoding_format", "float or base64");
  return { texts: textsOf(body, "input", MAX_TEXTS), encoding };
}

/** Numbers of tokens are refused: no filter can read them. */
function textsOf(body: JsonObject, name: string, most: number): readonly string[] {
  const value = body[name];
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > most) throw invalid(name, `a string or an array of 1 to ${most} strings`);
  return list.map((text) => {
    if (typeof text !== "string") throw unsupported(name, `${name} must be text; numbers of tokens are not supported`);
    if (text === "") throw invalid(name, "not empty");
    return text;
  });
}
