// The configuration of a Keras model: every object that it tells a loader to build
// (keras/src/saving/serialization_lib.py, and serialization.py of Keras 2).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json-reader.ts";

export interface KerasObject {
  readonly className: string;
  /** Absent in files of Keras 2, which name built-in classes alone. */
  readonly module: string | null;
  readonly registeredName: string | null;
  /** For functions, whose `config` is their name. */
  readonly functionName: string | null;
  readonly config: JsonObject | null;
  /** Program code that comes with it: a lambda as marshalled bytes. */
  readonly code: string | null;
  /** JSON pointer. */
  readonly pointer: string;
}

/** A loss, metric or activation by name alone, as Keras 2 writes them. */
interface KerasName {
  readonly name: string;
  readonly pointer: string;
}

export interface KerasConfig {
  readonly objects: readonly KerasObject[];
  readonly names: readonly KerasName[];
}

/** The largest models have some thousand layers of some ten objects. */
const MAX_OBJECTS = 200_000;
/** Keys whose texts are names of functions. */
const NAMED = /^(?:loss|metrics|weighted_metrics|activation|recurrent_activation)$/u;
const MAX_POINTER = 500;

/** Everything in a configuration, depth first. Nesting is bounded by the JSON reader. */
export function kerasConfig(value: JsonValue): KerasConfig {
  const found = { objects: [] as KerasObject[], names: [] as KerasName[] };
  walk(value, "", found);
  return found;
}

interface Found {
  readonly objects: KerasObject[];
  readonly names: KerasName[];
}

function walk(value: JsonValue, pointer: string, found: Found): void {
  if (pointer.length > MAX_POINTER || found.objects.length >= MAX_OBJECTS) return;
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`, found);
    return;
  }
  if (!isJsonObject(value)) return;
  const object = objectOf(value, pointer);
  if (object !== null) found.objects.push(object);
  for (const [key, item] of value) {
    const inner = `${pointer}/${key.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (NAMED.test(key)) collectNames(item, inner, found);
    walk(item, inner, found);
  }
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function objectOf(value: JsonObject, pointer: string): KerasObject | null {
  const className = textOf(value.get("class_name"));
  if (className === null) return null;
  const config = value.get("config");
  // A type specification names its class elsewhere (deserialize_keras_object).
  const named = className === "__typespec__" ? (textOf(value.get("spec_name")) ?? className) : className;
  return {
    className: named,
    module: textOf(value.get("module")),
    registeredName: textOf(value.get("registered_name")),
    functionName: textOf(config),
    config: isJsonObject(config) ? config : null,
    code: codeOf(className, config),
    pointer,
  };
}

/** Keras 3 writes a lambda as an object of its own, Keras 2 as a list: code, defaults, closure. */
function codeOf(className: string, config: JsonValue | undefined): string | null {
  if (!isJsonObject(config)) return null;
  if (className === "__lambda__") return textOf(config.get("value")) ?? textOf(config.get("code")) ?? "";
  const held = config.get("function");
  if (isJsonArray(held) && typeof held[0] === "string") return held[0];
  const type = textOf(config.get("function_type"));
  return type === "lambda" ? (textOf(held) ?? "") : null;
}

function collectNames(value: JsonValue, pointer: string, found: Found): void {
  if (found.names.length >= MAX_OBJECTS) return;
  if (typeof value === "string") found.names.push({ name: value, pointer });
  else if (isJsonArray(value)) for (const [index, item] of value.entries()) collectNames(item, `${pointer}/${index}`, found);
  else if (isJsonObject(value) && !value.has("class_name")) for (const [key, item] of value) collectNames(item, `${pointer}/${key}`, found);
}
