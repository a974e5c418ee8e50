// A record of terms as lines of text: what `ajar explain LICENSE` shows.
import { type Clause, type Condition, type TermsRecord, USES, type Use } from "../../core/terms.ts";
import type { Phrases } from "../phrases.ts";
import { clauseNote, conditionValue, dutyValue, flowValue, standingValue, useValue } from "./values.ts";

const HEX_SHOWN = "sha256:".length + 12;

/** Lines of an explanation: a line that begins with spaces belongs to the one before it. `conditions`: each once, in order. */
export function termLines(record: TermsRecord, conditions: readonly Condition[], phrases: Phrases): string[] {
  const { basis, notes, reviewed } = record;
  return [
    basis === "text"
      ? phrases.say("terms.basis-text", { digest: (record.textDigest ?? "").slice(0, HEX_SHOWN), day: reviewed })
      : phrases.say(`terms.basis-${basis}`, { day: reviewed }),
    phrases.word("terms.words"),
    ...(notes === undefined ? [] : [phrases.say("terms.note", { note: notes })]),
    phrases.word("terms.uses"),
    ...useLines(record, conditions, phrases),
    ...(conditions.length === 0 ? [] : [phrases.word("terms.conditions")]),
    ...conditions.flatMap((condition, at) =>
      lines(phrases, `${at + 1}. ${phrases.name("license-condition", condition.kind)}`, conditionValue(phrases, condition), condition),
    ),
    phrases.word("terms.duties"),
    ...record.duties.flatMap((duty) => lines(phrases, phrases.name("license-duty", duty.kind), dutyValue(phrases, duty), duty)),
    ...(record.duties.length === 0 ? [`  ${phrases.word(basis === "text" ? "terms.nothing" : "permission.unknown")}`] : []),
    phrases.word("terms.flow"),
    ...Object.entries(record.flow).flatMap(([channel, term]) =>
      lines(phrases, phrases.name("channel", channel), flowValue(phrases, term), term),
    ),
    phrases.word("terms.standing"),
    ...standingLines(record, phrases),
  ];
}

/** Uses on which the record says the same are named together. */
function useLines(record: TermsRecord, conditions: readonly Condition[], phrases: Phrases): string[] {
  const groups = new Map<string, Use[]>();
  for (const use of USES) {
    const key = JSON.stringify(record.uses[use]);
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()].flatMap((uses) => {
    const [first = "research"] = uses;
    const term = record.uses[first];
    const numbers = term.conditions.map((condition) => conditions.indexOf(condition) + 1);
    const permission = phrases.name("permission", term.permission);
    const under = numbers.length === 0 ? "" : phrases.say("terms.conditions-numbered", { permission, numbers: numbers.join(", ") });
    return lines(phrases, phrases.join(uses.map((use) => phrases.name("use", use))), useValue(phrases, term, under), term);
  });
}

function standingLines({ standing }: TermsRecord, phrases: Phrases): string[] {
  return Object.entries(standing).flatMap(([topic, terms]) =>
    (Array.isArray(terms) ? terms : [terms]).flatMap((term) =>
      lines(phrases, phrases.name("standing", topic), standingValue(phrases, topic, term), term),
    ),
  );
}

function lines(phrases: Phrases, name: string, value: string, term: Clause): string[] {
  const first = phrases.note(phrases.pair(name, value), clauseNote(phrases, term));
  return [`  ${first}`, ...(term.summary === "" ? [] : [`    ${term.summary}`])];
}
