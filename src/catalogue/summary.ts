// What a list and a matrix show of a report, and the cells it can be found by.
import type { Report } from "../core/report.ts";

export interface ReleaseIdentity {
  /** Reference without revision. */
  readonly key: string;
  readonly name: string;
  /** Owner on a host, scope of a package; the source's kind where there is none. */
  readonly publisher: string;
}

/** A filter's value; index rows of PostgreSQL end at some 2,700 bytes. */
const MAX_VALUE = 500;

/** Characters of a report kept for searching. */
const MAX_TEXT = 16_384;

/** Text that both engines can hold: PostgreSQL knows no NUL, neither knows half a character. */
function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}

/** The release that a report is about. */
export function identityOf(report: Report): ReleaseIdentity {
  const key = storable(report.target.ref)
    .slice(0, MAX_VALUE)
    .replace(/(?<=[^/@])@[^/@]+$/u, "");
  const path = key.replace(/^[a-z][a-z0-9+]*:(?:\/\/)?/u, "").replace(/\.git$/u, "");
  const parts = path.split(/[/\\]/u).filter((part) => part !== "");
  const name = parts.at(-1) ?? key;
  const recorded = /^(.+)__(.+)$/u.exec(name);
  if (recorded !== null) return { key, name: recorded[2] ?? name, publisher: recorded[1] ?? "" };
  return { key, name, publisher: parts.at(-2) ?? report.target.sources[0]?.kind ?? "" };
}

/** License that decides about the weights, or the first of the release; empty where none is known. */
export function licenseOf(report: Report): string {
  const weights = report.components.find(({ id }) => id === "weights");
  return storable(weights?.licenses.join(" AND ") || (report.licenses.find(({ thirdParty }) => thirdParty !== true)?.id ?? ""));
}

/** Filters as `cell` and `value`: `component:weights` = `found`, `openness:weights` = `open`, `standard:osaid-1.0` = `met`. */
export function cellsOf(report: Report): readonly { readonly cell: string; readonly value: string }[] {
  const { publisher } = identityOf(report);
  const cells = [
    { cell: "word", value: report.headline.word },
    { cell: "label", value: report.headline.label },
    { cell: "complete", value: String(report.coverage.complete) },
    { cell: "publisher", value: publisher },
    ...report.components.flatMap(({ id, availability, openness }) => [
      { cell: `component:${id}`, value: availability },
      { cell: `openness:${id}`, value: openness },
    ]),
    ...report.verdicts.flatMap(({ standard, profile, result, level }) => {
      const name = profile === undefined ? standard : `${standard}:${profile}`;
      return [{ cell: `standard:${name}`, value: result }, ...(level === undefined ? [] : [{ cell: `level:${name}`, value: level }])];
    }),
    ...report.licenses.filter(({ thirdParty }) => thirdParty !== true).map(({ id }) => ({ cell: "license", value: id })),
    ...report.findings.flatMap(({ ruleId, severity }) => [
      { cell: "finding", value: ruleId },
      { cell: "severity", value: severity },
    ]),
  ];
  const seen = new Map(
    cells.map(({ cell, value }) => [`${cell}\0${value}`, { cell: storable(cell), value: storable(value).slice(0, MAX_VALUE) }]),
  );
  return [...seen.values()];
}

/** Words that a report can be found by: names, licenses, places, parents, claims, quotes. */
export function searchTextOf(report: Report): string {
  const { name, publisher } = identityOf(report);
  const { relations, claims } = report.statements;
  const parts = [
    report.target.ref,
    name,
    publisher,
    ...report.licenses.map(({ id }) => id),
    ...relations.map(({ target }) => target),
    ...claims.map(({ claim }) => claim),
    ...report.findings.map(({ ruleId }) => ruleId),
    ...report.components.flatMap(({ places }) => places.slice(0, 3)),
    ...report.evidence.map(({ quote = "" }) => quote),
  ];
  return parts.join("\n").slice(0, MAX_TEXT);
}
