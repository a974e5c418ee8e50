// One row a component, verdict, criterion and finding: for spreadsheets, and for many releases in one sheet.
import { stringify } from "csv-stringify/sync";
import type { Report } from "../../core/report.ts";
import { distinctDuties, dutyText, groundsText, namesOf } from "../chain-phrases.ts";
import type { Format } from "../format.ts";
import { coveredText } from "../listed-files.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";

const COLUMNS = ["release", "digest", "kind", "id", "profile", "state", "level", "licenses", "places", "text", "evidence"] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

export const format: Format = {
  id: "csv",
  extensions: [".csv"],
  render: (report, options) => sheet([report], options),
  renderMany: sheet,
};

/** Column names are for programs and stay the same in every language. A cell that a spreadsheet would run as a formula is made text. */
function sheet(reports: readonly Report[], options: ReportOptions): string {
  const rows = reports.flatMap((report) => rowsOf(report, new Phrases(options.language)));
  return stringify(rows, { header: true, columns: [...COLUMNS], escape_formulas: true, record_delimiter: "unix" });
}

function rowsOf(report: Report, phrases: Phrases): readonly Row[] {
  const digests = new Map(report.evidence.map((piece) => [piece.id, `${phrases.place(piece)} ${piece.digest}`]));
  const evidence = (ids: readonly string[] | undefined): string => list([...new Set(ids)].flatMap((id) => digests.get(id) ?? []));
  const rows: Row[] = [
    {
      kind: "headline",
      id: report.headline.word,
      level: report.headline.label,
      text: list(report.headline.because.map((message) => phrases.tell(message))),
    },
    ...report.components.map(
      ({ id, availability, openness, licenses, places, evidence: ids }): Row => ({
        kind: "component",
        id,
        state: availability,
        level: openness,
        licenses: list(licenses),
        places: list(places),
        evidence: evidence(ids),
      }),
    ),
    ...report.verdicts.flatMap(({ standard, profile = "", result, level = "", criteria }): readonly Row[] => [
      { kind: "verdict", id: standard, profile, state: result, level },
      ...criteria.map(
        (criterion): Row => ({
          kind: "criterion",
          id: criterion.id,
          profile,
          state: criterion.result,
          level: criterion.level ?? "",
          text: list(criterion.because.map((message) => phrases.tell(message))),
          evidence: evidence(criterion.because.flatMap((message) => message.evidence ?? [])),
        }),
      ),
    ]),
    ...chainRows(report, phrases, evidence),
    ...report.files.map(
      (file): Row => ({
        kind: "file",
        id: safeText([file.format, ...(file.alsoFormats ?? [])].join(" + ")),
        state: file.coverage.state,
        level: file.risk,
        places: safeText(file.path),
        text: coveredText(phrases, file.coverage),
        evidence: safeText(file.digest),
      }),
    ),
    ...(report.policy?.rules ?? []).map(
      ({ id, effect, outcome, reason, detail = "" }): Row => ({
        kind: "policy",
        id: safeText(id),
        state: outcome,
        level: effect,
        text: phrases.clauses([reason, detail].map(safeText)),
      }),
    ),
    ...report.findings.map(
      ({ ruleId, severity, message, path = "", evidence: ids }): Row => ({
        kind: "finding",
        id: ruleId,
        state: severity,
        places: safeText(path),
        text: phrases.tell(message),
        evidence: evidence(ids),
      }),
    ),
  ];
  return rows.map((row) => ({ release: safeText(report.target.ref), digest: report.target.digest, ...row }));
}

/** A row a parent, use and duty. */
function chainRows({ chain }: Report, phrases: Phrases, evidence: (ids: readonly string[]) => string): readonly Row[] {
  const byId = new Map(chain.nodes.map((node) => [node.id, node]));
  const names = namesOf(chain);
  return [
    ...chain.edges.map(({ child, parent, relation, evidence: ids }): Row => {
      const node = byId.get(parent);
      const licenses = list(node?.licenses ?? []);
      const state = node?.reason ?? node?.resolution ?? "unresolved";
      return { kind: "parent", id: safeText(parent), state, level: relation, licenses, places: safeText(child), evidence: evidence(ids) };
    }),
    ...chain.uses.map((use): Row => {
      const text = groundsText(phrases, use, names, Number.POSITIVE_INFINITY);
      return {
        kind: "use",
        id: use.use,
        state: use.permission,
        licenses: list([...new Set(use.because.map(({ license }) => license))]),
        text,
      };
    }),
    ...distinctDuties(chain).map((duty): Row => {
      const state = duty.certain ? "certain" : "possible";
      return { kind: "duty", id: duty.kind, state, licenses: safeText(duty.license), text: dutyText(phrases, duty) };
    }),
  ];
}

function list(items: readonly string[]): string {
  return items.map(safeText).join("; ");
}
