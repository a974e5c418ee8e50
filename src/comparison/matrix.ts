// Several releases side by side: a row for each standard and component, a column for each release.

import type { Availability, ComponentId, Openness } from "../core/component.ts";
import { COMPONENT_IDS } from "../core/component.ts";
import type { HeadlineWord, Outcome, Report } from "../core/report.ts";

export type Cell =
  | { readonly kind: "headline"; readonly word: HeadlineWord; readonly label: string }
  | { readonly kind: "verdict"; readonly result: Outcome; readonly level?: string; readonly score?: Readonly<Record<string, number>> }
  | { readonly kind: "component"; readonly availability: Availability; readonly openness: Openness; readonly licenses: readonly string[] }
  | { readonly kind: "findings"; readonly counts: Readonly<Record<string, number>> }
  /** The report does not have it. */
  | { readonly kind: "none" };

export interface MatrixRow {
  readonly kind: "headline" | "verdict" | "component" | "findings";
  readonly id: string;
  readonly profile?: string;
  /** One for each release, in the order given. */
  readonly cells: readonly Cell[];
}

export interface Matrix {
  readonly releases: readonly { readonly ref: string; readonly digest: string; readonly rules: string; readonly complete: boolean }[];
  readonly rows: readonly MatrixRow[];
}

export function matrixOf(reports: readonly Report[]): Matrix {
  const standards = new Map<string, { readonly standard: string; readonly profile?: string }>();
  for (const { verdicts } of reports)
    for (const { standard, profile } of verdicts)
      standards.set(`${standard} ${profile ?? ""}`, { standard, ...(profile === undefined ? {} : { profile }) });
  return {
    releases: reports.map(({ target, tool, coverage }) => ({
      ref: target.ref,
      digest: target.digest,
      rules: tool.rules,
      complete: coverage.complete,
    })),
    rows: [
      { kind: "headline", id: "headline", cells: reports.map(({ headline: { word, label } }) => ({ kind: "headline", word, label })) },
      ...[...standards.values()].map(
        ({ standard, profile }): MatrixRow => ({
          kind: "verdict",
          id: standard,
          ...(profile === undefined ? {} : { profile }),
          cells: reports.map((report) => verdictCell(report, standard, profile)),
        }),
      ),
      ...COMPONENT_IDS.map((id): MatrixRow => ({ kind: "component", id, cells: reports.map((report) => componentCell(report, id)) })),
      { kind: "findings", id: "findings", cells: reports.map(findingsCell) },
    ],
  };
}

function verdictCell(report: Report, standard: string, profile: string | undefined): Cell {
  const verdict = report.verdicts.find((one) => one.standard === standard && one.profile === profile);
  if (verdict === undefined) return { kind: "none" };
  const { result, level, score } = verdict;
  return { kind: "verdict", result, ...(level === undefined ? {} : { level }), ...(score === undefined ? {} : { score }) };
}

function componentCell(report: Report, id: ComponentId): Cell {
  const component = report.components.find((one) => one.id === id);
  if (component === undefined) return { kind: "none" };
  const { availability, openness, licenses } = component;
  return { kind: "component", availability, openness, licenses };
}

function findingsCell({ findings }: Report): Cell {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return { kind: "findings", counts };
}
