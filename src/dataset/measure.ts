// Rows -> tally: every text of every row goes past the patterns, the hashes and the counters once.
import { CellShapes } from "../patterns/columns.ts";
import type { Hit, PatternSet } from "../patterns/hit.ts";
import { addColumn, columnKey } from "./column-count.ts";
import { FieldMatcher, type MatchedText } from "./field-matcher.ts";
import { FieldNames } from "./field-names.ts";
import { MinHash, SHINGLE } from "./near/minhash.ts";
import { eachFound, type GramIndex } from "./near/overlap.ts";
import type { BrokenCode, Field, Row, RowSink } from "./row.ts";
import { addField, addOnly, addRule, type FileCount, type RuleCount, SPLITS, type Split, type Tally } from "./tally.ts";
import { eachDomain } from "./text/domains.ts";
import { hashText } from "./text/hash.ts";
import { languageOf } from "./text/language.ts";
import { isOwn, quoteOf, shapeOf, tagOf } from "./text/mask.ts";
import { Tokens } from "./text/tokens.ts";

/** Letters that a language is told from. */
const LANGUAGE_UNITS = 200;
/** Lines told apart: shorter ones are headings, longer ones texts. */
const LINE_UNITS = { least: 20, most: 200 };

/** Domains told apart in a row: one of a gigabyte may hold nothing else. */
const ROW_DOMAINS = 10_000;

export interface MeasureOptions {
  readonly patterns: PatternSet;
  readonly overlap: GramIndex | null;
}

/** Takes the rows of one segment of a file at a time. */
export class Measurer implements RowSink {
  readonly #tally: Tally;
  readonly #overlap: GramIndex | null;
  readonly #tokens = new Tokens();
  readonly #minhash = new MinHash();
  readonly #shapes = new CellShapes();
  readonly #matcher: FieldMatcher;
  readonly #names: FieldNames;
  #name = "";
  #file: FileCount | null = null;
  #split: number = SPLITS.length - 1;
  #segment = 0;
  #rows = 0;
  /** Bytes of this segment's rows, as they say themselves. */
  #bytes = 0;
  /** Rules that hit in this block: rows with hits. */
  readonly #block = new Map<string, RuleCount>();
  /** The open row. */
  #isOpen = false;
  #hitRules = new Map<string, RuleCount>();
  #fields = new Set<string>();
  /** The field at hand where it is one number, with the rules whose shape that has. */
  #cell: { readonly text: string; readonly rules: ReadonlySet<string> } | null = null;
  /** Hits that are such a cell, by rule: how many, and in which fields. */
  #cellHits = new Map<string, { hits: number; readonly fields: Set<string> }>();
  #units = 0;
  #language = "";
  #lines: string[] = [];
  #domains = new Set<string>();

  constructor(tally: Tally, options: MeasureOptions) {
    this.#tally = tally;
    this.#overlap = options.overlap;
    this.#names = new FieldNames(options.patterns);
    this.#matcher = new FieldMatcher(options.patterns, (matched) => this.#matched(matched));
  }

  /** What comes now is rows of this file from this place on. */
  start(file: string, split: Split, segment: number): void {
    this.#name = file;
    this.#file = this.#tally.file(file);
    this.#split = SPLITS.indexOf(split);
    this.#segment = segment;
    this.#rows = 0;
    this.#bytes = 0;
    this.#block.clear();
  }

