// What was counted of some rows. Everything in it adds up, or is a sketch that merges, so that any split of the rows gives the same.
import { addColumn, type ColumnCount, columnKey, MAX_FIELDS } from "./column-count.ts";
import { NearTable } from "./near/near-table.ts";
import { type Place, placeBefore, type Segment } from "./place.ts";
import { BROKEN_CODES, type BrokenCode } from "./row.ts";
import { Frequent, type FrequentParts } from "./sketch/frequent.ts";
import { KeyTable, type KeyTableParts } from "./sketch/key-table.ts";
import { Lowest } from "./sketch/lowest.ts";
import { SCRIPTS } from "./text/classes.ts";

/** Different rows known by their hash; 25 MB. */
const ROW_CAPACITY = 400_000;
const DOMAIN_CAPACITY = 100_000;
const LINE_CAPACITY = 50_000;
/** Rows whose language is told: telling one takes as long as everything else about ten rows. */
const LANGUAGE_ROWS = 4_096;
/** Samples kept a rule. */
export const SAMPLES = 5;
/** Places kept of broken rows, by file and code. */
const BROKEN_PLACES = 3;
/** Powers of two of a row's length. */
const SIZE_CLASSES = 32;

/** A part of a data set by its use, as file names tell it. */
export const SPLITS = ["train", "validation", "test", "other"] as const;
export type Split = (typeof SPLITS)[number];

export interface Sample extends Place {
  readonly rank: number;
  readonly field: string;
  /** In UTF-16 units of the field's text. */
  readonly start: number;
  readonly end: number;
  readonly checked: boolean;
  /** Shape, or words that are nobody's own. */
  readonly shown: string;
  /** For values that are somebody's: lets a person know their own again. */
  readonly tag: string | null;
}

/** Counts of one rule in one file. The squares are over blocks of rows and say how alike rows of a block are. */
export interface RuleCount {
  rows: number;
  hits: number;
  checked: number;
  /** Sums over blocks: rows with hits squared, and times all rows of the block. */
  squares: number;
  products: number;
}

export interface FileCount {
  rows: number;
  bytes: number;
  units: number;
  /** Blocks that rows were read in, and the sum of their squared numbers of rows. */
  blocks: number;
  squares: number;
  segments: Segment[];
  readonly broken: Map<BrokenCode, { count: number; readonly places: Lowest<BrokenPlace> }>;
  readonly rules: Map<string, RuleCount>;
  /** Texts by field: rows that have it. */
  readonly fields: Map<string, number>;
  /** Texts by field, also where a row has several of one. */
  readonly cells: Map<string, number>;
  /** By rule and field: cells that are one number of the rule's shape. */
  readonly columns: Map<string, ColumnCount>;
  /** By rule and fields: rows whose hits all are such cells of these fields. */
  readonly only: Map<string, RuleCount>;
}

interface BrokenPlace extends Place {
  readonly rank: number;
}

/** Columns of which samples are kept by themselves. */
const MAX_SAMPLED = 2_000;

/** What is counted of a file before its first row. */
export function noCount(): FileCount {
  return {
    rows: 0,
    bytes: 0,
    units: 0,
    blocks: 0,
    squares: 0,
    segments: [],
    broken: new Map(),
    rules: new Map(),
    fields: new Map(),
    cells: new Map(),
    columns: new Map(),
    only: new Map(),
  };
}

export class Tally {
  readonly files = new Map<string, FileCount>();
  readonly samples = new Map<string, Lowest<Sample>>();
  readonly languages = new Frequent(LANGUAGE_ROWS, "counts");
  readonly scripts = new Float64Array(SCRIPTS.length);
  readonly sizes = new Float64Array(SIZE_CLASSES);
  tokens = 0;
  readonly rows = new KeyTable({ capacity: ROW_CAPACITY, counters: SPLITS.length, numbers: "sums" });
  readonly near = new NearTable();
  readonly domains = new Frequent(DOMAIN_CAPACITY);
  readonly lines = new Frequent(LINE_CAPACITY);
  /** A bit an n-gram of the index of test sets; null where there is none, or nothing was found. */
  overlap: Uint8Array | null = null;

  file(name: string): FileCount {
    let count = this.files.get(name);
    if (count === undefined) {
      count = noCount();
      this.files.set(name, count);
    }
    return count;
  }

  breakRow(place: Place, code: BrokenCode, count = 1): void {
    const { broken } = this.file(place.file);
    let known = broken.get(code);
    if (known === undefined) {
      known = { count: 0, places: new Lowest<BrokenPlace>(BROKEN_PLACES, placeBefore) };
      broken.set(code, known);
    }
    known.count += count;
    // Ranked by place: the first ones are the ones to look at.
    known.places.add({ ...place, rank: place.segment * 2 ** 20 + Math.min(place.index, 2 ** 20 - 1) });
  }

  /** Name of the samples of a rule in one column, which may turn out to be one of ids; the rule where there are too many. */
  columnSamples(rule: string, file: string, field: string): string {
    const name = columnKey(rule, file, field);
    return this.samples.has(name) || this.samples.size < MAX_SAMPLED ? name : rule;
  }

  /** Keeps a sample where its rank is low enough; `make` builds it only then. */
  sample(rule: string, rank: number, make: () => Sample): void {
    let lowest = this.samples.get(rule);
    if (lowest === undefined) {
      lowest = new Lowest<Sample>(SAMPLES, placeBefore);
      this.samples.set(rule, lowest);
    }
    if (lowest.wants(rank)) lowest.add(make());
  }

