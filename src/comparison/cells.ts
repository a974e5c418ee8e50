// Which cells of a report rest on which evidence: what has to be looked at again when a file changed.
import type { Report } from "../core/report.ts";

export interface RestingCell {
  readonly area: "headline" | "criterion" | "component" | "license" | "finding";
  readonly id: string;
}

/** Evidence id -> cells that name it, in the order of the report. */
export function cellsByEvidence(report: Report): ReadonlyMap<string, readonly RestingCell[]> {
  const cells = new Map<string, RestingCell[]>();
  const note = (cell: RestingCell, ids: Iterable<string>): void => {
    for (const id of new Set(ids)) cells.set(id, [...(cells.get(id) ?? []), cell]);
  };
  note(
    { area: "headline", id: report.headline.word },
    report.headline.because.flatMap(({ evidence = [] }) => evidence),
  );
  for (const { criteria, profile } of report.verdicts)
    for (const { id, because } of criteria) {
      const name = profile === undefined ? id : `${id} (${profile})`;
      note(
        { area: "criterion", id: name },
        because.flatMap(({ evidence = [] }) => evidence),
      );
    }
  // How open a component is rests on where its licenses are stated.
  const stated = (id: string): readonly string[] =>
    report.licenses.flatMap((license) => (license.id === id && license.thirdParty !== true ? license.evidence : []));
  for (const { id, evidence, licenses } of report.components) note({ area: "component", id }, [...evidence, ...licenses.flatMap(stated)]);
  for (const { id, evidence, restrictions = [] } of report.licenses)
    note({ area: "license", id }, [...evidence, ...restrictions.flatMap((one) => one.evidence)]);
  for (const { ruleId, message, evidence } of report.findings)
    note({ area: "finding", id: ruleId }, [...evidence, ...(message.evidence ?? [])]);
  return cells;
}