  /** Ends a block: `end` is where the next segment begins, `bytes` what was read of the file; null where the reading failed, and the rows before it say. */
  end(end: number, bytes: number | null): void {
    if (this.#isOpen) this.#endRow();
    const file = this.#file;
    if (file === null) return;
    const rows = this.#rows;
    file.bytes += bytes ?? this.#bytes;
    file.blocks += 1;
    file.squares += rows * rows;
    file.segments.push({ start: this.#segment, end, rows });
    file.segments.sort((a, b) => a.start - b.start);
    for (const [rule, count] of this.#block) {
      addRule(file.rules, rule, { ...count, squares: count.rows * count.rows, products: count.rows * rows });
    }
    this.#block.clear();
    this.#file = null;
  }

  broken(index: number, code: BrokenCode): void {
    this.#tally.breakRow({ file: this.#name, segment: this.#segment, index }, code);
  }

  row({ index, fields, bytes, more }: Row): void {
    this.#bytes += bytes;
    if (!this.#isOpen) this.#startRow();
    for (const [at, field] of fields.entries()) this.#field(field, index, more && at === fields.length - 1);
    if (!more) this.#endRow();
  }

  #startRow(): void {
    this.#isOpen = true;
    // New ones, as V8 makes the tables of old ones that are cleared in the old generation: once a row, that fills it.
    if (this.#hitRules.size > 0) this.#hitRules = new Map();
    if (this.#cellHits.size > 0) this.#cellHits = new Map();
    if (this.#domains.size > 0) this.#domains = new Set();
    this.#fields = new Set();
    this.#units = 0;
    this.#language = "";
    if (this.#lines.length > 0) this.#lines = [];
    this.#tokens.start();
  }

  #field(read: Field, index: number, mayGoOn: boolean): void {
    const name = this.#names.of(read.name).shown;
    const field = name === read.name ? read : { ...read, name };
    const { text } = field;
    this.#fields.add(name);
    this.#units += text.length;
    if (this.#language.length < LANGUAGE_UNITS && /\p{L}/u.test(text)) this.#language += `${text.slice(0, LANGUAGE_UNITS)}\n`;
    if (field.continues !== true) this.#tokens.boundary();
    this.#tokens.push(text);
    this.#cell = field.continues === true || mayGoOn ? null : this.#cellOf(field);
    this.#matcher.push(field, { index, mayGoOn });
  }

  #cellOf({ name, text }: Field): { readonly text: string; readonly rules: ReadonlySet<string> } | null {
    const file = this.#file;
    if (file === null) return null;
    addField(file.cells, name, 1);
    let rules: Set<string> | null = null;
    this.#shapes.each(text, name, (rule, passed) => {
      rules = (rules ?? new Set()).add(rule);
      addColumn(file.columns, columnKey(rule, name), { shaped: 1, passed: passed ? 1 : 0 });
    });
    return rules === null ? null : { text, rules };
  }

  /** Hits of a stretch of text. */
  #matched({ text, base, index, field, hits }: MatchedText): void {
    for (const hit of hits) {
      this.#count(hit);
      const isCell = this.#cell?.text === text && this.#cell.rules.has(hit.pattern);
      if (isCell) this.#countCell(hit.pattern, field);
      this.#sample(hit, { text, base, index, field, hits }, isCell);
    }
    if (text.includes("://")) this.#collectDomains(text);
    if (text.includes("\n")) this.#collectLines(text, hits);
  }

  #count({ pattern, certainty }: Hit): void {
    const area = pattern.slice(0, pattern.indexOf("/"));
    const checked = certainty === "checked" ? 1 : 0;
    for (const rule of [pattern, area]) {
      const known = this.#hitRules.get(rule);
      if (known === undefined) this.#hitRules.set(rule, { rows: 1, hits: 1, checked, squares: 0, products: 0 });
      else {
        known.hits += 1;
        known.checked += checked;
      }
    }
  }

  #collectDomains(text: string): void {
    eachDomain(text, (domain) => {
      if (this.#domains.size < ROW_DOMAINS) this.#domains.add(domain);
    });
  }

  #countCell(rule: string, field: string): void {
    const known = this.#cellHits.get(rule);
    if (known === undefined) this.#cellHits.set(rule, { hits: 1, fields: new Set([field]) });
    else {
      known.hits += 1;
      known.fields.add(field);
    }
  }

  #sample(hit: Hit, { text, base, index, field, hits }: MatchedText, isCell: boolean): void {
    const { pattern, certainty } = hit;
    const value = text.slice(hit.start, hit.end);
    const rank = hashText(`${pattern}\0${field}\0${base + hit.start}\0${value}`);
    const name = isCell ? this.#tally.columnSamples(pattern, this.#name, field) : pattern;
    this.#tally.sample(name, rank, () => {
      const own = isOwn(pattern);
      const spans = own ? [] : hits.filter((one) => isOwn(one.pattern) && one.end > hit.start && one.start < hit.end);
      const inside = spans.map(({ start, end }) => ({
        start: Math.max(0, start - hit.start),
        end: Math.min(value.length, end - hit.start),
      }));
      return {
        file: this.#name,
        segment: this.#segment,
        index,
        rank,
        field,
        start: base + hit.start,
        end: base + hit.end,
        checked: certainty === "checked",
        shown: own ? shapeOf(value) : quoteOf(value, inside),
        tag: own ? tagOf(value) : null,
      };
    });
  }

  /** Lines that could be on many pages; none that holds what is somebody's own. */
  #collectLines(text: string, hits: readonly Hit[]): void {
    const own = hits.filter(({ pattern }) => isOwn(pattern));
    let start = 0;
    while (start < text.length && this.#lines.length < 1000) {
      const next = text.indexOf("\n", start);
      const end = next === -1 ? text.length : next;
      if (end - start >= LINE_UNITS.least && end - start <= LINE_UNITS.most) {
        const isOwn = own.some((hit) => hit.start < end && hit.end > start);
        const line = text.slice(start, end).trim();
        if (!isOwn && line.length >= LINE_UNITS.least) this.#lines.push(line);
      }
      start = end + 1;
    }
  }

  #endRow(): void {
    this.#isOpen = false;
    this.#matcher.end();
    const tokens = this.#tokens;
    tokens.end();
    this.#rows += 1;
    const file = this.#file;
    if (file === null) return;
    file.rows += 1;
    file.units += this.#units;
    for (const name of this.#fields) addField(file.fields, name, 1);
    for (const [rule, count] of this.#hitRules) addRule(this.#block, rule, count);
    for (const [rule, { hits, fields }] of this.#cellHits) {
      const all = this.#hitRules.get(rule);
      if (all?.hits === hits) addOnly(file.only, columnKey(rule, ...[...fields].sort()), all);
    }
    this.#addSketches(tokens);
  }

  #addSketches(tokens: Tokens): void {
    const tally = this.#tally;
    tally.tokens += tokens.total;
    for (const [at, count] of tokens.scripts.entries()) tally.scripts[at] = (tally.scripts[at] ?? 0) + count;
    const sizeClass = this.#units === 0 ? 0 : Math.min(31, Math.floor(Math.log2(this.#units)) + 1);
    tally.sizes[sizeClass] = (tally.sizes[sizeClass] ?? 0) + 1;
    // Rows of numbers with a word or two are alike in what is read of them, and in nothing else.
    if (tokens.total >= SHINGLE) tally.rows.add(tokens.key, 0, this.#split);
    if (this.#minhash.compute(tokens)) tally.near.add(tokens.key, this.#minhash);
    const level = Math.clz32(tokens.key[0] ?? 0);
    if (tally.languages.wants(level)) tally.languages.addLater(level, languageLater(this.#language, tokens.scripts));
    if (tally.domains.wants(level)) for (const domain of this.#domains) tally.domains.add(level, domain);
    if (tally.lines.wants(level)) for (const line of new Set(this.#lines)) tally.lines.add(level, line);
    const overlap = this.#overlap;
    if (overlap !== null) eachFound(overlap, tokens, (number) => tally.foundGram(number, overlap.itemOf.length));
  }
}

/** Telling a language takes as long as all else about ten rows, and most rows that begin a sample are not in it at the end. */
function languageLater(text: string, scripts: Uint32Array): () => string {
  // A copy: a piece of a string keeps all of the row in memory.
  const units = Buffer.from(text, "utf16le");
  const counts = scripts.slice();
  return () => languageOf(units.toString("utf16le"), counts);
}
