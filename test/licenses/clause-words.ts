// What a clause must speak of to be the clause of a term: a wrong number points at a clause that speaks of something else.
import type { Clause, Condition, Duty, DutyKind, FlowTerm, TermsRecord, Trigger, UseTerm } from "../../src/core/terms.ts";

/** A term with the words that its clause has to have. */
export interface Claim extends Clause {
  readonly topic: string;
  readonly speaksOf: readonly RegExp[];
}

const DUTY_WORDS: Readonly<Record<DutyKind, RegExp>> = {
  "license-text":
    /cop(?:y|ies) of (?:this|the|such|the GNU)|text of this|text of, or|副本|permission notice|list of conditions|license statement|entire statement|this License on each|this notice (?:and|may)|This notice|许可声明|all recipients|copy of the (?:licence|License)|Terms of Use\]|include in all|governed by the terms/iu,
  notice: /notice|notif|提供|声明/iu,
  attribution: /attribut|credit|identification of the creator|Produced Work|paternité|is licensed under/iu,
  citation: /cit(?:e|ing)|acknowledge|attribution/iu,
  display: /display|include|show/iu,
  "name-prefix": /name/iu,
  "state-changes":
    /\bchanged?\b|modified (?:files|the|it|by)|modified$|you modified|altered source|how it differs|been modified|modifications (?:you|and)|changes were made|modified files|any modifications/iu,
  "share-alike":
    /under the terms of|under this|subject to this|only under|as a whole|License Elements|under the GNU GPL|shall be licensed|under the conditions of this/iu,
  "disclose-source": /source code|Corresponding Source|Source Code Form|machine[- ]readable|get the Source/iu,
  "pass-on-restrictions":
    /enforceable provision|require all of Your users|license of your choice|bind each recipient|express assent|provided that such license/iu,
  guardrails: /filter|guardrail|circumvent|bypass/iu,
  "disclose-ai": /machine[- ]generated|artificial intelligence|generated using/iu,
  documentation: /documentation/iu,
  update: /latest version/iu,
  report: /report/iu,
  "no-endorsement": /endors|misrepresent|official|officiel|claim that you wrote|induire en erreur/iu,
  "no-added-limits":
    /impose|licensing fee|may not restrict|further restriction|inconsistent|different terms|limit or alter|restrict the terms/iu,
  "no-reverse-engineering": /reverse engineer/iu,
  rename: /name/iu,
  indemnify: /indemn|hold harmless/iu,
};

const TRIGGER_WORDS: Readonly<Record<Trigger, RegExp>> = {
  "breach-automatic": /terminat\w*\s+(?:automatically|immediately)|automatically\s+(?:and immediately )?terminate|void/iu,
  "breach-cure": /terminat/iu,
  "breach-notice": /terminate (?:this|the) (?:Agreement|License)|right to (?:terminate|request that you delete)|without prior notice/iu,
  "ip-litigation": /litigation|lawsuit|legal action|proceeding/iu,
  "patent-litigation": /patent[\s\S]*(?:litigation|诉讼)/iu,
  "patent-litigation-all": /patent/iu,
  "at-will": /at any time/iu,
  size: /revenue/iu,
  "guardrail-bypass": /bypass/iu,
  expiry: /Change Date/u,
  silent: /(?:)/u,
  unknown: /(?:)/u,
};

const PURPOSE_WORDS = {
  research: "research|研究",
  "non-commercial": "non-?commercial|other than commercial",
  evaluation: "evaluat",
  "non-production": "non-production",
  personal: "personal",
  computational: "Computational Use",
} as const;

function numberWords(value: number): RegExp {
  const million = `${value / 1_000_000} million`;
  return new RegExp(`${million}|${value.toLocaleString("en-US")}|${value / 10_000}万|exceeding the Threshold`, "iu");
}

function conditionWords(condition: Condition): RegExp[] {
  switch (condition.kind) {
    case "size":
      return [numberWords(condition.above), /users|revenue|visits|threshold/iu];
    case "region":
      return [/European Union|outside the Territory/u];
    case "purpose":
      return [new RegExp(condition.only.map((purpose) => PURPOSE_WORDS[purpose]).join("|"), "iu")];
    case "non-commercial-party":
      return [/commercial organization/iu];
    case "field-of-use":
      return [
        /Acceptable Use|Prohibited Use|agree not to|Restricted Uses|restricted uses|military|AI terms|surveillance|the AUP|AI's AUP|ethical|misinform/iu,
      ];
    case "own-family":
      return [/improve any other/iu, new RegExp(condition.family, "u")];
    case "model-kind":
      return [/train|create|improve/iu];
    case "registration":
      return [/register|request|access/iu];
    default:
      return [/(?:)/u];
  }
}

