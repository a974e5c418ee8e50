import type { Filter } from "./store.ts";

/** `component:weights=found|gated` as a condition of a filter; null when it is none. */
export function conditionOf(word: string): Filter["cells"][number] | null {
  const at = word.indexOf("=");
  const [first, ...others] = word.slice(at + 1).split("|");
  return at > 0 && first !== undefined && first !== "" ? { cell: word.slice(0, at), values: [first, ...others] } : null;
}
