// Several releases side by side: a row for each standard and component, a column for each release.

import type { Availability, ComponentId, Openness } from "../core/component.ts";
import { COMPONENT_IDS } from "../core/component.ts";
import type { ComponentReport, HeadlineWord, Outcome, Report, Verdict } from "../core/report.ts";

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

/** What a column of the matrix shows of a report. */
export interface MatrixColumn {
  readonly ref: string;
  readonly digest: string;
  readonly rules: string;
  readonly complete: boolean;
  readonly word: HeadlineWord;
  readonly label: string;
  readonly verdicts: readonly Pick<Verdict, "standard" | "profile" | "result" | "level" | "score">[];
  readonly components: readonly Pick<ComponentReport, "id" | "availability" | "openness" | "licenses">[];
  readonly findings: Readonly<Record<string, number>>;
}

export function columnOf(report: Report): MatrixColumn {
  const findings: Record<string, number> = {};
  for (const { severity } of report.findings) findings[severity] = (findings[severity] ?? 0) + 1;
  return {
    ref: report.target.ref,
    digest: report.target.digest,
    rules: report.tool.rules,
    complete: report.coverage.complete,
    word: report.headline.word,
    label: report.headline.label,
    verdicts: report.verdicts.map(({ standard, profile, result, level, score }) => ({
      standard,
      result,
      ...(profile === undefined ? {} : { profile }),
      ...(level === undefined ? {} : { level }),
      ...(score === undefined ? {} : { score }),
    })),
    components: report.components.map(({ id, availability, openness, licenses }) => ({ id, availability, openness, licenses })),
    findings,
  };
}

export function matrixOf(reports: readonly Report[]): Matrix {
  return matrixOfColumns(reports.map(columnOf));
}

export function matrixOfColumns(columns: readonly MatrixColumn[]): Matrix {
  const standards = new Map<string, { readonly standard: string; readonly profile?: string }>();
  for (const { verdicts } of columns)
    for (const { standard, profile } of verdicts)
      standards.set(`${standard} ${profile ?? ""}`, { standard, ...(profile === undefined ? {} : { profile }) });
  return {
    releases: columns.map(({ ref, digest, rules, complete }) => ({ ref, digest, rules, complete })),
    rows: [
      { kind: "headline", id: "headline", cells: columns.map(({ word, label }) => ({ kind: "headline", word, label })) },
      ...[...standards.values()].map(
        ({ standard, profile }): MatrixRow => ({
          kind: "verdict",
          id: standard,
          ...(profile === undefined ? {} : { profile }),
          cells: columns.map((column) => verdictCell(column, standard, profile)),
        }),
      ),
      ...COMPONENT_IDS.map((id): MatrixRow => ({ kind: "component", id, cells: columns.map((column) => componentCell(column, id)) })),
      { kind: "findings", id: "findings", cells: columns.map(({ findings: counts }) => ({ kind: "findings", counts })) },
    ],
  };
}

function verdictCell(column: MatrixColumn, standard: string, profile: string | undefined): Cell {
  const verdict = column.verdicts.find((one) => one.standard === standard && one.profile === profile);
  if (verdict === undefined) return { kind: "none" };
  const { result, level, score } = verdict;
  return { kind: "verdict", result, ...(level === undefined ? {} : { level }), ...(score === undefined ? {} : { score }) };
}

function componentCell(column: MatrixColumn, id: ComponentId): Cell {
  const component = column.components.find((one) => one.id === id);
  if (component === undefined) return { kind: "none" };
  const { availability, openness, licenses } = component;
  return { kind: "component", availability, openness, licenses };
}
