// Rules that recognise a statement in one passage. The patterns are data (rules/detectors/*.yaml);
// this file only says how they are combined: a match, no counter-sign, and the right place.
import { AjarError } from "../../core/errors.ts";
import type { Role } from "../../core/inventory.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";
import type { Passage, PassageKind } from "./passages.ts";

/** One way to say a thing. */
export interface StatementRule {
  readonly id: string;
  readonly topic: string;
  readonly match: Pattern;
  /** All of these must match too. */
  readonly and: readonly Pattern[];
  /** None of these may match: negations, advice to others, comparisons. */
  readonly unless: readonly Pattern[];
  /** One of the headings above must match. */
  readonly under: Pattern | null;
  /** None of the headings above may match. */
  readonly notUnder: Pattern | null;
  /** The passage before must match, e.g. the line that introduces a list. */
  readonly before: Pattern | null;
  readonly kinds: readonly PassageKind[];
  readonly roles: readonly Role[];
  readonly path: Pattern | null;
}

interface StatementGroup {
  /** Cheap test that every passage of interest passes. */
  readonly hint: Pattern;
  readonly rules: readonly StatementRule[];
}

export interface StatementRules {
  readonly groups: readonly StatementGroup[];
}

type Data = Readonly<Record<string, unknown>>;

const cache = new Map<string, StatementRules>();
const KINDS: readonly PassageKind[] = ["heading", "paragraph", "item", "quote", "row"];

/** Reads rules/detectors/<name>.yaml. @throws AjarError BAD_RULE_DATA */
export function loadStatementRules(name: string): StatementRules {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const folder = loadRules("detectors");
  const data = record(folder.get(name), name);
  const groups = list(data["groups"], name).map((group) => readGroup(record(group, name), name));
  const rules = { groups };
  cache.set(name, rules);
  return rules;
}

let knownPhrases: ReadonlyMap<string, string> | undefined;

function phrases(): ReadonlyMap<string, string> {
  knownPhrases ??= new Map(Object.entries(record(loadRules("detectors").get("phrases"), "phrases")).flatMap(textEntry));
  return knownPhrases;
}

function textEntry([key, value]: readonly [string, unknown]): [string, string][] {
  return typeof value === "string" ? [[key, value.trim()]] : [];
}

function readGroup(data: Data, name: string): StatementGroup {
  const topic = text(data["topic"], name);
  const compile = (value: unknown): Pattern => compilePattern(text(value, `${name}/${topic}`), name);
  const optional = (value: unknown): Pattern | null => (value === undefined ? null : compile(value));
  const many = (value: unknown): readonly Pattern[] => (value === undefined ? [] : list(value, name).map(compile));
  const rules = list(data["rules"], name).map((entry) => {
    const rule = record(entry, name);
    return {
      id: text(rule["id"], name),
      topic,
      match: compile(rule["match"]),
      and: many(rule["and"]),
      unless: [...many(data["unless"]), ...many(rule["unless"])],
      under: optional(rule["under"]),
      notUnder: optional(rule["notUnder"] ?? data["notUnder"]),
      before: optional(rule["before"]),
      kinds: words(rule["kinds"] ?? data["kinds"]) as readonly PassageKind[],
      roles: words(rule["roles"] ?? data["roles"]) as readonly Role[],
      path: optional(rule["path"]),
    };
  });
  return { hint: compile(data["hint"]), rules };
}

/** Compiles a pattern of rules/detectors/<name>.yaml, with `@{phrase}` filled in from phrases.yaml. @throws AjarError BAD_RULE_DATA */
export function compilePattern(source: string, name: string): Pattern {
  const filled = source.replace(/@\{([a-z-]+)\}/gu, (_whole, phrase: string) => {
    const value = phrases().get(phrase);
    if (value === undefined) throw new AjarError("BAD_RULE_DATA", `phrase ${phrase} is not in phrases.yaml`, { subject: name });
    return `(?:${value})`;
  });
  try {
    // Without the `u` flag: case folding over all of Unicode makes these patterns twice as slow and adds no match.
    return new Pattern(filled, "i");
  } catch (cause) {
    throw new AjarError("BAD_RULE_DATA", `pattern cannot be compiled: ${source}`, { subject: `rules/detectors/${name}.yaml`, cause });
  }
}

/** Looks at what a pattern caught. */
type Accept = (match: RegExpExecArray, passage: Passage) => boolean;

/** Rules that hold for a passage, in file order, at most one per topic; `accept` may look at what the pattern caught. */
export function matchStatements(rules: StatementRules, passage: Passage, accept: Accept | null = null): readonly StatementRule[] {
  const hits: StatementRule[] = [];
  for (const { hint, rules: candidates } of rules.groups) {
    if (!hint.test(passage.text)) continue;
    const views = passage.text.length > LONG_CHARS ? around(hint, passage) : [passage];
    const hit = candidates.find((rule) => views.some((view) => holds(rule, view, accept)));
    if (hit !== undefined) hits.push(hit);
  }
  return hits;
}

/** A passage longer than this is no sentence of a person: only the surroundings of hints are looked at. */
const LONG_CHARS = 700;

/** Characters kept before and after a hint, and how many hints of one long passage are followed. */
const AROUND_CHARS = 240;
const MAX_HINTS = 4;

function around(hint: Pattern, passage: Passage): readonly Passage[] {
  const views: Passage[] = [];
  let from = 0;
  while (views.length < MAX_HINTS && from < passage.text.length) {
    const found = hint.exec(passage.text.slice(from));
    if (found === null) break;
    const at = from + found.index;
    const text = passage.text.slice(Math.max(0, at - AROUND_CHARS), at + AROUND_CHARS);
    views.push({ ...passage, text });
    from = at + AROUND_CHARS;
  }
  return views;
}

function holds(rule: StatementRule, passage: Passage, accept: Accept | null): boolean {
  const kinds = rule.kinds.length === 0 ? KINDS : rule.kinds;
  if (!kinds.includes(passage.kind)) return false;
  if (rule.roles.length > 0 && !passage.artifact.roles.some((role) => rule.roles.includes(role))) return false;
  if (rule.path !== null && !rule.path.test(passage.artifact.path)) return false;
  if (!matches(rule.match, passage, accept) || !rule.and.every((also) => also.test(passage.text))) return false;
  if (rule.unless.some((unless) => unless.test(passage.text))) return false;
  return placed(rule, passage);
}

function matches(pattern: Pattern, passage: Passage, accept: Accept | null): boolean {
  if (accept === null) return pattern.test(passage.text);
  const match = pattern.exec(passage.text);
  return match !== null && accept(match, passage);
}

function placed({ under, notUnder, before }: StatementRule, passage: Passage): boolean {
  if (under !== null && !passage.under.some((heading) => under.test(heading))) return false;
  if (notUnder?.test(passage.under.join(" / "))) return false;
  return before === null || before.test(passage.before);
}

function record(value: unknown, subject: string): Data {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(subject, "a map was expected");
  return value as Data;
}

function list(value: unknown, subject: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(subject, "a list was expected");
  return value;
}

function text(value: unknown, subject: string): string {
  if (typeof value !== "string") throw bad(subject, "a text was expected");
  return value;
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === "string") : [];
}

function bad(subject: string, problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: `rules/detectors/${subject}` });
}
