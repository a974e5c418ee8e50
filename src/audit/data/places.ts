// Places of the data as evidence.
import type { DataPlace, DataReport, DataRuleReport } from "../../core/dataset.ts";
import { type Evidence, evidence, quoteOf } from "../../core/evidence.ts";

/** Where a rule's samples stand. */
export function placesOf(report: DataReport, rule: DataRuleReport): readonly Evidence[] {
  return rule.samples.map((sample) => placeEvidence(report, sample, sample.field, sample.shown));
}

export function placeEvidence(report: DataReport, place: DataPlace, field: string, quote: string): Evidence {
  const file = report.files.find(({ path }) => path === place.path);
  const row = place.row === null ? `${place.from ?? 0}+${(place.after ?? 1) - 1}` : String(place.row - 1);
  return evidence({
    source: file?.source ?? "",
    path: place.path,
    digest: file?.digest ?? "",
    span: { kind: "pointer", pointer: `/${row}${field === "" || field.startsWith("/") ? field : `/${field}`}` },
    ...(quote === "" ? {} : { quote: quoteOf(quote) }),
    method: "text",
  });
}

/** A file as the listing has it. */
export function fileEvidence({ source, path, digest }: DataReport["files"][number]): Evidence {
  return evidence({ source, path, digest, method: "listing" });
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
