// The European index: dimensions graded open, partial or closed. What cannot be told stays a range, never a guess.
import { factsOf, type JudgementFact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { CriterionResult, Message, Outcome } from "../core/report.ts";
import type { Dimension, Grade, GradedStandard } from "./definition.ts";
import { evaluate } from "./evaluate.ts";
import { allOutcomes, distinct, type Evaluation } from "./evaluation.ts";
import { gapTo, type Judged } from "./judged.ts";
import { idsOf } from "./view.ts";

/** Digits kept of a mean; the index itself publishes four. */
const DIGITS = 4;

interface Graded {
  readonly dimension: Dimension;
  readonly grade: Grade | null;
  /** Grades between which it lies when it is not settled. */
  readonly range?: { readonly low: Grade; readonly high: Grade };
  readonly low: number;
  readonly high: number;
  readonly because: readonly Message[];
  readonly missing: readonly Message[];
  readonly evaluation: Evaluation;
}

/** Grades every dimension, from the release or, where they are accepted, from somebody's record. */
export function judgeGrades(standard: GradedStandard, view: ReleaseView): Judged {
  const record = factsOf(view.facts, "judgement").filter((fact) => fact.standard === "osaii-2026");
  const graded = standard.dimensions.map((dimension) => {
    if (record.length === 0) return observe(standard, dimension, view);
    return view.acceptClaims ? accept(standard, dimension, record) : claim(standard, dimension, record, view);
  });
  const criteria = graded.map(resultOf);
  return {
    verdict: {
      standard: standard.id,
      result: allOutcomes(criteria.map((criterion) => criterion.result)),
      score: scoresOf(standard, graded),
      criteria,
    },
    gap: gapTo(
      { standard: standard.id, to: "open" },
      graded.map((one) => one.evaluation),
    ),
  };
}

function observe(standard: GradedStandard, dimension: Dimension, view: ReleaseView): Graded {
  const open = evaluate(dimension.open, view);
  const some = evaluate(dimension.some, view);
  const { points } = standard;
  const reasons = { because: distinct([...open.because, ...some.because]), missing: open.missing, evaluation: open };
  const grade = gradeFrom(open.result, some.result);
  if (grade !== null) return { dimension, grade, low: points[grade], high: points[grade], ...reasons };
  return {
    dimension,
    ...between(points, some.result === "met" ? "partial" : "closed", open.result === "not-met" ? "partial" : "open"),
    ...reasons,
  };
}

function between(points: GradedStandard["points"], low: Grade, high: Grade): Pick<Graded, "grade" | "range" | "low" | "high"> {
  return { grade: null, range: { low, high }, low: points[low], high: points[high] };
}

function gradeFrom(open: Outcome, some: Outcome): Grade | null {
  if (open === "met") return "open";
  if (some === "not-met") return "closed";
  return open === "not-met" && some === "met" ? "partial" : null;
}

/** The record's own grade; a dimension it leaves out counts as closed, one that its layout never had is not known. */
function accept(standard: GradedStandard, dimension: Dimension, record: readonly JudgementFact[]): Graded {
  const fact = record.find((candidate) => candidate.subject === dimension.field);
  const range = rangeFrom(record.find((candidate) => candidate.subject === `${RANGE_SUBJECT}${dimension.field}`)?.value);
  const isLegacy = record.some((candidate) => candidate.subject === LAYOUT_SUBJECT && candidate.value !== "current");
  const grade = gradeWord(fact?.value) ?? (isLegacy ? null : "closed");
  const { points } = standard;
  const message: Message =
    fact === undefined
      ? { id: grade === null ? "standards.claim.no-such-dimension" : "standards.claim.missing", args: { field: dimension.field } }
      : { id: "standards.claim.accepted", args: { subject: dimension.field, value: fact.value ?? "-" }, evidence: idsOf(fact.evidence) };
  const reasons = told(message, grade === "open");
  if (fact === undefined && range !== null) return { dimension, ...between(points, range.low, range.high), ...reasons };
  const low = grade === null ? points.closed : points[grade];
  const high = grade === null ? points.open : points[grade];
  return { dimension, grade, low, high, ...reasons };
}

function claim(standard: GradedStandard, dimension: Dimension, record: readonly JudgementFact[], view: ReleaseView): Graded {
  const fact = record.find((candidate) => candidate.subject === dimension.field);
  const observed = observe(standard, dimension, view);
  if (fact === undefined) return observed;
  const args = { subject: dimension.field, value: fact.value ?? "-", by: fact.evidence[0].source };
  const message: Message = { id: "standards.claim.unverified", args, evidence: idsOf(fact.evidence) };
  return { ...observed, because: [message, ...observed.because] };
}

function told(message: Message, isOpen: boolean): Pick<Graded, "because" | "missing" | "evaluation"> {
  const evaluation: Evaluation = { result: isOpen ? "met" : "not-met", because: [message], missing: [], steps: [] };
  return { because: [message], missing: [], evaluation };
}

/** Subject of the judgement that names the record's layout. */
const LAYOUT_SUBJECT = "layout";

/** Subjects of judgements that give the lowest and highest grade of a dimension the record does not settle. */
const RANGE_SUBJECT = "range.";

function rangeFrom(value: string | null | undefined): { readonly low: Grade; readonly high: Grade } | null {
  const [low, high] = (value ?? "").split(" ").map(gradeWord);
  return low === undefined || low === null || high === undefined || high === null ? null : { low, high };
}

function gradeWord(value: string | null | undefined): Grade | null {
  return value === "open" || value === "partial" || value === "closed" ? value : null;
}

function resultOf(graded: Graded): CriterionResult {
  const { dimension, grade, range, because, missing } = graded;
  const result: Outcome = grade === null ? "unknown" : grade === "open" ? "met" : "not-met";
  return {
    id: dimension.id,
    result,
    because,
    ...(missing.length === 0 ? {} : { missing }),
    ...(grade === null ? {} : { level: grade }),
    ...(range === undefined ? {} : { range }),
  };
}

function scoresOf(standard: GradedStandard, graded: readonly Graded[]): Readonly<Record<string, number>> {
  const categories = [...new Set(standard.dimensions.map((dimension) => dimension.category))];
  const score: Record<string, number> = { ...meanOf("total", graded) };
  for (const category of categories) {
    Object.assign(
      score,
      meanOf(
        category,
        graded.filter(({ dimension }) => dimension.category === category),
      ),
    );
  }
  return score;
}

function meanOf(name: string, graded: readonly Graded[]): Readonly<Record<string, number>> {
  const low = mean(graded.map((one) => one.low));
  const high = mean(graded.map((one) => one.high));
  return graded.every((one) => one.grade !== null) ? { [name]: low } : { [`${name}-low`]: low, [`${name}-high`]: high };
}

function mean(values: readonly number[]): number {
  const exact = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  return Number(exact.toFixed(DIGITS));
}
