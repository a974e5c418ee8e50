// What the chunks of a chat or of a completion are made of, and which of it is text.
import type { Endpoint, Json, JsonObject } from "../../contract.ts";
import { isKnownName } from "../protocol/names.ts";
import { BadStream } from "./sse.ts";

/** Texts of a delta, by the member that has them. */
type DeltaText = "content" | "reasoning_content" | "reasoning" | "refusal";
/** Calls of tools, held until they are whole. */
const DELTA_CALLS = ["tool_calls", "function_call"] as const;

export interface ChoicePart {
  readonly index: number;
  /** Channel -> its text in this chunk; `calls` has the calls of tools as they came. */
  readonly texts: readonly (readonly [DeltaText | "text", string])[];
  readonly calls: JsonObject | null;
  readonly role: string | null;
  readonly finish: string | null;
}

const FINISHES = /^[a-z_]{1,32}$/u;
const MAX_INDEX = 1023;

/** @throws BadStream for a shape with texts that no filter would see */
export function readChoice(endpoint: Endpoint, choice: Json): ChoicePart {
  const { index, delta, text, finish_reason: finish, message, ...rest } = objectOf(choice);
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index > MAX_INDEX) throw strange("a choice without an index");
  if (message !== undefined && message !== null) throw strange("a whole message in a stream");
  const { logprobs: _, ...others } = rest;
  refuseTexts(others);
  if (finish !== undefined && finish !== null && (typeof finish !== "string" || !FINISHES.test(finish)))
    throw strange("a finish_reason that is none");
  const base = { index, finish: finish ?? null };
  if (endpoint === "completions") return { ...base, texts: textOf("text", text), calls: null, role: null };
  if (text !== undefined && text !== null) throw strange("text beside a delta");
  return { ...base, ...readDelta(delta ?? {}) };
}

function readDelta(delta: Json): Omit<ChoicePart, "index" | "finish"> {
  const { role, content, reasoning_content, reasoning, refusal, tool_calls, function_call, ...rest } = objectOf(delta);
  refuseTexts(rest);
  if (role !== undefined && role !== null && (typeof role !== "string" || !/^[a-z]{1,20}$/u.test(role)))
    throw strange("a role that is none");
  const texts = [
    ...textOf("content", content),
    ...textOf("reasoning_content", reasoning_content),
    ...textOf("reasoning", reasoning),
    ...textOf("refusal", refusal),
  ];
  const calls: Record<string, Json> = {};
  for (const [name, value] of [
    [DELTA_CALLS[0], tool_calls],
    [DELTA_CALLS[1], function_call],
  ] as const) {
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) calls[name] = value;
  }
  return { texts, calls: Object.keys(calls).length === 0 ? null : calls, role: role ?? null };
}

function textOf<Name extends DeltaText | "text">(name: Name, value: Json | undefined): (readonly [Name, string])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") throw strange(`${name} that is no text`);
  return [[name, value]];
}

/** Members that are not known may hold numbers, nothing that could be read. */
function refuseTexts(members: JsonObject): void {
  for (const [name, value] of Object.entries(members)) {
    if (!isKnownName(name)) throw strange("a member with a name that is none");
    if (holdsText(value)) throw strange(`${name}, which no filter reads,`);
  }
}

function holdsText(value: Json): boolean {
  if (typeof value === "string") return value !== "";
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.some((one) => holdsText(one as Json)) : Object.keys(value).length > 0;
}

function objectOf(value: Json): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw strange("something else than an object");
  return value as JsonObject;
}

/** A shape that no filter reads. */
export function strange(what: string): BadStream {
  return new BadStream("malformed", `the stream has ${what}`);
}