function useWords(use: string, { permission }: UseTerm): RegExp[] {
  if (permission === "unknown") return [];
  if (permission === "forbidden") return [/commercial|production|share|other models|Research/iu];
  if (use === "redistribute")
    return [/distribut|redistribut|convey|publish|share|copies|copy|communi|available|分发|diffuser|Deal|DO WHAT|waive|dedicat/iu];
  if (use === "train-on-outputs")
    return [
      /output|result|derivative|modif|use|for any purpose|content|produced|field of endeavo|any purpose|waive|dedicat|DO WHAT|réutilis/iu,
    ];
  return [/grant|permi|licens|may|right|waive|dedicat|lawful|use|DO WHAT|Definitions|许可|concède|restricted|reproduce|create/iu];
}

function flowWords(channel: string, { flow }: FlowTerm): RegExp[] {
  if (flow === "unknown") return [];
  if (channel === "outputs") return [/output|result|derivative|modif|content|waive|contractual|generated|work/iu];
  if (flow === "same-license") return [/under|terms|licen[sc]e|agreement|bind|subject/iu];
  if (flow === "restrictions") return [/restriction/iu];
  if (flow === "no-sharing") return [/not Share|permission|modifications/iu];
  return [/(?:)/u];
}

const STANDING_WORDS: Readonly<Record<string, RegExp>> = {
  jurisdiction: /govern(?:ed|ing|s)|droit français|laws of|under the laws|california law|relevant jurisdiction|管辖/iu,
  remoteRestriction: /remote|restrict|disab/iu,
  changes: /(?:may|right to|agree to) (?:modify|update)|updated from time|subject to update|nouvelles versions|update this|update these/iu,
  outputs:
    /claims? no|not claim|not impose|own any outputs|exclusive property|not restrict|belong|no obligations|claim no ownership|no ownership/iu,
};

const PATENT_WORDS = {
  granted: /patent|专利/iu,
  excluded: /patent|no other licenses/iu,
  silent: /intellectual property|rights owned|copyright license|have made|no other licenses|patent/iu,
  unknown: /(?:)/u,
} as const;

function revocabilityWords(answer: string): RegExp {
  return answer === "revocable" ? /revocable|可撤销/iu : /irrevocabl|不可撤销|perpetual|perpetuity|will not terminate/iu;
}

const TRANSITIVE_SILENCE = new Set(["silent", "unknown"]);

function dutyClaim(duty: Duty): Claim {
  const words = duty.words === undefined ? [] : [verbatim(duty.words)];
  return { ...duty, topic: `duty ${duty.kind}`, speaksOf: [DUTY_WORDS[duty.kind], ...words] };
}

/** The words as a pattern that minds neither line breaks nor the make of quotation marks. */
export function verbatim(words: string): RegExp {
  const escaped = words.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
  return new RegExp(escaped.replaceAll(/\s+/gu, String.raw`\s+`).replaceAll(/[“”"]/gu, `[“”"]`), "u");
}

/** Every term of a record that names a clause. */
export function claimsOf(record: TermsRecord): Claim[] {
  const conditions = new Set(Object.values(record.uses).flatMap((use) => use.conditions));
  for (const duty of record.duties) for (const limit of duty.above ?? []) conditions.add(limit);
  const claims: Claim[] = [
    ...Object.entries(record.uses).map(([use, term]) => ({ ...term, topic: `use ${use}`, speaksOf: useWords(use, term) })),
    ...[...conditions].map((condition) => ({ ...condition, topic: `condition ${condition.kind}`, speaksOf: conditionWords(condition) })),
    ...record.duties.map(dutyClaim),
    ...Object.entries(record.flow).map(([channel, term]) => ({ ...term, topic: `flow ${channel}`, speaksOf: flowWords(channel, term) })),
    ...record.standing.termination.map((term) => ({
      ...term,
      topic: `termination ${term.answer}`,
      speaksOf: [TRIGGER_WORDS[term.answer]],
    })),
  ];
  const { revocability, patent, termination: _, ...others } = record.standing;
  claims.push({ ...patent, topic: `patent ${patent.answer}`, speaksOf: [PATENT_WORDS[patent.answer]] });
  if (!TRANSITIVE_SILENCE.has(revocability.answer)) {
    claims.push({ ...revocability, topic: "revocability", speaksOf: [revocabilityWords(revocability.answer)] });
  }
  for (const [topic, term] of Object.entries(others)) {
    const words = STANDING_WORDS[topic];
    claims.push({ ...term, topic, speaksOf: words === undefined ? [] : [words] });
  }
  return claims.filter(({ clause }) => clause !== "");
}
