// Tools that a client offers, and what it says about their use.
import type { Json, JsonObject } from "../../contract.ts";
import { invalid, unsupported } from "./bad-request.ts";
import { isObject, listField, textField } from "./fields.ts";
import type { Functions } from "./library.ts";
import { checkedSchema } from "./schema.ts";

/** `must`: an answer is a call of one of the functions, in the form of their grammar. */
export type ToolUse = { readonly kind: "none" } | { readonly kind: "may" | "must"; readonly functions: Functions };

const MAX_TOOLS = 128;
const NAME = /^[\w-]{1,64}$/u;

/** `nested`: as in chat completions, where a tool's description lies in `function`; flat in responses. @throws BadRequest */
export function toolUseOf(body: JsonObject, nested: boolean): ToolUse {
  const tools = listField(body, "tools") ?? [];
  if (tools.length > MAX_TOOLS) throw invalid("tools", `at most ${MAX_TOOLS}`);
  const functions = Object.fromEntries(tools.map((tool, at) => functionOf(tool, at, nested)));
  const choice = body["tool_choice"] ?? (tools.length === 0 ? "none" : "auto");
  if (choice === "none") return { kind: "none" };
  if (tools.length === 0) throw invalid("tool_choice", "none where no tools are given");
  if (choice === "auto") return { kind: "may", functions };
  if (choice === "required") return { kind: "must", functions };
  return { kind: "must", functions: oneOf(functions, choice, nested) };
}

function functionOf(tool: Json, at: number, nested: boolean): readonly [string, Functions[string]] {
  if (!isObject(tool) || tool["type"] !== "function") throw unsupported(`tools[${at}].type`, "only tools of type function are supported");
  const about = nested ? tool["function"] : tool;
  if (!isObject(about)) throw invalid(`tools[${at}].function`, "an object");
  const name = textField(about, "name");
  if (name === undefined || !NAME.test(name) || name === "__proto__") throw invalid(`tools[${at}].name`, "1 to 64 letters, digits, _ or -");
  const description = textField(about, "description");
  const params = about["parameters"] ?? undefined;
  if (params !== undefined && !isObject(params)) throw invalid(`tools[${at}].parameters`, "a JSON schema");
  const schema = params === undefined ? {} : { params: checkedSchema(params, `tools[${at}].parameters`) };
  return [name, { ...(description === undefined ? {} : { description }), ...schema }];
}

function oneOf(functions: Functions, choice: Json, nested: boolean): Functions {
  const about = isObject(choice) && choice["type"] === "function" ? (nested ? choice["function"] : choice) : undefined;
  const name = isObject(about) ? about["name"] : undefined;
  const chosen = typeof name === "string" && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof name !== "string" || chosen === undefined) throw invalid("tool_choice", "none, auto, required or a function among the tools");
  return { [name]: chosen };
}

/** The grammar's schema of a forced call, and the words that tell the model of it. */
export function forcedCall(functions: Functions): { readonly schema: unknown; readonly prompt: string } {
  const entries = Object.entries(functions);
  const schemas = entries.map(([name, { params }]) => ({
    type: "object",
    properties: { name: { const: name }, arguments: params ?? { type: "object" } },
    required: ["name", "arguments"],
  }));
  const list = entries.map(([name, about]) => JSON.stringify({ name, ...about }));
  const [only] = schemas;
  return {
    schema: schemas.length === 1 ? only : { oneOf: schemas },
    prompt: `Answer with a JSON object that has the name and the arguments of one of these functions:\n${list.join("\n")}`,
  };
}

/** Null where the answer was cut before the call was whole. */
export function readForced(text: string): { readonly name: string; readonly arguments: string } | null {
  try {
    const call = JSON.parse(text) as { name: string; arguments: unknown };
    return { name: call.name, arguments: JSON.stringify(call.arguments) };
  } catch {
    return null;
  }
}
