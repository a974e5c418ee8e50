// Tally -> report: places become rows, counts become shares with bounds.
import type {
  DataBasis,
  DataBroken,
  DataDuplicates,
  DataFileReport,
  DataIdColumn,
  DataOverlap,
  DataPlace,
  DataReport,
  DataRuleReport,
  DataSample,
} from "../core/dataset.ts";
import { compareText } from "../core/text.ts";
import { idColumnsOf, rulesWithout } from "./id-columns.ts";
import { noneAbove, rateOf, type Stratum } from "./interval.ts";
import type { GramIndex } from "./near/overlap.ts";
import { type Place, placeBefore, rowNumber } from "./place.ts";
import type { DataFileEntry, Rows } from "./plan.ts";
import { splitOf } from "./plan.ts";
import { Lowest } from "./sketch/lowest.ts";
import type { FileCount, RuleCount, Sample, Tally } from "./tally.ts";
import { noCount, SAMPLES, SPLITS } from "./tally.ts";
import { SCRIPTS } from "./text/classes.ts";

/** Rows of a list that a report shows. */
const TOP = { fields: 50, domains: 50, lines: 20, languages: 50 };
/** Rows that share a line before it counts as boilerplate. */
const LEAST_LINE_ROWS = 3;

/** A file of the data with what became of it. */
export interface FileOutcome {
  readonly source: string;
  /** Name in the tally: unique over all sources. */
  readonly name: string;
  readonly entry: DataFileEntry;
  readonly basis: DataBasis;
  readonly encoding: string;
  /** Where the file says how many rows it has. */
  readonly announcedRows: number | null;
  readonly problem: { readonly code: string; readonly detail: string; readonly offset?: number } | null;
}

/** What a rule says of itself; messages by their ids. */
export interface RuleInfo {
  readonly level: DataRuleReport["level"];
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
}

export interface ResultInput {
  readonly infos: ReadonlyMap<string, RuleInfo>;
  readonly mode: Rows;
  readonly outcomes: readonly FileOutcome[];
  readonly looked: readonly string[];
  readonly overlap: GramIndex | null;
}

const NO_COUNT: FileCount = noCount();

/** Pure; the same tally and files give the same report. */
export function dataReport(tally: Tally, { mode, outcomes, looked, overlap, infos }: ResultInput): DataReport {
  const known = [...outcomes].sort((a, b) => compareText(a.source, b.source) || compareText(a.entry.path, b.entry.path));
  const counted = new Map(known.map(({ name }) => [name, countedOf(tally.files.get(name) ?? NO_COUNT)]));
  const countOf = (name: string): CountedFile => counted.get(name) ?? { count: NO_COUNT, idColumns: [] };
  const files = known.map((outcome) => fileReport(outcome, countOf(outcome.name)));
  const byName = new Map(known.map((outcome) => [outcome.name, outcome]));
  const places = (place: Place): DataPlace => placeOf(place, byName.get(place.file), tally.files.get(place.file)?.segments ?? []);
  const stands = files.every(({ basis, problem }) => (basis === "whole" || basis === "blocks") && problem === undefined);
  const strataOf = (rule: string | null): readonly Stratum[] =>
    known.map((outcome, at) => stratum(countOf(outcome.name).count, files[at]?.rowsPresent ?? 0, outcome.basis, rule));
  const bytes = sum(files, (file) => file.bytes);
  const samples = samplesOf(tally, (name) => countOf(name).idColumns);
  const rules = [...samples.keys()].sort(compareText).flatMap((rule): readonly DataRuleReport[] => {
    const counts = known.map(({ name }) => countOf(name).count.rules.get(rule)).filter((count) => count !== undefined);
    const hits = sum(counts, (count) => count.hits);
    if (hits === 0) return [];
    const { level = "info", title = rule, why = "", remedy = "" } = infos.get(rule) ?? {};
    const row = {
      rule,
      level,
      title,
      why,
      remedy,
      rows: sum(counts, (count) => count.rows),
      hits,
      checked: sum(counts, (count) => count.checked),
      perMegabyte: rounded(bytes === 0 ? 0 : (hits * 1e6) / bytes),
      rate: stands ? roundedRate(rateOf(strataOf(rule))) : null,
      samples: (samples.get(rule)?.items ?? []).map((sample) => sampleOf(sample, places(sample))),
    };
    return [row];
  });
  const present = files.map(({ rowsPresent }) => rowsPresent);
  const languages = tally.languages.totals();
  const languageTotal = sum(languages, ([, count]) => count);
  return {
    mode,
    coverage: {
      files: files.length,
      filesRead: files.filter(({ basis }) => basis !== "none").length,
      rows: sum(files, ({ rows }) => rows),
      rowsPresent: present.every((rows) => rows !== null) ? sum(present, (rows) => rows ?? 0) : null,
      bytes,
      bytesPresent: sum(files, ({ sizeBytes }) => sizeBytes),
      complete: files.every(({ problem }) => problem === undefined),
    },
    files: files.map((file, at) => ({ ...file, broken: brokenOf(tally.files.get(known[at]?.name ?? "") ?? NO_COUNT, places) })),
    looked: [...looked].sort(compareText),
    rules,
    noneAbove: stands && files.length > 0 ? rounded(noneAbove(strataOf(null))) : null,
    languages: languages.slice(0, TOP.languages).map(([language, rows]) => ({ language, share: rounded(rows / languageTotal) })),
    languageRows: languageTotal / 2 ** tally.languages.level,
    scripts: scriptsOf(tally.scripts),
    tokens: tally.tokens,
    units: sum([...tally.files.values()], ({ units }) => units),
    sizes: [...tally.sizes].flatMap((rows, at) => (rows === 0 ? [] : [{ from: at === 0 ? 0 : 2 ** (at - 1), rows }])),
    domains: tally.domains
      .totals()
      .slice(0, TOP.domains)
      .map(([domain, rows]) => ({ domain, rows })),
    domainLevel: tally.domains.level,
    lines: tally.lines
      .totals()
      .filter(([, rows]) => rows >= LEAST_LINE_ROWS)
      .slice(0, TOP.lines)
      .map(([line, rows]) => ({ line, rows })),
    duplicates: duplicatesOf(tally),
    overlaps: overlap === null ? [] : overlapsOf(overlap, tally.overlap),
  };
}

