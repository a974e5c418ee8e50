// What was seen of the data, as headings, tables and sentences in one language; the outputs only differ in how they draw these.
import type { DataFileReport, DataIdColumn, DataPlace, DataRate, DataReport, DataRuleReport, DataSample } from "../../core/dataset.ts";
import { lookup } from "../messages.ts";
import { bytesText, type Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";
import { numberText } from "../sentence.ts";

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export interface Section {
  readonly id: SectionId;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

type SectionId = "coverage" | "rules" | "broken" | "duplicates" | "overlaps" | "languages" | "domains" | "files";

/** Rows of a table before --verbose is needed. */
const ROWS = 20;
const SAMPLES = 2;

/** All of a data report. Text from the data is made safe here. */
export function dataOutline(report: DataReport, phrases: Phrases, verbose: boolean): readonly Section[] {
  const sections = [
    section(phrases, "coverage", coverage(report, phrases)),
    section(phrases, "rules", rules(report, phrases, verbose)),
    section(phrases, "broken", broken(report, phrases)),
    section(phrases, "duplicates", duplicates(report, phrases)),
    section(phrases, "overlaps", overlaps(report, phrases)),
    section(phrases, "languages", languages(report, phrases, verbose)),
    section(phrases, "domains", domains(report, phrases, verbose)),
    section(phrases, "files", [files(report, phrases, verbose)]),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

function section(phrases: Phrases, id: SectionId, blocks: readonly Block[]): Section {
  return {
    id,
    heading: phrases.word(`data.heading.${id}`),
    blocks: blocks.filter((block) => block.kind !== "table" || block.rows.length > 0),
  };
}

const text = (content: string): Block => ({ kind: "text", text: content });

/** How many rows were read of how many. */
export function rowsText({ rows, rowsPresent }: Pick<DataReport["coverage"], "rows" | "rowsPresent">, phrases: Phrases): string {
  if (rowsPresent === null) return phrases.say("data.rows-read", { rows });
  return phrases.say(rowsPresent === rows ? "data.rows-all" : "data.rows-of", { rows, present: rowsPresent });
}

/** How much was read, but for the rows. */
export function sizeTexts(report: DataReport, phrases: Phrases): { readonly files: string; readonly bytes: string } {
  const { files, filesRead, bytes, bytesPresent } = report.coverage;
  return {
    files: phrases.say("data.files-read", { read: filesRead, files }),
    bytes: phrases.say("data.bytes-read", { bytes: bytesText(bytes), present: bytesText(bytesPresent) }),
  };
}

function coverage(report: DataReport, phrases: Phrases): readonly Block[] {
  const { files, bytes } = sizeTexts(report, phrases);
  const lines = [`${files} ${rowsText(report.coverage, phrases)} ${bytes}`, ...basisTexts(report, phrases)];
  if (!report.coverage.complete) lines.push(phrases.word("data.incomplete"));
  return lines.map(text);
}

/** What was read stands for. */
export function basisTexts({ coverage: { rows }, mode, noneAbove, units, tokens }: DataReport, phrases: Phrases): readonly string[] {
  const lines = [phrases.say("data.text-size", { units, tokens }), phrases.word(`data.mode.${mode}`)];
  if (noneAbove !== null && noneAbove > 0) lines.push(phrases.say("data.none-above", { share: percent(noneAbove) }));
  if (noneAbove === null && rows > 0) lines.push(phrases.word("data.no-rate"));
  return lines;
}

/** A share in per cent, to three digits. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return "0 %";
  return value < 0.001 ? "< 0.001 %" : `${Number(value.toPrecision(3))} %`;
}

export function rateText(rate: DataRate | null, phrases: Phrases): string {
  if (rate === null) return "–";
  return rate.low === rate.high
    ? percent(rate.share)
    : phrases.say("data.rate", { share: percent(rate.share), low: percent(rate.low), high: percent(rate.high) });
}

function rules(report: DataReport, phrases: Phrases, verbose: boolean): readonly Block[] {
  const { rules: found, looked } = report;
  if (looked.length === 0) return [text(phrases.word("data.no-rules"))];
  const head = ["rule", "rows", "hits", "rate"].map((column) => phrases.word(`data.column.${column}`));
  const rows = found.map((rule) => [ruleName(rule, phrases), numberText(rule.rows), numberText(rule.hits), rateText(rule.rate, phrases)]);
  const samples = [...found.flatMap((rule) => ruleLines(rule, phrases, verbose)), ...idColumnTexts(report, phrases)];
  const quiet = quietText(report, phrases);
  return [
    { kind: "table", head, rows },
    ...(quiet === "" ? [] : [text(quiet)]),
    ...(samples.length === 0 ? [] : [{ kind: "list", items: samples } as const]),
  ];
}

/** How many rules found nothing; nothing where no row was read. */
export function quietText({ rules: found, looked, coverage: seen, files }: DataReport, phrases: Phrases): string {
  const heard = new Set([...found, ...files.flatMap(({ idColumns = [] }) => idColumns)].map(({ rule }) => rule));
  const count = looked.filter((rule) => !heard.has(rule)).length;
  return seen.rows === 0 || count === 0 ? "" : phrases.say("data.rules-none", { count, of: looked.length });
}

/** Columns of ids, whose numbers are not counted. */
export function idColumnTexts({ files }: DataReport, phrases: Phrases): readonly string[] {
  return files.flatMap(({ path, idColumns = [] }) => idColumns.map((column) => idColumnText({ path, ...column }, phrases)));
}

function idColumnText({ path, rule, field, cells, shaped, passed }: DataIdColumn & { readonly path: string }, phrases: Phrases): string {
  const said = phrases.say("data.id-column", { rule: safeText(rule), field: safeText(field), cells, shaped, passed });
  return phrases.pair(safeText(path), said);
}

/** A rule's title in the reader's language. */
export function ruleName({ rule, title }: DataRuleReport, phrases: Phrases): string {
  return lookup(title, phrases.language) ?? safeText(rule);
}

function ruleLines({ rule, remedy: id, samples }: DataRuleReport, phrases: Phrases, verbose: boolean): readonly string[] {
  const remedy = lookup(id, phrases.language);
  const shown = samples.slice(0, verbose ? samples.length : SAMPLES).map((sample) => sampleText(sample, phrases));
  return [phrases.pair(safeText(rule), phrases.clauses([...shown, remedy ?? ""]))];
}

function sampleText(sample: DataSample, phrases: Phrases): string {
  return phrases.pair(samplePlace(sample, phrases), safeText(sample.shown));
}

export function samplePlace(sample: DataSample, phrases: Phrases): string {
  const field = sample.field === "" ? "" : phrases.say("data.in-field", { field: safeText(sample.field) });
  return phrases.join([placeText(sample, phrases), field]);
}

function placeText({ path, row, from, after }: DataPlace, phrases: Phrases): string {
  if (row !== null) return phrases.say("data.place", { path: safeText(path), row });
  return phrases.say("data.place-after", { path: safeText(path), from: from ?? 0, after: after ?? 0 });
}

function broken({ files: all }: DataReport, phrases: Phrases): readonly Block[] {
  const items = all.flatMap(({ path, broken: codes, problem }) => [
    ...codes.map(({ code, rows, places }) =>
      phrases.clauses([
        phrases.pair(safeText(path), phrases.say(`data.broken.${code}`, { rows })),
        phrases.join(places.map((place) => placeText(place, phrases))),
      ]),
    ),
    ...(problem === undefined
      ? []
      : [
          phrases.pair(
            safeText(path),
            phrases.note(
              phrases.detail(problem.detail),
              problem.offset === undefined ? "" : phrases.say("data.at-byte", { offset: problem.offset }),
            ),
          ),
        ]),
  ]);
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function duplicates({ duplicates: found, lines }: DataReport, phrases: Phrases): readonly Block[] {
  const { rows, distinct, repeated, level, acrossSplits, near } = found;
  if (rows === 0) return [];
  const parts = [phrases.say("data.duplicates", { repeated, rows, distinct, share: percent(repeated / rows) })];
  if (level > 0) parts.push(phrases.say("data.estimated", { one: 2 ** level }));
  if (near.rows > 0) {
    const share = percent(near.inGroups / near.rows);
    parts.push(phrases.say("data.near", { rows: near.inGroups, share, groups: near.groups, largest: near.largest }));
    if (near.level > 0) parts.push(phrases.say("data.estimated", { one: 2 ** near.level }));
  }
  for (const { splits, rows: shared } of acrossSplits)
    parts.push(phrases.say("data.across", { splits: splits.replaceAll("+", " + "), rows: shared }));
  const head = [phrases.word("data.column.line"), phrases.word("data.column.rows")];
  return [...parts.map(text), { kind: "table", head, rows: lines.map(({ line, rows: count }) => [safeText(line), numberText(count)]) }];
}

function overlaps({ overlaps: found }: DataReport, phrases: Phrases): readonly Block[] {
  return found.map(({ testSet, items, short, touched, half, whole }) =>
    text(phrases.pair(safeText(testSet), phrases.say("data.overlap", { items, short, touched, half, whole }))),
  );
}

function languages({ languages: told, languageRows, scripts }: DataReport, phrases: Phrases, verbose: boolean): readonly Block[] {
  if (told.length === 0) return [];
  const shown = (list: readonly (readonly [string, number])[]): string =>
    phrases.join(list.slice(0, verbose ? list.length : 8).map(([name, share]) => `${safeText(name)} ${percent(share)}`));
  return [
    text(phrases.pair(phrases.say("data.languages", { rows: languageRows }), shown(told.map(({ language, share }) => [language, share])))),
    text(phrases.pair(phrases.word("data.scripts"), shown(scripts.map(({ script, share }) => [script, share])))),
  ];
}

function domains({ domains: found, domainLevel }: DataReport, phrases: Phrases, verbose: boolean): readonly Block[] {
  if (found.length === 0) return [];
  const head = [phrases.word("data.column.domain"), phrases.word("data.column.rows")];
  const rows = found.slice(0, verbose ? found.length : 10).map(({ domain, rows: count }) => [safeText(domain), numberText(count)]);
  return [{ kind: "table", head, rows }, ...(domainLevel > 0 ? [text(phrases.say("data.estimated", { one: 2 ** domainLevel }))] : [])];
}

function files({ files: all }: DataReport, phrases: Phrases, verbose: boolean): Block {
  const head = ["file", "form", "size", "rows", "basis"].map((column) => phrases.word(`data.column.${column}`));
  const shown = verbose ? all : all.slice(0, ROWS);
  return { kind: "table", head, rows: shown.map((file) => fileRow(file, phrases)) };
}

function fileRow(
  { path, format, packing, encoding, sizeBytes, rows, rowsPresent, basis }: DataFileReport,
  phrases: Phrases,
): readonly string[] {
  const form = formText({ format, packing, encoding }, phrases);
  const count = rowsPresent === null || rowsPresent === rows ? numberText(rows) : `${numberText(rows)} / ${numberText(rowsPresent)}`;
  return [safeText(path), form, bytesText(sizeBytes), count, phrases.word(`data.basis.${basis}`)];
}

/** Format of a file, how it is packed, and how it is written where that is not UTF-8. */
export function formText({ format, packing, encoding }: Pick<DataFileReport, "format" | "packing" | "encoding">, phrases: Phrases): string {
  return phrases.join([format, packing ?? "", encoding === "utf-8" ? "" : encoding]);
}
