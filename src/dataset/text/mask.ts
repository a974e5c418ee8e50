// How a hit is shown: its shape and never itself. And the tag by which somebody knows a value of their own again.
import { createHash } from "node:crypto";

/** Characters of a shape. */
const MAX_SHAPE = 60;
/** A quote of what is nobody's own: a notice, a damaged passage. */
const MAX_QUOTE = 120;

/** Areas whose hits are somebody's own: shown by their shape only. */
const OWN: ReadonlySet<string> = new Set(["personal", "secret"]);

/** Whether hits of this pattern are. */
export function isOwn(pattern: string): boolean {
  return OWN.has(pattern.slice(0, pattern.indexOf("/")));
}

/** Letters become `a` or `A`, digits `9`, other letters `字`, the rest stays: `aaaa.aaa@aaaaaaa.aaa`. */
export function shapeOf(text: string): string {
  const shape = text
    .slice(0, MAX_SHAPE * 2)
    .replace(/\p{Nd}/gu, "9")
    .replace(/[A-Z]/gu, "A")
    .replace(/[a-z]/gu, "a")
    .replace(/(?![aA])[\p{L}\p{M}]/gu, "字")
    .replace(/\s+/gu, " ");
  const units = Array.from(shape);
  return units.length > MAX_SHAPE ? `${units.slice(0, MAX_SHAPE - 1).join("")}…` : shape;
}

/** The words themselves, with what is somebody's own in them masked. `own`: spans in `text`, sorted. */
export function quoteOf(text: string, own: readonly { readonly start: number; readonly end: number }[]): string {
  let quoted = "";
  let at = 0;
  for (const { start, end } of own) {
    if (end <= at) continue;
    quoted += text.slice(at, Math.max(at, start)) + shapeOf(text.slice(Math.max(at, start), end));
    at = end;
  }
  const folded = (quoted + text.slice(at)).replace(/\s+/gu, " ").trim();
  const units = Array.from(folded.slice(0, MAX_QUOTE * 2));
  return units.length > MAX_QUOTE ? `${units.slice(0, MAX_QUOTE - 1).join("")}…` : units.join("");
}

/** A value as it is compared: case, white space and separators of numbers do not tell two apart. */
export function normalValue(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().trim();
  return /^[\d\s()+./\\-]+$/u.test(folded) ? folded.replace(/\D/gu, "") : folded.replace(/\s+/gu, " ");
}

/** SHA-256 over `ajar.data.value.v1`, the salt and the normalised value, in hex. */
export function valueHash(value: string, salt: string): string {
  return createHash("sha256")
    .update(`ajar.data.value.v1\0${salt}\0${normalValue(value)}`)
    .digest("hex");
}

/** Hex digits of a tag. So few that thousands of telephone numbers share one: it confirms a value to who has it, and gives none away. */
const TAG_DIGITS = 6;

export function tagOf(value: string): string {
  return valueHash(value, "").slice(0, TAG_DIGITS);
}
