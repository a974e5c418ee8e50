// What all endpoints that generate have in common, taken out of the request's body.
import type { JsonObject } from "../../contract.ts";
import { invalid } from "./bad-request.ts";
import { listField, numberField, wholeField } from "./fields.ts";

/** How tokens are drawn and when that ends. */
export interface Drawing {
  /** Null: as many as fit. */
  readonly maxTokens: number | null;
  readonly temperature: number;
  readonly topP: number;
  /** Null: another one each time. */
  readonly seed: number | null;
  readonly stop: readonly string[];
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
}

/** Each choice is a whole generation of its own. */
export const MAX_CHOICES = 16;
/** OpenAI's limit. */
const MAX_STOPS = 4;
const MAX_STOP_UNITS = 256;

/** @param limit name of the field that bounds the tokens @throws BadRequest */
export function drawingOf(body: JsonObject, limits: readonly string[]): Drawing {
  const given = limits.map((name) => wholeField(body, name, 1, 10_000_000)).find((value) => value !== undefined);
  return {
    maxTokens: given ?? null,
    temperature: numberField(body, "temperature", 0, 2) ?? 1,
    topP: numberField(body, "top_p", 0, 1) ?? 1,
    seed: wholeField(body, "seed", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ?? null,
    stop: stopsOf(body),
    frequencyPenalty: numberField(body, "frequency_penalty", -2, 2) ?? 0,
    presencePenalty: numberField(body, "presence_penalty", -2, 2) ?? 0,
  };
}

export function choicesOf(body: JsonObject): number {
  return wholeField(body, "n", 1, MAX_CHOICES) ?? 1;
}

/** The seed of one choice: the same request gives the same answers, and its choices differ. @param draw from 0 to below 1 */
export function seedOf({ seed }: Drawing, choice: number, draw: number): number {
  const start = seed === null ? Math.floor(draw * 0x7fff_ffff) : Math.abs(seed % 0x7fff_ffff);
  return (start + choice) % 0x7fff_ffff;
}

function stopsOf(body: JsonObject): readonly string[] {
  const stop = body["stop"];
  const stops = typeof stop === "string" ? [stop] : (listField(body, "stop") ?? []);
  if (stops.length > MAX_STOPS) throw invalid("stop", `at most ${MAX_STOPS} strings`);
  return stops.map((text) => {
    if (typeof text !== "string" || text === "" || text.length > MAX_STOP_UNITS)
      throw invalid("stop", `strings of 1 to ${MAX_STOP_UNITS} characters`);
    return text;
  });
}
