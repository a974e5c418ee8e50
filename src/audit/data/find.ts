// "Is my e-mail in it?": how often a value is in data, and where, without a record being shown.
import type { DataPlace } from "../../core/dataset.ts";
import { AjarError } from "../../core/errors.ts";
import type { Source } from "../../core/source.ts";
import { FieldMatcher } from "../../dataset/field-matcher.ts";
import { FieldNames } from "../../dataset/field-names.ts";
import { problemOf } from "../../dataset/measure-file.ts";
import { rowNumber, type Segment } from "../../dataset/place.ts";
import { readShare } from "../../dataset/read-share.ts";
import type { Field, Row, RowSink } from "../../dataset/row.ts";
import { normalValue, valueHash } from "../../dataset/text/mask.ts";
import type { PatternSet } from "../../patterns/hit.ts";
import { type DataOptions, type OpenedData, openAll } from "./measure.ts";
import { dataPatterns } from "./patterns.ts";

/** What is looked for: a value, or the hash of one that only its owner knows. */
export type Sought = { readonly value: string } | { readonly hash: string; readonly salt: string };

interface FoundPlace extends DataPlace {
  readonly field: string;
}

export interface FoundValue {
  readonly rows: number;
  readonly rowsRead: number;
  /** The first of them. */
  readonly places: readonly FoundPlace[];
  /** Every row was read. */
  readonly complete: boolean;
}

const PLACES = 20;

/** Looks through all rows of sources. @throws AjarError INTERRUPTED, and what listing throws */
export async function findValue(
  sources: readonly Source[],
  sought: Sought,
  options: Pick<DataOptions, "signal" | "progress">,
): Promise<FoundValue> {
  const finder = new Finder(sought, dataPatterns());
  let complete = true;
  for (const file of await openAll(sources, "full")) {
    options.progress(`reading ${file.entry.path}`);
    if (!(await throughFile(file, finder, options.signal))) complete = false;
  }
  return { rows: finder.rows, rowsRead: finder.rowsRead, places: finder.places, complete };
}

/** Whether all of the file was read. */
async function throughFile({ entry, opened, plan, reader, problem }: OpenedData, finder: Finder, signal: AbortSignal): Promise<boolean> {
  if (opened === null) return false;
  let complete = problem === null;
  for (const share of plan.shares) {
    if (signal.aborted) throw new AjarError("INTERRUPTED", "the audit was interrupted");
    finder.start(entry.path, share.kind === "stream" ? 0 : share.start);
    try {
      const read = await readShare(reader, entry, opened, share, finder);
      if (read.problem !== null) complete = false;
    } catch (cause) {
      problemOf(cause);
      complete = false;
    }
    finder.end(share.kind === "stream" ? entry.sizeBytes : share.end);
  }
  finder.endFile(opened.parquet !== null);
  return complete;
}

class Finder implements RowSink {
  readonly places: FoundPlace[] = [];
  rows = 0;
  rowsRead = 0;
  readonly #matches: (value: string) => boolean;
  /** Looked for as it is written, too; null where only its hash is known. */
  readonly #literal: string | null;
  readonly #matcher: FieldMatcher;
  readonly #names: FieldNames;
  #path = "";
  #segment = 0;
  #rowsHere = 0;
  #segments: Segment[] = [];
  #open: { index: number; segment: number; field: string }[] = [];
  #hit: string | null = null;

  constructor(sought: Sought, patterns: PatternSet) {
    if ("value" in sought) {
      const value = normalValue(sought.value);
      this.#matches = (one) => normalValue(one) === value;
      this.#literal = sought.value.trim().toLowerCase();
    } else {
      const hash = sought.hash.toLowerCase();
      this.#matches = (one) => valueHash(one, sought.salt) === hash;
      this.#literal = null;
    }
    this.#names = new FieldNames(patterns);
    this.#matcher = new FieldMatcher(patterns, ({ text, field, hits }) => {
      for (const { start, end } of hits) if (this.#matches(text.slice(start, end))) this.#hit ??= field;
    });
  }

  start(path: string, segment: number): void {
    this.#path = path;
    this.#segment = segment;
    this.#rowsHere = 0;
  }

  end(end: number): void {
    this.#segments.push({ start: this.#segment, end, rows: this.#rowsHere });
  }

  endFile(isNumbered: boolean): void {
    for (const { index, segment, field } of this.#open) {
      const row = isNumbered ? segment + index + 1 : rowNumber({ file: this.#path, segment, index }, this.#segments);
      if (this.places.length < PLACES)
        this.places.push(
          row === null ? { path: this.#path, row, from: segment, after: index + 1, field } : { path: this.#path, row, field },
        );
    }
    this.#open = [];
    this.#segments = [];
  }

  broken(): void {}

  row({ index, fields, more }: Row): void {
    for (const [at, field] of fields.entries()) this.#field(field, index, more && at === fields.length - 1);
    if (more) return;
    this.#matcher.end();
    this.rowsRead += 1;
    this.#rowsHere += 1;
    if (this.#hit === null) return;
    this.rows += 1;
    if (this.#open.length < PLACES) this.#open.push({ index, segment: this.#segment, field: this.#hit });
    this.#hit = null;
  }

  #field(read: Field, index: number, mayGoOn: boolean): void {
    const { shown, found } = this.#names.of(read.name);
    const field = shown === read.name ? read : { ...read, name: shown };
    if (found.some((value) => this.#matches(value))) this.#hit ??= shown;
    if (this.#literal !== null && this.#literal !== "" && field.text.toLowerCase().includes(this.#literal)) this.#hit ??= field.name;
    this.#matcher.push(field, { index, mayGoOn });
  }
}
