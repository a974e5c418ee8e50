// `measured`: what rows of the data showed, beside what documents say of it. Where no rows were read it asks nothing.
import { factsOf, type MeasuredFact } from "../core/fact.ts";
import type { Finding, ReleaseView } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import type { MeasuredCondition } from "./definition.ts";
import { type Evaluation, met } from "./evaluation.ts";
import { idsOf, stateOf } from "./view.ts";

/**
 * Never makes anything met that was not: what was read is told beside the outcome. Files of a component that is here and that
 * cannot be read, a part of them where it must be whole, and what files contradict, leave the outcome open.
 */
export function evaluateMeasured(condition: MeasuredCondition, view: ReleaseView): Evaluation {
  const facts = factsOf(view.facts, "measured").filter(({ component }) => component === null || component === condition.component);
  if (facts.length === 0) return met();
  const told = facts.filter(({ topic }) => condition.tell.includes(topic)).map(messageOf);
  const doubts = [...damage(condition, facts, view), ...contradictions(condition, view.findings)];
  if (doubts.length === 0) return met(...told);
  return {
    result: "unknown",
    because: [...told, ...doubts.map(({ because }) => because)],
    missing: doubts.map(({ missing }) => missing),
    steps: doubts.map(({ key, step }) => ({ act: "other", key, message: step })),
  };
}

interface Doubt {
  readonly because: Message;
  readonly missing: Message;
  readonly key: string;
  readonly step: Message;
}

function damage({ component, whole }: MeasuredCondition, facts: readonly MeasuredFact[], view: ReleaseView): readonly Doubt[] {
  // What lies elsewhere is not what was read here.
  if (component === null || stateOf(view, component).availability !== "found") return [];
  const damaged = facts.filter(({ topic }) => topic === "unreadable" || (whole && topic === "partly"));
  return damaged.map((fact) => ({
    because: messageOf(fact),
    missing: { id: "standards.need.measured", args: { component } },
    key: `measured:${component}`,
    step: { id: "standards.do.measured", args: { component, detail: fact.figures["detail"] ?? "" }, evidence: idsOf(fact.evidence) },
  }));
}

function messageOf({ topic, component, figures, evidence }: MeasuredFact): Message {
  const args = component === null ? figures : { ...figures, component };
  return { id: `standards.measured.${topic}`, args, evidence: idsOf(evidence) };
}

/** One doubt a rule, with the places of the card and of the files. */
function contradictions({ contradictedBy }: MeasuredCondition, findings: readonly Finding[]): readonly Doubt[] {
  return contradictedBy.flatMap((rule) => {
    const found = findings.filter(({ ruleId }) => ruleId === rule);
    if (found.length === 0) return [];
    const evidence = idsOf(found.flatMap((one) => one.evidence));
    return [
      {
        because: { id: "standards.measured.contradicted", args: { finding: rule }, evidence },
        missing: { id: "standards.need.measured-agreement", args: { finding: rule } },
        key: `contradicted:${rule}`,
        step: { id: "standards.do.measured-agreement", args: { finding: rule }, evidence },
      },
    ];
  });
}
