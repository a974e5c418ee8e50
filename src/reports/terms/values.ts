// Terms as phrases in the reader's language, made from their structured fields; the English summaries stand beside them.
import {
  type Clause,
  type Condition,
  type Duty,
  type FlowTerm,
  type SizeLimit,
  type StandingTerm,
  type TermSaid,
  type TermsRecord,
  USES,
  type UseTerm,
} from "../../core/terms.ts";
import type { Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";

/** Messages that name the answers of a topic; the others are answered by `answer`. */
const ANSWER_NAMES: Readonly<Partial<Record<keyof TermsRecord["standing"], string>>> = {
  revocability: "revocability",
  termination: "ends",
  patent: "patent",
  jurisdiction: "law",
  outputs: "output-rights",
};

/** `(clause 1.b.v)`, or nothing. */
export function clauseNote(phrases: Phrases, { clause, in: document }: Clause): string {
  if (clause === "") return "";
  return document === undefined ? phrases.say("terms.clause", { clause }) : phrases.say("terms.clause-in", { clause, document });
}

/** The permission; `conditions` is what to say of its conditions, if it has some. */
export function useValue(phrases: Phrases, term: UseTerm, conditions: string): string {
  const permission = phrases.name("permission", term.permission);
  const separate = term.separateLicense === true ? phrases.word("terms.separate") : "";
  return phrases.clauses([conditions === "" ? permission : conditions, separate]);
}

export function conditionValue(phrases: Phrases, condition: Condition): string {
  switch (condition.kind) {
    case "size":
      return phrases.clauses([limitValue(phrases, condition), phrases.name("effect", condition.effect)]);
    case "region": {
      const regions = phrases.join(condition.regions.map((region) => phrases.name("region", region)));
      const bar = phrases.say(condition.by === "use" ? "terms.not-used-in" : "terms.not-based-in", { regions });
      return phrases.clauses([bar, scopeValue(phrases, condition.scope)]);
    }
    case "purpose":
      return phrases.say("terms.only-for", { purposes: phrases.join(condition.only.map((purpose) => phrases.name("purpose", purpose))) });
    case "own-family":
      return phrases.say("terms.only-family", { family: condition.family });
    case "model-kind":
      return phrases.name("model-kind", condition.barred);
    case "field-of-use":
      return condition.policy === undefined ? "" : phrases.say("terms.policy", { address: condition.policy });
    case "registration":
      return safeText(condition.url ?? "");
    default:
      return "";
  }
}

export function limitValue(phrases: Phrases, limit: SizeLimit): string {
  const { above, measure } = limit;
  const size = phrases.say(limit.inclusive === true ? "terms.from" : "terms.above", { above, measure });
  const day = limit.date === undefined ? phrases.word("terms.counted-release") : phrases.say("terms.counted-day", { day: limit.date });
  return phrases.clauses([size, limit.counted === "always" ? phrases.word("terms.counted-always") : day]);
}

function scopeValue(phrases: Phrases, scope: string | undefined): string {
  return scope === undefined ? "" : phrases.name("models", scope);
}

export function dutyValue(phrases: Phrases, duty: Duty): string {
  const words = duty.words === undefined ? "" : phrases.say("report.quote", { words: duty.words });
  const isEvery = USES.every((use) => use === "train-on-outputs" || duty.on.includes(use));
  const named = phrases.join(duty.on.map((use) => phrases.name("use", use)));
  const uses = isEvery ? phrases.word("terms.on-every") : phrases.say("terms.on", { uses: named });
  const above = (duty.above ?? []).map((limit) => limitValue(phrases, limit));
  return phrases.clauses([words, uses, ...above, scopeValue(phrases, duty.scope)]);
}

export function flowValue(phrases: Phrases, { flow, compatible = [] }: FlowTerm): string {
  const others = compatible.length === 0 ? "" : phrases.say("terms.or-license", { licenses: phrases.join(compatible) });
  return phrases.clauses([phrases.name("flow", flow), others]);
}

export function standingValue(phrases: Phrases, topic: string, { answer }: StandingTerm<string>): string {
  const names = new Map(Object.entries(ANSWER_NAMES)).get(topic);
  return phrases.name(names ?? "answer", answer);
}

/** A term without what else the record says, for tables that set two records side by side. */
export function saidValue(phrases: Phrases, topic: string, term: TermSaid): string {
  if ("permission" in term) {
    const kinds = [...new Set(term.conditions.map(({ kind }) => phrases.name("license-condition", kind)))];
    const permission = phrases.name("permission", term.permission);
    const conditions = kinds.length === 0 ? "" : phrases.say("terms.conditions-of", { permission, kinds: phrases.join(kinds) });
    return useValue(phrases, term, conditions);
  }
  if ("flow" in term) return flowValue(phrases, term);
  if ("answer" in term) return standingValue(phrases, topic.replace(/^standing\./u, ""), term);
  return "on" in term ? dutyValue(phrases, term) : conditionValue(phrases, term);
}
