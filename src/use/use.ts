// From the report of an audit to the answer that a person needs. Pure: the day, the numbers and the decisions come in.
import type { TermsSource } from "../chain/terms-table.ts";
import type { EffectiveDuty, EffectiveTerms } from "../core/chain.ts";
import type { Report } from "../core/report.ts";
import type { SizeLimit } from "../core/terms.ts";
import {
  ANSWERS,
  type Answer,
  type Asked,
  type Assertion,
  USE_SCHEMA_VERSION,
  type UseAnswer,
  type UseDuty,
  type UsePart,
  type UseReport,
} from "../core/use.ts";
import { answerPart, type Grounds, termsOfPart } from "./answer.ts";
import { isPassed } from "./checks.ts";
import { disputesOf } from "./disputes.ts";
import { partsOf } from "./parts.ts";
import { Places } from "./places.ts";

export interface Decisions {
  readonly holding: readonly Assertion[];
  readonly expired: readonly Assertion[];
}

/** What the licenses of a release and of all it derives from say to each use that was asked for. */
export function answerUse(report: Report, asked: Asked, terms: TermsSource, decisions: Decisions): UseReport {
  const asserted = decisions.holding;
  const [main, ...others] = partsOf(report, asserted);
  const parts = [main, ...others];
  const disputes = disputesOf(
    report,
    parts.map(({ part }) => part),
    asserted,
  );
  const grounds: Grounds = { asked, asserted, disputes, places: new Places(report), complete: report.coverage.complete };
  const effective = new Map(parts.map((part) => [part.part, termsOfPart(part, terms)]));
  const answers = asked.uses.map((use): UseAnswer => {
    const answerOf = (part: typeof main) => answerPart(part, effective.get(part.part) ?? termsOfPart(part, terms), use, grounds);
    const [first, ...rest] = [answerOf(main), ...others.map(answerOf)] as const;
    return { use, answer: narrowest([first, ...rest].map(({ answer }) => answer)), parts: [first, ...rest] };
  });
  const duties = [...effective].flatMap(([part, { duties: all }]) => dutiesOf(part, all, grounds));
  const cited = citedIds(answers, duties, disputes, report);
  return {
    schemaVersion: USE_SCHEMA_VERSION,
    tool: report.tool,
    target: report.target,
    notice: { id: "uses.no-advice" },
    asked,
    answers,
    duties,
    disputes,
    asserted,
    expired: decisions.expired,
    chain: { nodes: report.chain.nodes, complete: report.chain.complete },
    coverage: { complete: report.coverage.complete },
    evidence: report.evidence.filter(({ id }) => cited.has(id)),
  };
}

/** The narrowest of several answers. */
function narrowest(answers: readonly Answer[]): Answer {
  return ANSWERS[Math.max(...answers.map((answer) => ANSWERS.indexOf(answer)))] ?? "review";
}

function dutiesOf(part: UsePart, duties: EffectiveTerms["duties"], { asked, places }: Grounds): readonly UseDuty[] {
  const made = duties.flatMap((duty): readonly UseDuty[] => {
    const on = duty.on.filter((use) => asked.uses.includes(use));
    const above = openLimits(duty, asked);
    if (on.length === 0 || above === null) return [];
    const { kind, words, certain } = duty;
    const optional = { ...(words === undefined ? {} : { words }), ...(above.length === 0 ? {} : { above }) };
    return [{ ...places.cite(duty), kind, part, on, ...optional, certain }];
  });
  return [...new Map(made.map((duty) => [JSON.stringify(duty), duty])).values()];
}

/** Limits above which the duty binds that the numbers do not settle; none where it binds; null where it does not. */
function openLimits({ above }: Pick<EffectiveDuty, "above">, asked: Asked): readonly SizeLimit[] | null {
  const limits: readonly SizeLimit[] = above ?? [];
  const states = limits.map((limit) => isPassed(limit, asked));
  if (limits.length === 0 || states.includes(true)) return [];
  const open = limits.filter((_, at) => states[at] === null);
  return open.length === 0 ? null : open;
}

function citedIds(
  answers: readonly UseAnswer[],
  duties: readonly UseDuty[],
  disputes: UseReport["disputes"],
  report: Report,
): ReadonlySet<string> {
  const parts = answers.flatMap((answer) => answer.parts);
  const cited = [...parts.flatMap(({ because, checks }) => [...because, ...checks]), ...duties, ...disputes, ...report.chain.nodes];
  return new Set(cited.flatMap(({ evidence }) => evidence));
}
