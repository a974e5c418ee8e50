// schema.json of a skops file: a tree of nodes, each naming the class that a loader builds and how (skops/io/_general.py).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json-reader.ts";

export interface SkopsNode {
  readonly className: string;
  readonly module: string;
  /** `ObjectNode`, `MethodNode`, `OperatorFuncNode` … */
  readonly loader: string;
  /** The attribute that a MethodNode reads. */
  readonly method: string | null;
  /** What the object that it is read from says to be. */
  readonly owner: { readonly className: string; readonly module: string } | null;
  /** JSON pointer. */
  readonly pointer: string;
}

const MAX_NODES = 500_000;
const MAX_POINTER = 500;

/** Every node, depth first; nesting is bounded by the JSON reader. */
export function skopsNodes(value: JsonValue): readonly SkopsNode[] {
  const nodes: SkopsNode[] = [];
  walk(value, "", nodes);
  return nodes;
}

function walk(value: JsonValue, pointer: string, nodes: SkopsNode[]): void {
  if (nodes.length >= MAX_NODES) return;
  if (isJsonArray(value)) for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`.slice(0, MAX_POINTER), nodes);
  if (!isJsonObject(value)) return;
  if (typeof value.get("__loader__") === "string") nodes.push(nodeOf(value, pointer));
  for (const [key, item] of value) walk(item, `${pointer}/${key.slice(0, 100)}`.slice(0, MAX_POINTER), nodes);
}

function nodeOf(value: JsonObject, pointer: string): SkopsNode {
  const content = value.get("content");
  const parts = isJsonObject(content) ? content : new Map<string, JsonValue>();
  const method = parts.get("func");
  const owner = parts.get("obj");
  const isMethod = value.get("__loader__") === "MethodNode";
  return {
    className: textOf(value.get("__class__")),
    module: textOf(value.get("__module__")),
    loader: textOf(value.get("__loader__")),
    method: isMethod ? textOf(method) : null,
    owner: isMethod && isJsonObject(owner) ? { className: textOf(owner.get("__class__")), module: textOf(owner.get("__module__")) } : null,
    pointer: pointer === "" ? "/" : pointer,
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
