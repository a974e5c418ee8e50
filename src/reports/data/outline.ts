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
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** Rows of a table before --verbose is needed. */
const ROWS = 20;
const SAMPLES = 2;

/** All of a data report. Text from the data is made safe here. */
export function dataOutline(report: DataReport, phrases: Phrases, verbose: boolean): readonly Section[] {
  const sections = [
    section(phrases, "data.heading.coverage", coverage(report, phrases)),
    section(phrases, "data.heading.rules", rules(report, phrases, verbose)),
    section(phrases, "data.heading.broken", broken(report, phrases)),
    section(phrases, "data.heading.duplicates", duplicates(report, phrases)),
    section(phrases, "data.heading.overlaps", overlaps(report, phrases)),
    section(phrases, "data.heading.languages", languages(report, phrases, verbose)),
    section(phrases, "data.heading.domains", domains(report, phrases, verbose)),
    section(phrases, "data.heading.files", [files(report, phrases, verbose)]),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

function section(phrases: Phrases, heading: string, blocks: readonly Block[]): Section {
  return { heading: phrases.word(heading), blocks: blocks.filter((block) => block.kind !== "table" || block.rows.length > 0) };
}

const text = (content: string): Block => ({ kind: "text", text: content });

function coverage({ coverage: seen, mode, noneAbove, units, tokens }: DataReport, phrases: Phrases): readonly Block[] {
  const { files, filesRead, rows, rowsPresent, bytes, bytesPresent, complete } = seen;
  const counts =
    rowsPresent === null
      ? phrases.say("data.rows-read", { rows })
      : phrases.say(rowsPresent === rows ? "data.rows-all" : "data.rows-of", { rows, present: rowsPresent });
  const lines = [
    `${phrases.say("data.files-read", { read: filesRead, files })} ${counts} ${phrases.say("data.bytes-read", { bytes: bytesText(bytes), present: bytesText(bytesPresent) })}`,
    phrases.say("data.text-size", { units, tokens }),
    phrases.word(`data.mode.${mode}`),
  ];
  if (noneAbove !== null && noneAbove > 0) lines.push(phrases.say("data.none-above", { share: percent(noneAbove) }));
  if (noneAbove === null && rows > 0) lines.push(phrases.word("data.no-rate"));
  if (!complete) lines.push(phrases.word("data.incomplete"));
  return lines.map(text);
}

/** A share in per cent, to three digits. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return "0 %";
  return value < 0.001 ? "< 0.001 %" : `${Number(value.toPrecision(3))} %`;
}

function rateText(rate: DataRate | null, phrases: Phrases): string {
  if (rate === null) return "–";
  return rate.low === rate.high
    ? percent(rate.share)
    : phrases.say("data.rate", { share: percent(rate.share), low: percent(rate.low), high: percent(rate.high) });
}

function rules({ rules: found, looked, coverage: seen, files }: DataReport, phrases: Phrases, verbose: boolean): readonly Block[] {
  if (looked.length === 0) return [text(phrases.word("data.no-rules"))];
  const hit = new Set(found.map(({ rule }) => rule));
  const ids = files.flatMap(({ path, idColumns = [] }) => idColumns.map((column) => ({ path, ...column })));
  const none = looked.filter((rule) => !hit.has(rule) && !ids.some((column) => column.rule === rule));
  const head = ["rule", "rows", "hits", "rate"].map((column) => phrases.word(`data.column.${column}`));
  const rows = found.map((rule) => [ruleName(rule, phrases), numberText(rule.rows), numberText(rule.hits), rateText(rule.rate, phrases)]);
  const samples = [...found.flatMap((rule) => ruleLines(rule, phrases, verbose)), ...ids.map((column) => idColumnText(column, phrases))];
  const quiet =
    seen.rows === 0 || none.length === 0 ? [] : [text(phrases.say("data.rules-none", { count: none.length, of: looked.length }))];
  return [{ kind: "table", head, rows }, ...quiet, ...(samples.length === 0 ? [] : [{ kind: "list", items: samples } as const])];
}

function idColumnText({ path, rule, field, cells, shaped, passed }: DataIdColumn & { readonly path: string }, phrases: Phrases): string {
  const said = phrases.say("data.id-column", { rule: safeText(rule), field: safeText(field), cells, shaped, passed });
  return phrases.pair(safeText(path), said);
}

/** A rule's title in the reader's language. */
function ruleName({ rule, title }: DataRuleReport, phrases: Phrases): string {
  return lookup(title, phrases.language) ?? safeText(rule);
}

function ruleLines({ rule, remedy: id, samples }: DataRuleReport, phrases: Phrases, verbose: boolean): readonly string[] {
  const remedy = lookup(id, phrases.language);
  const shown = samples.slice(0, verbose ? samples.length : SAMPLES).map((sample) => sampleText(sample, phrases));
  return [phrases.pair(safeText(rule), phrases.clauses([...shown, remedy ?? ""]))];
}

function sampleText(sample: DataSample, phrases: Phrases): string {
  const field = sample.field === "" ? "" : phrases.say("data.in-field", { field: safeText(sample.field) });
  return phrases.pair(phrases.join([placeText(sample, phrases), field]), safeText(sample.shown));
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
  const form = phrases.join([format, packing ?? "", encoding === "utf-8" ? "" : encoding]);
  const count = rowsPresent === null || rowsPresent === rows ? numberText(rows) : `${numberText(rows)} / ${numberText(rowsPresent)}`;
  return [safeText(path), form, bytesText(sizeBytes), count, phrases.word(`data.basis.${basis}`)];
}
