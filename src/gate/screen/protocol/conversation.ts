// A request as the turns that a judge is shown.
import type { Endpoint, Json, JsonObject } from "../../contract.ts";
import type { JudgeTurn } from "../judge/dialect.ts";
import { leavesOf } from "./leaves.ts";

/** The conversation so far. Instructions and results of tools are shown as the user's: a guard knows two roles. */
export function conversation(endpoint: Endpoint, body: JsonObject): JudgeTurn[] {
  if (endpoint === "completions") return turn("user", body["prompt"] ?? null);
  if (endpoint === "embeddings") return turn("user", body["input"] ?? null);
  const list = endpoint === "responses" ? body["input"] : body["messages"];
  const before = endpoint === "responses" ? turn("user", body["instructions"] ?? null) : [];
  if (!Array.isArray(list)) return [...before, ...turn("user", list ?? null)];
  return joined([...before, ...list.flatMap((message) => ofMessage(message as Json))]);
}

function ofMessage(message: Json): JudgeTurn[] {
  const { role, type, ...rest } = Object(message) as JsonObject;
  const isAnswer = role === "assistant" || type === "function_call" || type === "reasoning";
  return turn(isAnswer ? "assistant" : "user", typeof message === "string" ? message : rest);
}

function turn(role: JudgeTurn["role"], value: Json): JudgeTurn[] {
  const texts = leavesOf(value)
    .filter(({ last, isName }) => !isName && !SHORT.has(String(last)))
    .map(({ text }) => text);
  return texts.length === 0 ? [] : [{ role, content: texts.join("\n") }];
}

/** Members that name things and say nothing. */
const SHORT = new Set(["type", "id", "call_id", "tool_call_id", "status"]);

/** Guards want the roles to alternate. */
function joined(turns: readonly JudgeTurn[]): JudgeTurn[] {
  const all: JudgeTurn[] = [];
  for (const one of turns) {
    const last = all.at(-1);
    if (last?.role === one.role) all[all.length - 1] = { role: last.role, content: `${last.content}\n\n${one.content}` };
    else all.push(one);
  }
  return all;
}
