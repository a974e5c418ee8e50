// Every text of a JSON value, in the order in which it is written: values and names alike.
import type { Json, JsonObject } from "../../contract.ts";
import { isKnownName } from "./names.ts";

/** Deeper values are no message of a client. */
const MAX_DEPTH = 64;

export class TooDeep extends Error {}

export interface Leaf {
  readonly text: string;
  /** Where it stands; names of members come before what they hold. */
  readonly path: readonly (string | number)[];
  readonly isName: boolean;
}

/** @param plainNames whether names that the API has are left out @throws TooDeep */
export function leavesOf(value: Json, plainNames: boolean = true): Leaf[] {
  const leaves: Leaf[] = [];
  visit(value, [], plainNames, leaves);
  return leaves;
}

type Path = readonly (string | number)[];

function visit(now: Json, path: Path, plainNames: boolean, leaves: Leaf[]): void {
  if (path.length > MAX_DEPTH) throw new TooDeep();
  if (typeof now === "string") {
    if (now !== "") leaves.push({ text: now, path, isName: false });
  } else if (Array.isArray(now)) {
    for (const [at, one] of now.entries()) if (mayHoldText(one as Json)) visit(one as Json, [...path, at], plainNames, leaves);
  } else if (typeof now === "object" && now !== null) visitMembers(now as JsonObject, path, plainNames, leaves);
}

function visitMembers(now: JsonObject, path: Path, plainNames: boolean, leaves: Leaf[]): void {
  for (const [name, one] of Object.entries(now)) {
    if (!plainNames || !isKnownName(name)) leaves.push({ text: name, path: [...path, name], isName: true });
    if (mayHoldText(one)) visit(one, [...path, name], plainNames, leaves);
  }
}

function mayHoldText(value: Json): boolean {
  return typeof value === "string" || typeof value === "object";
}

/** The value with texts replaced: `texts` by the index of the leaf. */
export function withTexts(value: Json, leaves: readonly Leaf[], texts: ReadonlyMap<number, string>): Json {
  const copy = structuredClone(value) as Json;
  for (const [index, text] of texts) {
    const path = leaves[index]?.path ?? [];
    const last = path.at(-1);
    let at: unknown = copy;
    for (const step of path.slice(0, -1)) at = Reflect.get(Object(at), step);
    if (last === undefined) return text;
    Reflect.set(Object(at), last, text);
  }
  return copy;
}
