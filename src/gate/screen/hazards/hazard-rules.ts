// The hazards of rules/hazards: one file a category, with the groups of terms that its rules join.
import { AjarError } from "../../../core/errors.ts";
import { loadRules } from "../../../rules/load.ts";
import { type LexiconRule, MAX_WITHIN } from "./lexicon.ts";
import { MAX_PARTS } from "./near.ts";

export interface Hazard {
  /** Id of the category: `violent-crimes`. */
  readonly id: string;
  readonly name: string;
  /** Code of Llama Guard 3 and 4: `S1`. */
  readonly code: string;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly rules: readonly LexiconRule[];
}

/** Groups that several categories share. */
const COMMON = "common";

let read: readonly Hazard[] | undefined;

/** All hazards, by id. @throws AjarError BAD_RULE_DATA */
export function hazards(): readonly Hazard[] {
  if (read !== undefined) return read;
  const files = loadRules("hazards");
  const common = groupsOf(COMMON, Object(files.get(COMMON)));
  read = [...files].filter(([id]) => id !== COMMON).map(([id, content]) => hazardOf(id, Object(content), common));
  return read;
}

function hazardOf(id: string, content: Readonly<Record<string, unknown>>, common: ReadonlyMap<string, readonly string[]>): Hazard {
  const own = groupsOf(id, content);
  const groups = new Map([...common, ...own].map(([name, terms]) => [own.has(name) ? `${id}/${name}` : name, terms] as const));
  const nameOf = (group: string): string => {
    if (own.has(group)) return `${id}/${group}`;
    if (common.has(group)) return group;
    throw wrong(id, `there is no group ${group}`);
  };
  const { name, code, rules } = content;
  if (typeof name !== "string" || typeof code !== "string" || !Array.isArray(rules)) throw wrong(id, "needs name, code and rules");
  return { id, name, code, groups, rules: rules.flatMap((rule) => rulesOf(id, Object(rule), nameOf)) };
}

function groupsOf(id: string, content: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(Object(content["groups"])).map(([name, terms]) => {
      const list = typeof terms === "string" ? terms.split(",") : [];
      const clean = list.map((term) => term.trim()).filter((term) => term !== "");
      if (clean.length === 0) throw wrong(id, `group ${name} has no terms`);
      return [name, clean] as const;
    }),
  );
}

function rulesOf(id: string, rule: Readonly<Record<string, unknown>>, nameOf: (group: string) => string): LexiconRule[] {
  const { id: name, near, within, unless, order } = rule;
  if (typeof name !== "string" || !isNames(near) || near.length > MAX_PARTS) throw wrong(id, "a rule needs id and near, a list of groups");
  if (typeof within !== "number" || within < 1 || within > MAX_WITHIN) throw wrong(id, `rule ${name} needs within, a number of words`);
  if (unless !== undefined && !isNames(unless)) throw wrong(id, `unless of rule ${name} is a list of groups`);
  const orders = order === "any" && near.length === 2 ? [near, [...near].reverse()] : [near];
  return orders.map((parts) => ({
    id: `${id}/${name}`,
    category: id,
    parts: parts.map(nameOf),
    within,
    unless: (unless ?? []).map(nameOf),
  }));
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}

function wrong(id: string, problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", `rules/hazards/${id}.yaml: ${problem}`, { subject: `rules/hazards/${id}.yaml` });
}
