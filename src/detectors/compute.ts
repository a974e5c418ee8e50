import type { Evidence } from "../core/evidence.ts";
import type { Finding } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { architectureFlop, ESTIMATE_MARGIN, hardwareFlop, peakOf } from "./support/compute-estimate.ts";
import { linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { quantitiesIn, type StatedQuantity } from "./support/quantities.ts";
import { releaseNames } from "./support/release-names.ts";

/** Share of the total by which rows may miss it beyond their own rounding. */
const SUM_MARGIN = 0.01;

/** Checks the arithmetic of what a card states about training: do rows add up, does the compute fit the model. */
export const detector: Detector = {
  id: "compute",
  version: 1,
  async detect(context) {
    const names = releaseNames(context);
    const findings = artifactsWith(context, ["readme", "model-card", "document"]).flatMap((artifact) => {
      const stated = quantitiesIn(context, artifact, names);
      const lowPrecision = /\bFP8\b/iu.test(artifact.text ?? "");
      return [...sumFindings(context, stated), ...estimateFindings(context, stated, lowPrecision)];
    });
    return { facts: [], findings };
  },
};

/** Rows of one table against the total stated for them: in the table, else in the sentences of the same document. */
function sumFindings(context: DetectorContext, stated: readonly StatedQuantity[]): readonly Finding[] {
  const tables = new Set(stated.flatMap(({ quantity, table }) => (quantity === "gpu-hours" && table > 0 ? [table] : [])));
  return [...tables].flatMap((table) => {
    const rows = stated.filter((row) => row.table === table && row.quantity === "gpu-hours");
    const totals = stated.filter(({ quantity }) => quantity === "gpu-hours-total");
    const total =
      totals.find((candidate) => candidate.table === table) ??
      (tables.size === 1 ? totals.find((candidate) => candidate.table === 0) : undefined);
    return rows.length < 2 || total === undefined ? [] : checkSum(context, rows, total);
  });
}

function checkSum(context: DetectorContext, rows: readonly StatedQuantity[], total: StatedQuantity): readonly Finding[] {
  const sum = Number(rows.reduce((all, row) => all + row.value, 0).toPrecision(12));
  const slack = rows.reduce((all, row) => all + row.slack, total.slack) + SUM_MARGIN * total.value;
  const difference = Number((total.value - sum).toPrecision(12));
  if (Math.abs(difference) <= slack) return [];
  const id = difference > 0 ? "facts.gpu-hours-sum" : "facts.gpu-hours-sum.over";
  return [finding(context, "compute/gpu-hours-sum", id, { sum, stated: total.value, difference: Math.abs(difference) }, [total, ...rows])];
}

// Hours for a given amount of data measure speed, not a whole training.
const PER_AMOUNT =
  /\b(?:on|per|for|every)\s+[\d.,]+\s?[KMBT]?\s+tokens\b|\bper\s+(?:epoch|step|trillion|billion|million)\b|每[\d.]*\s?(?:[KMBT]|万亿|亿|億)/iu;

/** One model of the family with all that was stated about it. */
interface Run {
  readonly parameters: StatedQuantity;
  readonly tokens: StatedQuantity;
  readonly hours: StatedQuantity | undefined;
  readonly flop: StatedQuantity | undefined;
}

function estimateFindings(context: DetectorContext, stated: readonly StatedQuantity[], lowPrecision: boolean): readonly Finding[] {
  return runsOf(stated).flatMap(({ parameters, tokens, hours, flop }) => {
    const estimate = architectureFlop(parameters.value, tokens.value);
    const about = { parameters: parameters.stated, tokens: tokens.stated, estimate: scientific(estimate) };
    const found: Finding[] = [];
    if (flop !== undefined && Math.abs(estimate / flop.value - 1) > ESTIMATE_MARGIN) {
      found.push(
        finding(context, "compute/flop-mismatch", "facts.flop-mismatch", { ...about, stated: flop.stated }, [flop, parameters, tokens]),
      );
    }
    const peak = hours?.hardware === undefined ? null : peakOf(hours.hardware, lowPrecision);
    if (hours === undefined || peak === null) return found;
    const most = hardwareFlop(hours.value, peak, 1);
    if (estimate > most) {
      const args = {
        ...about,
        hours: hours.value,
        hardware: hours.hardware ?? "",
        most: scientific(most),
        percent: Math.round((100 * estimate) / most),
      };
      found.push(finding(context, "compute/impossible-utilization", "facts.impossible-utilization", args, [hours, parameters, tokens]));
    }
    return found;
  });
}

/**
 * Puts together what belongs to one model: by the size that rows and sentences name, or, when the document speaks of
 * one size and one amount of tokens only, by itself. Mixtures of experts count what is active per token.
 */
function runsOf(stated: readonly StatedQuantity[]): readonly Run[] {
  const of = (quantity: string): readonly StatedQuantity[] => stated.filter((candidate) => candidate.quantity === quantity);
  const active = of("parameters").filter((candidate) => candidate.active);
  // Totals of a mixture of experts would overstate the work: without an active count nothing is estimated.
  const sizes = active.length > 0 ? active : of("parameters");
  const sizeValues = new Set(sizes.map(({ value }) => value));
  const tokenValues = new Set(of("tokens").map(({ value }) => value));
  const hours = of("gpu-hours").filter(({ quote }) => !PER_AMOUNT.test(quote));
  const totals = of("gpu-hours-total");
  return [...sizeValues].flatMap((value) => {
    const parameters = sizes.find((candidate) => candidate.value === value);
    if (parameters === undefined) return [];
    const lone = sizeValues.size === 1;
    const named = (candidates: readonly StatedQuantity[]): StatedQuantity | undefined =>
      candidates.find(({ subject }) => sizeIn(subject) === value);
    const tokens = named(of("tokens")) ?? (tokenValues.size === 1 ? of("tokens")[0] : undefined);
    if (tokens === undefined) return [];
    const hour = named(hours) ?? (lone ? (totals[0] ?? (hours.length === 1 ? hours[0] : undefined)) : undefined);
    const flops = of("flop");
    return [{ parameters, tokens, hours: hour, flop: named(flops) ?? (lone && flops.length === 1 ? flops[0] : undefined) }];
  });
}

function sizeIn(subject: string): number | null {
  const match = /(\d{1,5}(?:\.\d{1,3})?)\s?([BMbm])(?![A-Za-z])/u.exec(subject);
  if (match === null) return null;
  return Number((Number(match[1]) * (match[2]?.toLowerCase() === "b" ? 1e9 : 1e6)).toPrecision(12));
}

/** Two digits are all that an estimate is good for. */
function scientific(value: number): string {
  return value.toExponential(1).replace("e+", "e");
}

function finding(
  context: DetectorContext,
  ruleId: string,
  id: string,
  args: NonNullable<Message["args"]>,
  [first, ...rest]: readonly [StatedQuantity, ...StatedQuantity[]],
): Finding {
  const show = ({ artifact, startLine, endLine, quote }: StatedQuantity): Evidence =>
    linesEvidence(context, artifact, { start: startLine, end: endLine }, quote);
  const evidence = [show(first), ...rest.map(show)] as const;
  const message = { id, args, evidence: evidence.map((one) => one.id) };
  return { ruleId, severity: "medium", message, path: first.artifact.path, evidence };
}
