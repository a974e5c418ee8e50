// A JSON schema that somebody sent, before it becomes a grammar: llama.cpp unrolls repetitions, so a short schema can make a huge grammar.
import type { Json, JsonObject } from "../../contract.ts";
import { BadRequest, invalid } from "./bad-request.ts";
import { isObject } from "./fields.ts";

const MAX_NODES = 2_000;
const MAX_DEPTH = 32;
const MAX_REPEATS = 1_000;
const COUNTS: ReadonlySet<string> = new Set(["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"]);

/** @param param the parameter that holds it @throws BadRequest */
export function checkedSchema(schema: JsonObject, param: string): JsonObject {
  let nodes = 0;
  const visit = (value: Json, depth: number): void => {
    nodes += 1;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) throw invalid(param, `a schema of at most ${MAX_NODES} values, ${MAX_DEPTH} deep`);
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (COUNTS.has(key) && typeof item === "number" && item > MAX_REPEATS) throw invalid(`${param}.${key}`, `at most ${MAX_REPEATS}`);
      visit(item, depth + 1);
    }
  };
  visit(schema, 0);
  return schema;
}

/** @throws BadRequest */
export async function grammarOr<T>(make: () => Promise<T>, param: string): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof BadRequest) throw cause;
    throw new BadRequest("invalid_value", `${param}: the schema cannot be made into a grammar`, param);
  }
}
