// A whole answer: each choice for itself, everything else together.
import type { Endpoint, FilterResult, Json, JsonObject } from "../../contract.ts";
import type { TextFilters } from "../text-screen.ts";
import { endedChoice, endedResponse, errorBody, type Replacement } from "./endings.ts";
import { mergeResults, type ScannedJson, scanJson } from "./scan-leaves.ts";

export interface ScreenedBody {
  readonly body: JsonObject;
  readonly blocked: boolean;
  readonly results: readonly FilterResult[];
}

/** @throws TooDeep */
export function screenReply(endpoint: Endpoint, body: JsonObject, filters: TextFilters, replacement: string): ScreenedBody {
  const stripped = withoutLogprobs(body);
  const { choices } = stripped;
  if (!Array.isArray(choices)) return screenTogether(endpoint, stripped, filters, replacement);
  const { choices: _, ...rest } = stripped;
  const around = scanJson(rest, filters, "response");
  if (around.failed || around.stopped.length > 0) return { body: withheld(), blocked: true, results: around.results };
  let blocked = false;
  let results = around.results;
  const kept: Json[] = [];
  for (const [at, choice] of choices.entries()) {
    const scanned = scanJson(choice as Json, filters, "response");
    results = mergeResults(results, scanned.results);
    const stop = stopOf(scanned, replacement);
    if (stop !== null) blocked = true;
    const index = Reflect.get(Object(choice), "index");
    kept.push(stop === null ? scanned.value : endedChoice(endpoint, typeof index === "number" ? index : at, stop));
  }
  return { body: { ...(around.value as JsonObject), choices: kept }, blocked, results };
}

function screenTogether(endpoint: Endpoint, body: JsonObject, filters: TextFilters, replacement: string): ScreenedBody {
  const scanned = scanJson(body, filters, "response");
  const stop = stopOf(scanned, replacement);
  if (stop === null) return { body: scanned.value as JsonObject, blocked: false, results: scanned.results };
  const isResponse = endpoint === "responses" && body["object"] === "response";
  return { body: isResponse ? endedResponse(bare(body), stop) : withheld(), blocked: true, results: scanned.results };
}

/** What a filter's verdict makes of a text; null when it may pass. */
export function stopOf({ stopped, failed }: ScannedJson, replacement: string): Replacement | null {
  if (failed || stopped.some(({ kind }) => kind === "block")) return { text: null };
  return stopped.length > 0 ? { text: replacement } : null;
}

const RESPONSE_HEAD = ["id", "object", "created_at", "model"] as const;

/** Of a response, what names it and holds no text. */
export function bare(response: JsonObject): JsonObject {
  const head: Record<string, Json> = {};
  for (const name of RESPONSE_HEAD) {
    const value = response[name];
    if (typeof value === "number" || (typeof value === "string" && /^[\w.:/-]{1,128}$/u.test(value))) head[name] = value;
  }
  return head;
}

function withheld(): JsonObject {
  return errorBody("content_filter", "what the model's server answered was withheld by a filter");
}

/** Log probabilities name tokens that were not chosen. */
function withoutLogprobs(body: JsonObject): JsonObject {
  const { choices } = body;
  if (!Array.isArray(choices) || !choices.some((choice) => (Reflect.get(Object(choice), "logprobs") ?? null) !== null)) return body;
  return { ...body, choices: choices.map((choice): Json => ({ ...(choice as JsonObject), logprobs: null })) };
}
