// Clauses, conditions and duties of an answer as phrases in the reader's language.
import type { Asked, Cited, UseCheck, UseDuty, UsePart, UseReport } from "../../core/use.ts";
import type { Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";
import { conditionValue, limitValue } from "../terms/values.ts";

/** How each node of the chain is called: an id says what is meant; what is only a name or a path is called as stated. */
export type Names = ReadonlyMap<string, string>;

/** Steps of a path that are spelled out; of longer ones the two ends are. */
const STEPS = 4;

export function namesOf({ chain }: Pick<UseReport, "chain">): Names {
  return new Map(chain.nodes.map(({ id, name }) => [id, safeText(/^(?:name|path|target):/u.test(id) ? name : id)]));
}

export function partName(phrases: Phrases, part: UsePart): string {
  return phrases.name("uses.part", part);
}

/** `Llama-2, clause 2 (its own; fine-tuned from owner/name > merged from …)`: the license, the place in it, and each way it came. */
export function citation(phrases: Phrases, ways: readonly [Cited, ...Cited[]], names: Names): string {
  const [{ license, clause, in: document }] = ways;
  const name = license === "unknown" ? phrases.word("chain.no-license") : safeText(license);
  const place = clause === "" ? "" : phrases.say("report.clause", { clause });
  const inside = document === undefined ? "" : phrases.say("uses.in", { document });
  const came = [...new Set(ways.map((way) => wayText(phrases, way, names)))];
  // Its own license needs no way, unless the same comes from a parent too.
  const told = came.length === 1 ? came : came.map((way) => (way === "" ? phrases.name("reach", "own") : way));
  return phrases.note(phrases.join([name, place, inside]), phrases.clauses(told));
}

function wayText(phrases: Phrases, { reach, path }: Cited, names: Names): string {
  const steps = path.map(({ relation, node }) => `${phrases.name("relation", relation)} ${names.get(node) ?? safeText(node)}`);
  const shown = steps.length <= STEPS ? steps : [...steps.slice(0, STEPS - 1), "…", ...steps.slice(-1)];
  const how = reach === "possible" || reach === "made-against" || reach === "maker" ? phrases.name("reach", reach) : "";
  return phrases.join([shown.join(" > "), how]);
}

/** The condition, and what is known or still to be told about it. */
export function checkText(phrases: Phrases, { condition, state, certain }: UseCheck, asked: Asked): string {
  const named = phrases.pair(phrases.name("license-condition", condition.kind), conditionValue(phrases, condition));
  const known = state === "open" ? toDo(phrases, condition, asked) : stateText(phrases, condition, state);
  return phrases.clauses([named, known, certain ? "" : phrases.name("reach", "possible")]);
}

/** A limit reads as what is barred, so whether it was passed is said in words. */
function stateText(phrases: Phrases, { kind }: UseCheck["condition"], state: UseCheck["state"]): string {
  if ((state !== "met" && state !== "failed") || (kind !== "size" && kind !== "region")) return "";
  return phrases.word(`uses.${kind}-${state}`);
}

function toDo(phrases: Phrases, condition: UseCheck["condition"], { users, revenue, region }: Asked): string {
  switch (condition.kind) {
    case "size":
      if (condition.measure === "monthly-active-users") return users === undefined ? phrases.word("uses.give-users") : "";
      if (condition.measure === "monthly-visits") return phrases.word("uses.compare-visits");
      return phrases.word(revenue === undefined ? "uses.give-revenue" : "uses.compare-months");
    case "region":
      return phrases.word(region === undefined ? "uses.give-region" : "uses.check-scope");
    default:
      return phrases.word(`uses.check-${condition.kind}`);
  }
}

export function dutyText(phrases: Phrases, { kind, words, on, above = [], certain }: UseDuty, asked: Asked): string {
  const what = phrases.name("license-duty", kind);
  const said = words === undefined ? what : phrases.pair(what, phrases.say("report.quote", { words: safeText(words) }));
  const uses =
    on.length === asked.uses.length ? "" : phrases.say("terms.on", { uses: phrases.join(on.map((use) => phrases.name("use", use))) });
  const limits = above.map((limit) => phrases.say("uses.duty-above", { limit: limitValue(phrases, limit) }));
  return phrases.clauses([said, uses, ...limits, certain ? "" : phrases.name("reach", "possible")]);
}

/** `asserted by Lin until 2027-01-01`. */
export function assertedBy(phrases: Phrases, id: string, { asserted }: Pick<UseReport, "asserted">): string {
  const found = asserted.find((one) => one.id === id);
  return found === undefined ? "" : phrases.say("uses.asserted", { by: found.by, until: found.until });
}

interface Merged<T> {
  readonly first: T;
  readonly all: readonly [T, ...T[]];
}

/** The same term of the same license is told once, with all the ways it came. */
export function merged<T extends Cited>(items: readonly T[], rest: (item: T) => unknown): readonly Merged<T>[] {
  const groups = new Map<string, Merged<T>>();
  for (const item of items) {
    const { license, clause, in: document } = item;
    const key = JSON.stringify([license, clause, document, rest(item)]);
    const known = groups.get(key);
    groups.set(key, known === undefined ? { first: item, all: [item] } : { first: known.first, all: [...known.all, item] });
  }
  return [...groups.values()];
}
