// Every text of a JSON value, in the order in which it is written: values and names alike.
import type { Json, JsonObject } from "../../contract.ts";
import { isKnownName } from "./names.ts";

/** Deeper values are no message of a client. */
const MAX_DEPTH = 64;

export class TooDeep extends Error {}

type Step = string | number;

/** A member and what it is a member of. */
interface Place {
  readonly step: Step;
  readonly under: Place | null;
}

export class Leaf {
  readonly text: string;
  readonly isName: boolean;
  readonly #place: Place | null;

  constructor(text: string, place: Place | null, isName: boolean) {
    this.text = text;
    this.#place = place;
    this.isName = isName;
  }

  /** The last step of its path; undefined for a value that is a text itself. */
  get last(): Step | undefined {
    return this.#place?.step;
  }

  /** Where it stands; names of members come before what they hold. Put together when asked for: most are never. */
  get path(): readonly Step[] {
    const path: Step[] = [];
    for (let place = this.#place; place !== null; place = place.under) path.push(place.step);
    return path.reverse();
  }
}

/** @param plainNames whether names that the API has are left out @throws TooDeep */
export function leavesOf(value: Json, plainNames: boolean = true): Leaf[] {
  const leaves: Leaf[] = [];
  visit(value, null, 0, plainNames, leaves);
  return leaves;
}

function visit(now: Json, place: Place | null, depth: number, plainNames: boolean, leaves: Leaf[]): void {
  if (depth > MAX_DEPTH) throw new TooDeep();
  if (typeof now === "string") {
    if (now !== "") leaves.push(new Leaf(now, place, false));
  } else if (Array.isArray(now)) {
    for (let at = 0; at < now.length; at += 1) {
      const one = now[at] as Json;
      if (mayHoldText(one)) visit(one, { step: at, under: place }, depth + 1, plainNames, leaves);
    }
  } else if (typeof now === "object" && now !== null) visitMembers(now as JsonObject, place, depth, plainNames, leaves);
}

function visitMembers(now: JsonObject, under: Place | null, depth: number, plainNames: boolean, leaves: Leaf[]): void {
  for (const name of Object.keys(now)) {
    const one = now[name] as Json;
    const isText = mayHoldText(one);
    const isRead = !plainNames || !isKnownName(name);
    if (!isText && !isRead) continue;
    const place = { step: name, under };
    if (isRead) leaves.push(new Leaf(name, place, true));
    if (isText) visit(one, place, depth + 1, plainNames, leaves);
  }
}

function mayHoldText(value: Json): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null);
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
