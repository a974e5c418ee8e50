// Profile mof-mot: what the Model Openness Tool would say of the same record.
import type { JudgementFact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { Message, Outcome, Verdict } from "../core/report.ts";
import type { MofStandard } from "./definition.ts";
import type { Evaluation } from "./evaluation.ts";
import { criterionResult, gapTo, type Judged } from "./judged.ts";
import { mofJudgements, recordFromComponents, recordFromJudgements } from "./mof-record.ts";
import { applyMotRule, type MotLicenses, type MotResult, type MotStatus } from "./mot-rule.ts";
import type { Step } from "./steps.ts";
import { idsOf, stateOf } from "./view.ts";

const PROFILE = "mof-mot";

/** Judges a record that was accepted, or the span between the least and the most that the release may hold. */
export function judgeMot(standard: MofStandard, licenses: MotLicenses, view: ReleaseView): Judged {
  const claims = mofJudgements(view);
  if (claims.length > 0 && view.acceptClaims) {
    const least = applyMotRule(recordFromJudgements(claims, "lowest"), standard, licenses);
    const most = applyMotRule(recordFromJudgements(claims, "highest"), standard, licenses);
    return judgedFrom(standard, least, most, (status) => claimMessages(status, claims));
  }
  const low = applyMotRule(recordFromComponents(standard, view, "lowest"), standard, licenses);
  const high = applyMotRule(recordFromComponents(standard, view, "highest"), standard, licenses);
  return judgedFrom(standard, low, high, (status) => [...unverified(status, claims), ...observed(status, view)]);
}

/** The report's place is taken by the paper where the record lists one; the criterion then says so. */
function substituted(result: MotResult): MotResult {
  const paper = result.statuses.find((status) => status.component.id === "mof/research-paper");
  if (paper === undefined || !paper.listed) return result;
  const statuses = result.statuses.map((status) =>
    status.component.id === "mof/technical-report" && !status.open
      ? { ...status, open: paper.open, listed: true, license: paper.license, standsIn: true }
      : status,
  );
  return { ...result, statuses };
}

function judgedFrom(
  standard: MofStandard,
  lowest: MotResult,
  highest: MotResult,
  reasons: (status: MotStatus) => readonly Message[],
): Judged {
  const low = substituted(lowest);
  const high = substituted(highest);
  const evaluations = low.statuses.map((status, index) => ({
    status,
    evaluation: evaluationOf(status, high.statuses[index]?.open === true, reasons(status)),
  }));
  const result: Outcome = low.class > 0 ? "met" : high.class > 0 ? "unknown" : "not-met";
  const settled = low.class === high.class;
  const { class1, class2, class3 } = low.progress;
  const verdict: Verdict = {
    standard: standard.id,
    profile: PROFILE,
    result,
    level: settled || low.class > 0 ? low.label : "unknown",
    score: { class1, class2, class3 },
    criteria: evaluations.map(({ status, evaluation }) => criterionResult(status.component.id, evaluation)),
  };
  const target = nextClass(low.class);
  if (target === null) return { verdict, gap: null };
  const needed = evaluations.filter(
    ({ status }) => status.component.required && status.component.class >= target && !(status.standsIn && target === 1),
  );
  const to = standard.classes.find((one) => one.class === target)?.label ?? "";
  return {
    verdict,
    gap: gapTo(
      { standard: standard.id, profile: PROFILE, to },
      needed.map(({ evaluation }) => evaluation),
    ),
  };
}

/** A class number is better when lower: 0 is none, then 3, 2, 1. */
export function nextClass(reached: 0 | 1 | 2 | 3): 1 | 2 | 3 | null {
  if (reached === 0) return 3;
  if (reached === 3) return 2;
  return reached === 2 ? 1 : null;
}

function evaluationOf(status: MotStatus, maybe: boolean, because: readonly Message[]): Evaluation {
  const { component } = status;
  if (status.open) return { result: "met", because, missing: [], steps: [] };
  const args = { name: component.name };
  const missing: Message = { id: `standards.need.mot-${status.listed ? "license" : "listed"}`, args };
  const step: Step = status.listed
    ? { act: "other", key: `license:${component.contentType}`, message: { id: `standards.do.mot-license.${component.contentType}` } }
    : { act: "other", key: `publish:${component.id}`, message: { id: "standards.do.mot-publish", args } };
  return { result: maybe ? "unknown" : "not-met", because, missing: [missing], steps: [step] };
}

function describe(status: MotStatus): Message {
  const args = { name: status.component.name, license: status.license };
  if (!status.listed) return { id: "standards.mot.unlisted", args };
  if (status.standsIn && status.open) return { id: "standards.mot.stands-in", args };
  if (!status.open) return { id: "standards.mot.not-open", args };
  return { id: status.conditional ? "standards.mot.conditional" : "standards.mot.open", args };
}

function claimMessages(status: MotStatus, claims: readonly JudgementFact[]): readonly Message[] {
  return [{ ...describe(status), evidence: evidenceOf(status, claims) }];
}

function unverified(status: MotStatus, claims: readonly JudgementFact[]): readonly Message[] {
  const claim = claims.find((fact) => fact.subject === status.component.name);
  if (claim === undefined) return [];
  const args = { subject: claim.subject, value: claim.value ?? "-", by: claim.evidence[0].source };
  return [{ id: "standards.claim.unverified", args, evidence: idsOf(claim.evidence) }];
}

function evidenceOf(status: MotStatus, claims: readonly JudgementFact[]): readonly string[] {
  return idsOf(claims.filter((fact) => fact.subject === status.component.name).flatMap((fact) => fact.evidence));
}

function observed(status: MotStatus, view: ReleaseView): readonly Message[] {
  const { component } = status.component;
  if (component === null) return [{ ...describe(status), evidence: [] }];
  const { evidence, licenses } = stateOf(view, component);
  // What is listed is listed with its license, which was read somewhere too.
  const read = status.listed ? licenses.flatMap((license) => license.evidence) : [];
  return [{ ...describe(status), evidence: idsOf([...evidence, ...read]) }];
}
