// rules/detectors/relations.yaml, compiled.
import { RELATIONS, type Relation } from "../../core/chain.ts";
import { AjarError } from "../../core/errors.ts";
import { loadRules } from "../../rules/load.ts";
import type { Pattern } from "../../rules/pattern.ts";
import { compilePattern } from "./statements.ts";

/** One way to say that something comes from something. */
export interface RelationPattern {
  readonly relation: Relation;
  /** Ends where the name begins, or catches it as `target`. */
  readonly match: Pattern;
  /** Says by itself that weights were taken over; else a bare name is not enough. */
  readonly firm: boolean;
  /** Several names may follow. */
  readonly list: boolean;
  /** Headings count too. */
  readonly headings: boolean;
  /** The passage must hold this as well. */
  readonly with: Pattern | null;
}

export interface RelationRules {
  readonly prose: readonly RelationPattern[];
  readonly fields: readonly RelationPattern[];
  readonly sections: readonly { readonly relation: Relation; readonly under: Pattern }[];
  readonly lead: Pattern;
  readonly after: Pattern;
  readonly unless: readonly Pattern[];
  readonly generic: Pattern;
  readonly services: Pattern;
}

let loaded: RelationRules | undefined;

/** @throws AjarError BAD_RULE_DATA */
export function relationRules(): RelationRules {
  loaded ??= read(fields(loadRules("detectors").get("relations")));
  return loaded;
}

type Fields = Readonly<Record<string, unknown>>;

function read(data: Fields): RelationRules {
  return {
    prose: list(data["prose"]).map(relationPattern),
    fields: list(data["fields"]).map(relationPattern),
    sections: list(data["sections"]).map((entry) => ({ relation: relationOf(entry), under: compile(entry["under"]) })),
    lead: compile(data["lead"]),
    after: compile(data["after"]),
    unless: Array.isArray(data["unless"]) ? data["unless"].map(compile) : [],
    generic: compile(data["generic"]),
    services: compile(data["services"]),
  };
}

function relationPattern(entry: Fields): RelationPattern {
  return {
    relation: relationOf(entry),
    match: compile(entry["match"]),
    firm: entry["firm"] === true,
    list: entry["list"] === true,
    headings: entry["headings"] === true,
    with: entry["with"] === undefined ? null : compile(entry["with"]),
  };
}

function relationOf(entry: Fields): Relation {
  const relation = RELATIONS.find((known) => known === entry["relation"]);
  if (relation === undefined) throw bad(`${String(entry["relation"])} is no relation`);
  return relation;
}

function compile(value: unknown): Pattern {
  if (typeof value !== "string") throw bad("a pattern was expected");
  return compilePattern(value, "relations");
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad("a map was expected");
  return Object.fromEntries(Object.entries(value));
}

function bad(problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: "rules/detectors/relations.yaml" });
}
