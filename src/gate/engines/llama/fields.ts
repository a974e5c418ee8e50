// Reads fields of a request; each failure names the field and what it takes.
import type { Json, JsonObject } from "../../contract.ts";
import { BadRequest, invalid, unsupported } from "./bad-request.ts";

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws BadRequest invalid_json */
export function parseBody(bytes: Uint8Array): JsonObject {
  let body: Json;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw new BadRequest("invalid_json", "the body is not JSON in UTF-8");
  }
  if (!isObject(body)) throw new BadRequest("invalid_json", "the body is not a JSON object");
  return body;
}

export function textField(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(name, "a string");
  return value;
}

export function numberField(body: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || value < least || value > most) throw invalid(name, `a number from ${least} to ${most}`);
  return value;
}

export function wholeField(body: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = numberField(body, name, least, most);
  if (value !== undefined && !Number.isInteger(value)) throw invalid(name, "a whole number");
  return value;
}

export function flagField(body: JsonObject, name: string): boolean {
  const value = body[name];
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw invalid(name, "true or false");
  return value;
}

export function objectField(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid(name, "an object");
  return value;
}

export function listField(body: JsonObject, name: string): readonly Json[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalid(name, "an array");
  return value;
}

/** Refuses what is given with any other value than the ones that ask for nothing. */
export function refuse(body: JsonObject, names: readonly string[]): void {
  for (const name of names) {
    const value = body[name];
    const isNothing = value === undefined || value === null || value === false || value === 0;
    const isEmpty = (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
    if (!isNothing && !isEmpty) throw unsupported(name);
  }
}