interface CountedFile {
  /** What was counted without columns of ids. */
  readonly count: FileCount;
  readonly idColumns: readonly DataIdColumn[];
}

function countedOf(count: FileCount): CountedFile {
  const idColumns = idColumnsOf(count);
  return { count: { ...count, rules: rulesWithout(count, idColumns) }, idColumns };
}

/** Samples by rule, those of its columns among them, but for columns of ids. */
function samplesOf(tally: Tally, idColumns: (file: string) => readonly DataIdColumn[]): ReadonlyMap<string, Lowest<Sample>> {
  const byRule = new Map<string, Lowest<Sample>>();
  for (const [name, { items }] of tally.samples) {
    const [rule = name] = name.split("\0");
    const lowest = byRule.get(rule) ?? new Lowest<Sample>(SAMPLES, placeBefore);
    byRule.set(rule, lowest);
    for (const sample of items) {
      const isId = name !== rule && idColumns(sample.file).some((column) => column.rule === rule && column.field === sample.field);
      if (!isId) lowest.add(sample);
    }
  }
  return byRule;
}

function fileReport(
  { source, entry, basis, encoding, announcedRows, problem }: FileOutcome,
  { count, idColumns }: CountedFile,
): DataFileReport {
  return {
    source,
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    digest: entry.digest,
    format: entry.kind.format,
    packing: entry.kind.packing,
    encoding,
    basis,
    split: splitOf(entry.path),
    rows: count.rows,
    rowsPresent: presentOf(count, basis, entry.sizeBytes, announcedRows, problem !== null),
    bytes: count.bytes,
    fields: [...count.fields]
      .sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
      .slice(0, TOP.fields)
      .map(([name, rows]) => ({ name, rows })),
    broken: [],
    ...(idColumns.length === 0 ? {} : { idColumns }),
    ...(problem === null ? {} : { problem }),
  };
}

function presentOf(count: FileCount, basis: DataBasis, sizeBytes: number, announced: number | null, isBroken: boolean): number | null {
  if (announced !== null) return announced;
  if (basis === "whole" && !isBroken) return count.rows;
  return basis === "blocks" && count.bytes > 0 ? Math.max(count.rows, Math.round((sizeBytes / count.bytes) * count.rows)) : null;
}

