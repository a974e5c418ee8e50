// Profile mof-paper: the framework as its paper states it, from what the release shows.
import type { JudgementFact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { Message, Outcome } from "../core/report.ts";
import type { MofComponent, MofStandard } from "./definition.ts";
import { evaluate } from "./evaluate.ts";
import { allOutcomes, type Evaluation } from "./evaluation.ts";
import { nextClass } from "./judge-mot.ts";
import { criterionResult, gapTo, type Judged } from "./judged.ts";
import { mofJudgements, recordFromJudgements } from "./mof-record.ts";
import { applyMotRule, type MotLicenses, type MotStatus } from "./mot-rule.ts";
import { idsOf } from "./view.ts";

const PROFILE = "mof-paper";

interface Weighed {
  readonly component: MofComponent;
  readonly evaluation: Evaluation;
}

/** Judges the three classes; each class needs all below it. */
export function judgePaper(standard: MofStandard, licenses: MotLicenses, view: ReleaseView): Judged {
  const claims = mofJudgements(view);
  const isAccepted = claims.length > 0 && view.acceptClaims;
  const weighed = isAccepted ? fromRecord(standard, licenses, claims) : fromRelease(standard, view, claims);
  const needs = (lowest: number): readonly Weighed[] =>
    weighed.filter(({ component }) => component.required && component.class >= lowest && !isReplaced(component, lowest, weighed));
  const outcome = (lowest: number): Outcome => allOutcomes(needs(lowest).map(({ evaluation }) => evaluation.result));
  const reached = ([1, 2, 3] as const).find((one) => outcome(one) === "met") ?? 0;
  const bottom = outcome(3);
  const label = standard.classes.find((one) => one.class === reached)?.label;
  const target = nextClass(reached);
  return {
    verdict: {
      standard: standard.id,
      profile: PROFILE,
      result: bottom,
      level: label ?? (bottom === "not-met" ? standard.unclassified : "unknown"),
      score: { class1: share(needs(1)), class2: share(needs(2)), class3: share(needs(3)) },
      criteria: weighed.map(({ component, evaluation }) => criterionResult(component.id, evaluation)),
    },
    gap:
      target === null
        ? null
        : gapTo(
            { standard: standard.id, profile: PROFILE, to: standard.classes.find((one) => one.class === target)?.label ?? "" },
            needs(target).map(({ evaluation }) => evaluation),
          ),
  };
}

function share(needed: readonly Weighed[]): number {
  return (needed.filter(({ evaluation }) => evaluation.result === "met").length / Math.max(needed.length, 1)) * 100;
}

/** A paper may stand for the technical report; Class I asks for the paper itself. */
function isReplaced(component: MofComponent, lowest: number, weighed: readonly Weighed[]): boolean {
  if (lowest !== 1 || component.id !== "mof/technical-report") return false;
  return weighed.some((other) => other.component.id === "mof/research-paper" && other.evaluation.result === "met");
}

function fromRelease(standard: MofStandard, view: ReleaseView, claims: readonly JudgementFact[]): readonly Weighed[] {
  return standard.components.map((component) => {
    const evaluation = evaluate(component.when, view);
    const claim = claims.find((fact) => fact.subject === component.name);
    if (claim === undefined) return { component, evaluation };
    const args = { subject: claim.subject, value: claim.value ?? "-", by: claim.evidence[0].source };
    const message: Message = { id: "standards.claim.unverified", args, evidence: idsOf(claim.evidence) };
    return { component, evaluation: { ...evaluation, because: [message, ...evaluation.because] } };
  });
}

/** The same record as the tool reads, under the paper's rules: data sets under any terms, license names as SPDX means them. */
function fromRecord(standard: MofStandard, licenses: MotLicenses, claims: readonly JudgementFact[]): readonly Weighed[] {
  const { statuses } = applyMotRule(recordFromJudgements(claims, "lowest"), standard, licenses);
  return statuses.map((status) => {
    const { component } = status;
    const open = isOpenOnPaper(status, licenses, statuses);
    const args = { name: component.name, license: status.license };
    const id = open ? "standards.mot.open" : status.listed ? "standards.mot.not-open" : "standards.mot.unlisted";
    const evidence = idsOf(claims.filter((fact) => fact.subject === component.name).flatMap((fact) => fact.evidence));
    const because: readonly Message[] = [{ id, args, evidence }];
    return { component, evaluation: open ? { result: "met", because, missing: [], steps: [] } : notOpen(status, because) };
  });
}

function notOpen(status: MotStatus, because: readonly Message[]): Evaluation {
  const { component, listed } = status;
  const args = { name: component.name };
  const message = listed ? { id: `standards.do.mot-license.${component.contentType}` } : { id: "standards.do.mot-publish", args };
  const key = listed ? `license:${component.contentType}` : `publish:${component.id}`;
  const missing = [{ id: `standards.need.mot-${listed ? "license" : "listed"}`, args }];
  return { result: "not-met", because, missing, steps: [{ act: "other", key, message }] };
}

function isOpenOnPaper(status: MotStatus, licenses: MotLicenses, statuses: readonly MotStatus[]): boolean {
  if (status.component.id === "mof/technical-report" && !status.open) {
    const paper = statuses.find((other) => other.component.id === "mof/research-paper");
    return paper?.listed === true && isOpenExpression(paper.license, licenses);
  }
  if (!status.listed) return false;
  return status.component.id === "mof/datasets" || isOpenExpression(status.license, licenses);
}

/** SPDX ids ignore case; `A OR B` is open when either is, `A AND B` when both are. Nothing nested: what is not read is not open. */
function isOpenExpression(expression: string, licenses: MotLicenses): boolean {
  const ids = licenses.paper;
  return expression.split(/ OR /u).some((choice) => choice.split(/ AND /u).every((id) => ids.has(id.trim().toLowerCase())));
}