  foundGram(number: number, grams: number): void {
    this.overlap ??= new Uint8Array(Math.ceil(grams / 8));
    const byte = number >> 3;
    this.overlap[byte] = (this.overlap[byte] ?? 0) | (1 << (number & 7));
  }

  merge(parts: TallyParts): void {
    for (const file of parts.files) this.#mergeFile(file);
    for (const [rule, samples] of parts.samples) for (const sample of samples) this.sample(rule, sample.rank, () => sample);
    this.languages.merge(parts.languages);
    addUp(this.scripts, parts.scripts);
    addUp(this.sizes, parts.sizes);
    this.tokens += parts.tokens;
    this.rows.merge(parts.rows);
    this.near.merge(parts.near);
    this.domains.merge(parts.domains);
    this.lines.merge(parts.lines);
    if (parts.overlap !== null) this.#mergeOverlap(parts.overlap);
  }

  #mergeOverlap(found: Uint8Array): void {
    this.overlap ??= new Uint8Array(found.length);
    const mine = this.overlap;
    for (const [at, byte] of found.entries()) mine[at] = (mine[at] ?? 0) | byte;
  }

  #mergeFile(part: FileParts): void {
    const file = this.file(part.name);
    file.rows += part.rows;
    file.bytes += part.bytes;
    file.units += part.units;
    file.blocks += part.blocks;
    file.squares += part.squares;
    file.segments = [...file.segments, ...part.segments].sort((a, b) => a.start - b.start);
    for (const [code, count, places] of part.broken) {
      for (const [index, { segment, index: row }] of places.entries()) {
        this.breakRow({ file: part.name, segment, index: row }, code, index === 0 ? count : 0);
      }
    }
    for (const [rule, count] of part.rules) addRule(file.rules, rule, count);
    for (const [name, rows] of part.fields) addField(file.fields, name, rows);
    for (const [name, cells] of part.cells) addField(file.cells, name, cells);
    for (const [key, column] of part.columns) addColumn(file.columns, key, column);
    for (const [key, count] of part.only) addOnly(file.only, key, count);
  }

  /** All of it as plain data, sorted. */
  parts(): TallyParts {
    return { ...this.#smallParts(), rows: this.rows.parts(), near: this.near.parts() };
  }

  /** All of it for another tally that takes it in and sorts the large tables itself. */
  unsortedParts(): TallyParts {
    return { ...this.#smallParts(), rows: this.rows.unsortedParts(), near: this.near.unsortedParts() };
  }

  #smallParts(): Omit<TallyParts, "rows" | "near"> {
    const byName = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      files: byName(this.files).map(([name, file]) => ({
        name,
        rows: file.rows,
        bytes: file.bytes,
        units: file.units,
        blocks: file.blocks,
        squares: file.squares,
        segments: file.segments,
        broken: BROKEN_CODES.flatMap((code) => {
          const known = file.broken.get(code);
          return known === undefined ? [] : [[code, known.count, known.places.items] as const];
        }),
        rules: byName(file.rules),
        fields: byName(file.fields),
        cells: byName(file.cells),
        columns: byName(file.columns),
        only: byName(file.only),
      })),
      samples: byName(this.samples).map(([rule, { items }]) => [rule, items]),
      languages: this.languages.parts(),
      scripts: this.scripts,
      sizes: this.sizes,
      tokens: this.tokens,
      domains: this.domains.parts(),
      lines: this.lines.parts(),
      overlap: this.overlap,
    };
  }
}

export function addRule(rules: Map<string, RuleCount>, rule: string, count: RuleCount): void {
  const known = rules.get(rule);
  if (known === undefined) {
    rules.set(rule, { ...count });
    return;
  }
  known.rows += count.rows;
  known.hits += count.hits;
  known.checked += count.checked;
  known.squares += count.squares;
  known.products += count.products;
}

export function addOnly(only: Map<string, RuleCount>, key: string, count: RuleCount): void {
  if (only.has(key) || only.size < MAX_FIELDS) addRule(only, key, count);
}

export function addField(fields: Map<string, number>, name: string, rows: number): void {
  const known = fields.get(name);
  if (known !== undefined || fields.size < MAX_FIELDS) fields.set(name, (known ?? 0) + rows);
}

function addUp(sums: Float64Array, more: Float64Array): void {
  for (const [at, value] of more.entries()) sums[at] = (sums[at] ?? 0) + value;
}

export interface FileParts {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly units: number;
  readonly blocks: number;
  readonly squares: number;
  readonly segments: readonly Segment[];
  readonly broken: readonly (readonly [code: BrokenCode, count: number, places: readonly BrokenPlace[]])[];
  readonly rules: readonly (readonly [rule: string, count: RuleCount])[];
  readonly fields: readonly (readonly [name: string, rows: number])[];
  readonly cells: readonly (readonly [name: string, cells: number])[];
  readonly columns: readonly (readonly [key: string, column: ColumnCount])[];
  readonly only: readonly (readonly [key: string, count: RuleCount])[];
}

/** A tally as it is sent between threads and stored; src/dataset/parts-file.ts writes it as JSON. */
export interface TallyParts {
  readonly files: readonly FileParts[];
  readonly samples: readonly (readonly [rule: string, samples: readonly Sample[]])[];
  readonly languages: FrequentParts;
  readonly scripts: Float64Array;
  readonly sizes: Float64Array;
  readonly tokens: number;
  readonly rows: KeyTableParts;
  readonly near: KeyTableParts;
  readonly domains: FrequentParts;
  readonly lines: FrequentParts;
  readonly overlap: Uint8Array | null;
}
