// What in a request no filter can read; such a request is refused.
import type { Endpoint, Json, JsonObject } from "../../contract.ts";

/** Content that is no text. */
const NO_TEXT =
  /^(?:input_)?(?:image|audio|file|video)(?:_url)?$|^item_reference$|^(?:computer|image_generation|mcp|web_search|file_search|code_interpreter)/u;
/** Members that hold or point to something that is not in the request. */
const ELSEWHERE = [
  "image_url",
  "file_data",
  "file_id",
  "file_url",
  "input_audio",
  "encrypted_content",
  "previous_response_id",
  "conversation",
] as const;

/** Says what cannot be screened, or null. @param answers whether a filter looks at the answer */
export function unscreenable(endpoint: Endpoint, body: JsonObject, answers: boolean): string | null {
  if (endpoint === "completions" && hasNumbers(body["prompt"])) return "a prompt of token numbers cannot be read by the filters; send text";
  if (endpoint === "embeddings" && hasNumbers(body["input"])) return "an input of token numbers cannot be read by the filters; send text";
  if (endpoint === "responses" && typeof body["prompt"] === "object" && body["prompt"] !== null)
    return "a stored prompt cannot be read by the filters";
  if (answers && (body["logprobs"] === true || isCount(body["logprobs"]) || isCount(body["top_logprobs"]))) {
    return "log probabilities show alternatives that the filters would take out; ask without them";
  }
  if (isAudio(body)) return "sound cannot be read by the filters";
  return deeply(body);
}

/** How many answers are asked for. */
export function choicesAsked(body: JsonObject): number {
  const { n, prompt } = body;
  const each = typeof n === "number" && Number.isInteger(n) && n > 0 ? n : 1;
  return Array.isArray(prompt) && prompt.length > 0 ? each * prompt.length : each;
}

function isCount(value: Json | undefined): boolean {
  return typeof value === "number" && value > 0;
}

function hasNumbers(value: Json | undefined): boolean {
  return Array.isArray(value) && value.some((one) => typeof one === "number" || Array.isArray(one));
}

function isAudio({ modalities, audio }: JsonObject): boolean {
  return (audio !== undefined && audio !== null) || (Array.isArray(modalities) && modalities.some((one) => one !== "text"));
}

/** Members that describe what may be answered: names in them name no content. */
const DESCRIPTIONS = new Set(["tools", "functions", "response_format", "text"]);

/** Looks at every object; how deep they lie is checked where texts are read. */
function deeply(body: JsonObject): string | null {
  const waiting: object[] = [body];
  for (let now = waiting.pop(); now !== undefined; now = waiting.pop()) {
    const problem = Array.isArray(now) ? null : notText(now as JsonObject);
    if (problem !== null) return problem;
    for (const [name, one] of Object.entries(now)) {
      if (typeof one === "object" && one !== null && !(now === body && DESCRIPTIONS.has(name))) waiting.push(one);
    }
  }
  return null;
}

function notText(object: JsonObject): string | null {
  const { type } = object;
  if (typeof type === "string" && NO_TEXT.test(type)) return `content of type ${type.slice(0, 40)} cannot be read by the filters`;
  const elsewhere = ELSEWHERE.find((name) => object[name] !== undefined && object[name] !== null);
  return elsewhere === undefined ? null : `${elsewhere} points to content that the filters cannot read`;
}
