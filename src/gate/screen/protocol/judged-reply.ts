// A whole answer before a judge: each choice for itself.
import type { Endpoint, FilterResult, Json, JsonObject } from "../../contract.ts";
import type { Verdict } from "../judge/judge.ts";
import { endedChoice, endedResponse } from "./endings.ts";
import { leavesOf } from "./leaves.ts";
import { bare, type ScreenedBody } from "./reply.ts";
import { mergeResults } from "./scan-leaves.ts";

export async function withheldReply(
  endpoint: Endpoint,
  body: JsonObject,
  replacement: string,
  judge: (answer: string) => Promise<Verdict>,
): Promise<ScreenedBody> {
  const { choices } = body;
  if (!Array.isArray(choices)) return judgeResponse(endpoint, body, replacement, judge);
  let blocked = false;
  let results: readonly FilterResult[] = [];
  const kept: Json[] = [];
  for (const [at, choice] of choices.entries()) {
    const { stop, results: more } = await judge(answerOf(choice as Json));
    results = mergeResults(results, more);
    if (stop !== null) blocked = true;
    kept.push(stop === null ? (choice as Json) : endedChoice(endpoint, at, { text: stop === "replace" ? replacement : null }));
  }
  return { body: { ...body, choices: kept }, blocked, results };
}

async function judgeResponse(
  endpoint: Endpoint,
  body: JsonObject,
  replacement: string,
  judge: (answer: string) => Promise<Verdict>,
): Promise<ScreenedBody> {
  if (endpoint !== "responses") return { body, blocked: false, results: [] };
  const { stop, results } = await judge(answerOf(body["output"] ?? null));
  if (stop === null) return { body, blocked: false, results };
  return { body: endedResponse(bare(body), { text: stop === "replace" ? replacement : null }), blocked: true, results };
}

const SHORT = new Set(["type", "id", "role", "status", "finish_reason", "call_id"]);

function answerOf(value: Json): string {
  return leavesOf(value)
    .filter(({ last, isName }) => !isName && !SHORT.has(String(last)))
    .map(({ text }) => text)
    .join("\n");
}
