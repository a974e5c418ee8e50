import { AjarError } from "../../core/errors.ts";
import type { RelationFact } from "../../core/fact.ts";
import { loadRules } from "../../rules/load.ts";
import type { Pattern } from "../../rules/pattern.ts";
import { compilePattern } from "./statements.ts";

type Relation = RelationFact["relation"];

interface RelationRules {
  readonly prose: readonly { readonly relation: Relation; readonly match: Pattern }[];
  readonly unless: readonly Pattern[];
  readonly generic: Pattern;
}

const RELATIONS: readonly Relation[] = ["base-model", "adapter", "merge", "quantized", "finetune", "distilled", "dataset"];

let loaded: RelationRules | undefined;

function relationRules(): RelationRules {
  if (loaded !== undefined) return loaded;
  const file: unknown = loadRules("detectors").get("relations");
  if (typeof file !== "object" || file === null)
    throw new AjarError("BAD_RULE_DATA", "a map was expected", { subject: "rules/detectors/relations.yaml" });
  const data: { readonly prose?: unknown; readonly unless?: unknown; readonly generic?: unknown } = file;
  const compile = (value: unknown): Pattern => compilePattern(String(value), "relations");
  const prose = Array.isArray(data.prose) ? data.prose : [];
  loaded = {
    prose: prose.flatMap((entry: { readonly relation?: unknown; readonly match?: unknown }) => {
      const relation = RELATIONS.find((known) => known === entry.relation);
      return relation === undefined ? [] : [{ relation, match: compile(entry.match) }];
    }),
    unless: Array.isArray(data.unless) ? data.unless.map(compile) : [],
    generic: compile(data.generic ?? "^$"),
  };
  return loaded;
}

/** The words of a name up to the first common one: `Cirrus-7B v2` of `Cirrus-7B v2 on public chats`. */
function capitalised(words: string): string {
  const all = words.split(" ");
  const common = all.findIndex((word, at) => at > 0 && !/[A-Z\d]/u.test(word) && all[at - 1]?.toLowerCase() !== "a");
  return all.slice(0, common === -1 ? all.length : common).join(" ");
}

/** A parent named in a sentence, with the words before it that say whose parent it is; null when there is none. */
export function proseRelation(text: string): { readonly relation: Relation; readonly name: string; readonly subject: string } | null {
  const { prose, unless, generic } = relationRules();
  for (const { relation, match } of prose) {
    const found = match.exec(text);
    const name = capitalised(found?.groups?.["target"] ?? "")
      .replace(/[.,/-]+$/u, "")
      .replace(/^(?:an?|the)\s+|\s+models?$/giu, "")
      .trim();
    if (found === null || name.length < 2 || generic.test(name)) continue;
    // A name has a capital, a digit or an owner; anything else is a common word.
    if (!/[A-Z\d/]/u.test(name) || unless.some((pattern) => pattern.test(text))) continue;
    return { relation, name, subject: text.slice(0, found.index) };
  }
  return null;
}
