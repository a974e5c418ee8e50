// Changes to JSON that keep it JSON.
import { below, pickOf } from "./draw.ts";
import type { Random } from "./target.ts";

const VALUES: readonly string[] = [
  "null",
  "true",
  "-1",
  "0",
  "1.5",
  "1e999",
  "9007199254740993",
  "4294967296",
  '""',
  '"__proto__"',
  '"../../x"',
  "[]",
  "{}",
  '["a",1]',
  '{"a":{"a":1}}',
];

const TOKEN = /"(?:[^"\\]|\\.)*"|[-\d][-+.\deE]*|[{}[\]]/gu;

/** Places of values and keys in JSON text. */
function pieces(text: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(index);
    else found.push([token === "}" || token === "]" ? (open.pop() ?? 0) : index, index + token.length]);
  }
  return found;
}

/** Replaces, doubles, swaps or wraps one value. */
export function restructureJson(text: string, random: Random): string {
  const found = pieces(text);
  const [start, end] = pickOf(random, found) ?? [0, 0];
  const [otherStart, otherEnd] = pickOf(random, found) ?? [0, 0];
  const piece = text.slice(start, end);
  const replacement = [
    pickOf(random, VALUES) ?? "0",
    text.slice(otherStart, otherEnd),
    `${piece},${piece}`,
    `${piece},${pickOf(random, VALUES)}`,
    "[".repeat(below(random, 100)) + piece,
    `{"a":${piece}}`,
  ][below(random, 6)];
  return text.slice(0, start) + replacement + text.slice(end);
}