function brokenOf({ broken }: FileCount, places: (place: Place) => DataPlace): readonly DataBroken[] {
  return [...broken]
    .map(([code, { count, places: first }]) => ({ code, rows: count, places: first.items.map(places) }))
    .sort((a, b) => compareText(a.code, b.code));
}

function placeOf(place: Place, outcome: FileOutcome | undefined, segments: FileCount["segments"]): DataPlace {
  const path = outcome?.entry.path ?? place.file;
  // Row groups say themselves which row they begin with.
  const row = outcome?.announcedRows != null ? place.segment + place.index + 1 : rowNumber(place, segments);
  return row === null ? { path, row, from: place.segment, after: place.index + 1 } : { path, row };
}

function sampleOf({ field, start, end, shown, tag }: Sample, place: DataPlace): DataSample {
  return { ...place, field, start, end, shown, ...(tag === null ? {} : { tag }) };
}

const NO_RULE: RuleCount = { rows: 0, hits: 0, checked: 0, squares: 0, products: 0 };

function stratum(count: FileCount, present: number, basis: DataBasis, rule: string | null): Stratum {
  const found = (rule === null ? undefined : count.rules.get(rule)) ?? NO_RULE;
  return {
    present: Math.max(present, count.rows),
    rows: count.rows,
    hits: found.rows,
    isWhole: basis === "whole",
    blocks: count.blocks,
    rowSquares: count.squares,
    hitSquares: found.squares,
    products: found.products,
  };
}

function scriptsOf(counts: Float64Array): DataReport["scripts"] {
  const total = counts.reduce((all, count) => all + count, 0);
  return [...counts]
    .flatMap((count, at) => (count === 0 ? [] : [{ script: SCRIPTS[at] ?? "Zzzz", share: rounded(count / total) }]))
    .sort((a, b) => b.share - a.share || compareText(a.script, b.script));
}

function duplicatesOf(tally: Tally): DataDuplicates {
  let rows = 0;
  let distinct = 0;
  const across = new Map<string, number>();
  tally.rows.forEach((counts, at) => {
    distinct += 1;
    const splits = SPLITS.filter((_, split) => (counts[at + split] ?? 0) > 0);
    for (let split = 0; split < SPLITS.length; split += 1) rows += counts[at + split] ?? 0;
    if (splits.length > 1) across.set(splits.join("+"), (across.get(splits.join("+")) ?? 0) + 1);
  });
  const scale = 2 ** tally.rows.level;
  return {
    level: tally.rows.level,
    rows: rows * scale,
    distinct: distinct * scale,
    repeated: (rows - distinct) * scale,
    acrossSplits: [...across].sort(([a], [b]) => compareText(a, b)).map(([splits, count]) => ({ splits, rows: count * scale })),
    near: tally.near.summary(),
  };
}

function overlapsOf(index: GramIndex, found: Uint8Array | null): readonly DataOverlap[] {
  const grams = index.sets.map(({ items }) => new Float64Array(items));
  const hits = index.sets.map(({ items }) => new Float64Array(items));
  for (const [number, set] of index.setOf.entries()) {
    const item = index.itemOf[number] ?? 0;
    add(grams[set], item, 1);
    if (found !== null && ((found[number >> 3] ?? 0) & (1 << (number & 7))) !== 0) add(hits[set], item, 1);
  }
  return index.sets.map(({ name, items }, set) => {
    const shares = [...(hits[set] ?? [])].map((count, item) => count / Math.max(1, grams[set]?.[item] ?? 1));
    return {
      testSet: name,
      items,
      short: index.short[set] ?? 0,
      touched: shares.filter((share) => share > 0).length,
      half: shares.filter((share) => share >= 0.5).length,
      whole: shares.filter((share) => share === 1).length,
    };
  });
}

function add(counts: Float64Array | undefined, at: number, amount: number): void {
  if (counts !== undefined) counts[at] = (counts[at] ?? 0) + amount;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** Six significant digits: what is beyond is noise, and differs with the order of additions. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function roundedRate({ share, low, high }: { share: number; low: number; high: number }): { share: number; low: number; high: number } {
  return { share: rounded(share), low: rounded(low), high: rounded(high) };
}
