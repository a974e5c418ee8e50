// Two records of terms, topic by topic.
import {
  CONDITION_KINDS,
  type Condition,
  DUTY_KINDS,
  type TermSaid,
  type TermsDifference,
  type TermsRecord,
  USES,
  type UseTerm,
} from "../../core/terms.ts";

/** Kinds of terms whose content stands in the clause and not in the record. */
const IN_WORDS: ReadonlySet<string> = new Set<Condition["kind"]>(["field-of-use", "registration", "review"]);

/** All topics in the order in which records are shown. */
export function compareTerms(a: TermsRecord, b: TermsRecord): TermsDifference[] {
  const uses = USES.map((use) => difference(`use.${use}`, [a.uses[use]], [b.uses[use]]));
  const [conditionsA, conditionsB] = [conditionsOf(a), conditionsOf(b)];
  const conditions = CONDITION_KINDS.map((kind) =>
    difference(`license-condition.${kind}`, ofKind(conditionsA, kind), ofKind(conditionsB, kind)),
  );
  const duties = DUTY_KINDS.map((kind) => difference(`license-duty.${kind}`, ofKind(a.duties, kind), ofKind(b.duties, kind)));
  const flow = (["derivatives", "outputs", "training"] as const).map((channel) =>
    difference(`channel.${channel}`, [a.flow[channel]], [b.flow[channel]]),
  );
  return [...uses, ...conditions, ...duties, ...flow, ...standing(a, b)].filter((topic) => topic.a.length + topic.b.length > 0);
}

/** Every condition of a record once, in the order in which the uses name them. */
export function conditionsOf(record: TermsRecord): Condition[] {
  const inUses = USES.flatMap((use) => record.uses[use].conditions);
  return [...new Set([...inUses, ...record.duties.flatMap(({ above }) => above ?? [])])];
}

function ofKind<T extends { readonly kind: string }>(terms: readonly T[], kind: string): T[] {
  return terms.filter((term) => term.kind === kind);
}

function standing(a: TermsRecord, b: TermsRecord): TermsDifference[] {
  const { termination: endsA, ...othersA } = a.standing;
  const { termination: endsB, ...othersB } = b.standing;
  const said = new Map(Object.entries(othersB));
  const others = Object.entries(othersA).map(([topic, term]) => difference(`standing.${topic}`, [term], [said.get(topic) ?? term]));
  return [difference("standing.termination", endsA, endsB), ...others];
}

function difference(topic: string, a: readonly TermSaid[], b: readonly TermSaid[]): TermsDifference {
  return { topic, a, b, verdict: verdictOf(a, b) };
}

function verdictOf(a: readonly TermSaid[], b: readonly TermSaid[]): TermsDifference["verdict"] {
  if ([...a, ...b].some(isUnknown)) return "unknown";
  if (contents(a) !== contents(b)) return "different";
  const inWords = a.some((term) => "kind" in term && IN_WORDS.has(term.kind));
  return inWords && contents(a, true) !== contents(b, true) ? "alike" : "same";
}

function isUnknown(term: TermSaid): boolean {
  return [word(term, "permission"), word(term, "flow"), word(term, "answer")].includes("unknown");
}

function word(term: TermSaid, key: string): unknown {
  return Object.entries(term).find(([name]) => name === key)?.[1];
}

/** What terms say, apart from where and in which words; their order says nothing. */
function contents(terms: readonly TermSaid[], withSummary = false): string {
  return JSON.stringify(terms.map((term) => JSON.stringify(contentOf(term, withSummary))).sort());
}

function contentOf(term: TermSaid, withSummary: boolean): unknown {
  const { clause: _clause, in: _in, summary, ...rest } = term;
  const content = "conditions" in rest ? { ...rest, conditions: kindsOf(rest) } : rest;
  return withSummary
    ? { ...content, summary }
    : Object.fromEntries(Object.entries(content).filter(([key]) => key !== "policy" && key !== "url"));
}

function kindsOf({ conditions }: Pick<UseTerm, "conditions">): string[] {
  return [...new Set(conditions.map(({ kind }) => kind))].sort();
}
