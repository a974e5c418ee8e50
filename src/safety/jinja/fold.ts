// Strings that a template builds out of parts, as far as that can be told without running it: how forbidden names are kept
// out of sight. `"__cl" ~ "ass__"`, `["__class", "__"] | join`, `"%s%s" | format("__", "class__")`, `"__ssalc__" | reverse`.
import type { Token } from "./tokens.ts";

/** Parts of one built string. */
const MAX_PARTS = 64;
const MAX_LENGTH = 200;
const JOINERS: readonly string[] = ["~", "+", ",", "%", "(", ")", "[", "]", "|"];
const BUILDERS: readonly string[] = [
  "join",
  "format",
  "replace",
  "reverse",
  "lower",
  "upper",
  "trim",
  "string",
  "list",
  "center",
  "first",
  "last",
];

/** Every string of the template alone, and every run of strings that operators or filters may put together, in both directions. */
export function foldedStrings(list: readonly Token[]): ReadonlySet<string> {
  const found = new Set<string>();
  let parts: string[] = [];
  let isBuilt = false;
  const end = (): void => {
    if (isBuilt && parts.length > 1) addJoined(found, parts);
    parts = [];
    isBuilt = false;
  };
  for (const token of list) {
    if (token.kind === "string" && parts.length < MAX_PARTS) {
      addAlone(found, token.value);
      parts.push(token.value);
    } else if (token.kind === "operator" && JOINERS.includes(token.value)) {
      isBuilt ||= token.value === "~" || token.value === "+" || token.value === "%";
    } else if (token.kind === "name" && BUILDERS.includes(token.value)) {
      isBuilt = true;
    } else {
      end();
    }
  }
  end();
  return found;
}

function addAlone(found: Set<string>, text: string): void {
  if (text.length > MAX_LENGTH) return;
  found.add(text);
  // A name that only reads as one backwards, or in small letters.
  if (text.includes("__")) found.add([...text].reverse().join(""));
}

function addJoined(found: Set<string>, parts: readonly string[]): void {
  const plain = parts.filter((part) => part.length <= MAX_LENGTH);
  const joined = plain.join("").slice(0, MAX_LENGTH * 4);
  for (const text of [joined, [...joined].reverse().join("")]) {
    found.add(text);
    for (const name of text.match(/__\w{2,40}__/gu) ?? []) found.add(name);
  }
}
