// Traditional Chinese becomes simplified, a character at a time: for comparing, not for reading.
import { readPairs } from "./pairs.ts";
import { SIMPLIFIED } from "./tables.generated.ts";

let forms: ReadonlyMap<string, string> | undefined;

export function simplify(char: string): string {
  if (char < "\u2e80") return char;
  forms ??= readPairs(SIMPLIFIED);
  return forms.get(char) ?? char;
}
