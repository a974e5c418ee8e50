// All texts of one JSON value under one policy: each for itself, and together where a client would read them together.
import type { FilterResult, Json } from "../../contract.ts";
import type { Part } from "../actions.ts";
import { areClear, passed, type TextFilters, TextScreen } from "../text-screen.ts";
import { type Leaf, leavesOf, withTexts } from "./leaves.ts";

/** Ends of sentences between two texts: more than any rule reaches over, and more signs than single letters are joined over. */
const BETWEEN = `\n${".".repeat(20)}\n`;

export interface ScannedJson {
  /** Leaves with something that must not pass, and whether the policy wants another text in its place. */
  readonly stopped: readonly { readonly leaf: Leaf; readonly kind: "block" | "replace" }[];
  readonly failed: boolean;
  readonly value: Json;
  readonly changed: boolean;
  readonly results: readonly FilterResult[];
}

/** @param leaves of the value @throws TooDeep */
export function scanJson(value: Json, filters: TextFilters, part: Part, leaves: readonly Leaf[] = leavesOf(value)): ScannedJson {
  const found: Found = { stopped: [], failed: false, texts: new Map(), results: [] };
  scanAll(leaves, filters, part, found);
  for (const joined of joinedTexts(leaves)) scanJoined(joined, filters, part, found);
  for (const [index, text] of found.texts) {
    // A name cannot be rewritten without breaking what it names.
    const leaf = leaves[index];
    if (leaf?.isName === true) {
      found.stopped.push({ leaf, kind: "block" });
      found.texts.delete(index);
    } else if (text === leaf?.text) found.texts.delete(index);
  }
  const changed = found.texts.size > 0;
  return {
    stopped: found.stopped,
    failed: found.failed,
    changed,
    value: changed ? withTexts(value, leaves, found.texts) : value,
    results: found.results,
  };
}

interface Found {
  readonly stopped: { readonly leaf: Leaf; readonly kind: "block" | "replace" }[];
  failed: boolean;
  readonly texts: Map<number, string>;
  results: readonly FilterResult[];
}

/** All texts in one pass, with enough between them that nothing is found across. */
function scanAll(leaves: readonly Leaf[], filters: TextFilters, part: Part, found: Found): void {
  const starts: number[] = [];
  let all = "";
  for (const { text } of leaves) {
    starts.push(all.length);
    all += text + BETWEEN;
  }
  if (areClear(filters, leaves, all)) {
    found.results = passed(filters, part, all.length);
    return;
  }
  const screen = new TextScreen(filters, part, null);
  screen.push(all);
  screen.end();
  found.results = screen.results();
  found.failed = screen.ending?.kind === "failed";
  for (const { start, action } of screen.stops) {
    const leaf = leaves[indexAt(starts, start)];
    if (leaf !== undefined) found.stopped.push({ leaf, kind: action });
  }
  if (!screen.isChanged) return;
  for (const [index, leaf] of leaves.entries()) {
    const start = starts[index] ?? 0;
    found.texts.set(index, screen.render(leaf.text, start, start + leaf.text.length));
  }
}

function indexAt(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Joined {
  readonly text: string;
  readonly leaf: Leaf;
}

/** What a client reads as one text: parts of a list of contents, and the texts inside arguments that are JSON. */
function joinedTexts(leaves: readonly Leaf[]): readonly Joined[] {
  const lists = new Map<string, { text: string; leaf: Leaf; count: number }>();
  const joined: Joined[] = [];
  for (const leaf of leaves) {
    const { last, text, isName } = leaf;
    if (isName) continue;
    if (last === "text" || typeof last === "number") {
      const list = leaf.path.slice(0, last === "text" ? -2 : -1).join("/");
      const known = lists.get(list);
      if (known === undefined) lists.set(list, { text, leaf, count: 1 });
      else {
        known.text += text;
        known.count += 1;
      }
    }
    if (last === "arguments" || last === "input") joined.push(...inArguments(leaf));
  }
  for (const { text, leaf, count } of lists.values()) if (count > 1) joined.push({ text, leaf });
  return joined;
}

/** Texts inside a JSON text: its escapes are undone there, and a text that is no JSON was scanned as it stands. */
function inArguments(leaf: Leaf): Joined[] {
  try {
    const inner = leavesOf(JSON.parse(leaf.text) as Json, false);
    return inner.length === 0 ? [] : [{ leaf, text: inner.map(({ text }) => text).join(BETWEEN) }];
  } catch {
    return [];
  }
}

function scanJoined({ text, leaf }: Joined, filters: TextFilters, part: Part, found: Found): void {
  const screen = new TextScreen(filters, part, null);
  screen.push(text);
  screen.end();
  if (screen.ending?.kind === "failed") found.failed = true;
  const [stop] = screen.stops;
  // What is only found in several parts together cannot be taken out of one of them.
  if (stop !== undefined) found.stopped.push({ leaf, kind: stop.action });
  else if (screen.isChanged && found.texts.size === 0) found.stopped.push({ leaf, kind: "block" });
  if (stop !== undefined || screen.isChanged) found.results = mergeResults(found.results, screen.results());
}

const ORDER: readonly FilterResult["outcome"][] = [
  "passed",
  "flagged",
  "redacted",
  "replaced",
  "blocked",
  "overflowed",
  "timed-out",
  "failed",
];

/** Results of the same filters over several texts, as one. */
export function mergeResults(one: readonly FilterResult[], other: readonly FilterResult[]): readonly FilterResult[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  if (one.length === other.length && one.every((result, at) => isSameFilter(result, other[at])))
    return one.map((result, at) => merged(result, other[at] ?? result));
  const all = new Map(one.map((result) => [`${result.part} ${result.filter}`, result]));
  for (const result of other) {
    const key = `${result.part} ${result.filter}`;
    const known = all.get(key);
    all.set(key, known === undefined ? result : merged(known, result));
  }
  return [...all.values()];
}

function isSameFilter({ filter, part }: FilterResult, other: FilterResult | undefined): boolean {
  return filter === other?.filter && part === other.part;
}

function merged(known: FilterResult, result: FilterResult): FilterResult {
  const scanned = known.scanned + result.scanned;
  if (known.outcome === "passed" && result.outcome === "passed" && known.rules.length + result.rules.length === 0)
    return { ...known, scanned };
  const outcome = ORDER.indexOf(result.outcome) > ORDER.indexOf(known.outcome) ? result.outcome : known.outcome;
  return { ...known, outcome, rules: [...new Set([...known.rules, ...result.rules])].sort(), scanned };
}
