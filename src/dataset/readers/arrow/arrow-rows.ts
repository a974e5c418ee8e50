// Arrow, a batch at a time and of it a stretch of rows; a batch or a column that is damaged is told, and the rest is read.
import { AjarError } from "../../../core/errors.ts";
import type { ByteReader } from "../../../core/source.ts";
import { ArrowBody } from "../../../formats/arrow/body.ts";
import { type ArrowFile, isAboutFile } from "../../../formats/arrow/file.ts";
import { type ArrowMessage, type BatchLayout, MessageReader, readBatchLayout } from "../../../formats/arrow/messages.ts";
import { type Field, PIECE_UNITS, type RowSink } from "../../row.ts";
import { cutField } from "../json-rows.ts";
import { BrokenCell, type CellSink, type Column, type PlacedField, WindowFull } from "./cells.ts";
import { Dictionaries } from "./dictionaries.ts";
import { ColumnLoader } from "./load.ts";
import { columnName, placeFields } from "./place-fields.ts";

/** Rows that are loaded at once, and bytes of them. */
const WINDOW_ROWS = 16 * 1024;
const WINDOW_BYTES = 64 * 1024 * 1024;
/** Bytes of one row; it is held whole. */
const ROW_BYTES = 128 * 1024 * 1024;
/** Fields of a row that are handed on together. */
const PIECE_FIELDS = 10_000;
/** What bytes may become: views, lists and places in dictionaries may say the same text over and over, as a packed file may. */
const MAX_RATIO = 1000;
const RATIO_FLOOR = 16 * 1024 * 1024;
/** Rows that need no bytes of their own, and rows that a byte may stand for: bits, packed. */
const BARE_ROWS = 1024 * 1024;
const ROWS_PER_BYTE = 64;

export interface ArrowRead {
  readonly bytes: number;
  /** The first thing that was wrong with a batch. */
  readonly problem: AjarError | null;
}

/** Reads some batches of a file. Row indexes count from the first of them. @throws AjarError where the bytes cannot be fetched */
export async function readArrow(reader: ByteReader, file: ArrowFile, batches: readonly number[], sink: RowSink): Promise<ArrowRead> {
  const run = new ArrowRun(reader, file, sink);
  for (const batch of batches) await run.batch(batch);
  return { bytes: run.bytes, problem: run.problem };
}

class ArrowRun {
  readonly #reader: ByteReader;
  readonly #file: ArrowFile;
  readonly #sink: RowSink;
  readonly #messages: MessageReader;
  readonly #dictionaries: Dictionaries;
  readonly #row: RowBuilder;
  #index = 0;
  #rowsLeft = BARE_ROWS;
  /** The last batch that was told. */
  #told = -1;
  bytes = 0;
  problem: AjarError | null = null;

  constructor(reader: ByteReader, file: ArrowFile, sink: RowSink) {
    this.#reader = reader;
    this.#file = file;
    this.#sink = sink;
    this.#messages = new MessageReader(reader);
    this.#dictionaries = new Dictionaries(reader, this.#messages, file);
    this.#row = new RowBuilder(sink);
  }

  async batch(number: number): Promise<void> {
    const place = this.#file.batches[number];
    if (place === undefined) throw new AjarError("BUG", `no Arrow batch ${number}`);
    this.#rowsLeft += place.bodyBytes * ROWS_PER_BYTE;
    this.#row.allow(place.bodyBytes * MAX_RATIO);
    try {
      const message = await this.#messages.at(place.offset);
      if (message?.kind !== "batch") throw new AjarError("INCONSISTENT", `no Arrow batch at ${place.offset}`, { offset: place.offset });
      // Batches of a footer do not overlap; their messages might.
      if (message.bodyBytes > place.bodyBytes)
        throw new AjarError("INCONSISTENT", `an Arrow batch of ${message.bodyBytes} bytes in a place of ${place.bodyBytes}`, {
          offset: place.offset,
        });
      await this.#rows(message, await readBatchLayout(message.header));
      this.bytes += message.bodyBytes;
    } catch (cause) {
      this.#note(cause, place.offset);
    }
  }

  /** Tells a batch that cannot be read in full. @throws what is not the file's fault */
  #note(cause: unknown, offset: number): void {
    if (!(cause instanceof AjarError) || !isAboutFile(cause)) throw cause;
    if (this.#told !== offset) this.#sink.broken(this.#index, "bad-batch");
    this.#told = offset;
    this.problem ??= cause.offset === undefined ? new AjarError(cause.code, cause.message, { offset, cause }) : cause;
  }

  async #rows(message: ArrowMessage, layout: BatchLayout): Promise<void> {
    const { rows } = layout;
    if (rows > this.#rowsLeft)
      throw new AjarError("OVER_LIMIT", `an Arrow batch of ${rows} rows in ${message.bodyBytes} bytes`, { offset: message.offset });
    this.#rowsLeft -= rows;
    let columns = placeFields(this.#file.schema.fields, layout, columnName);
    const short = columns.find(({ length }) => length !== rows);
    if (short !== undefined)
      throw new AjarError("INCONSISTENT", `an Arrow batch of ${rows} rows with a column of ${short.length}`, { offset: message.offset });
    const body = new ArrowBody(this.#reader, message, layout);
    const perRow = Math.ceil(message.bodyBytes / Math.max(1, rows));
    let step = WINDOW_ROWS;
    for (let at = 0; at < rows; ) {
      const count = Math.min(step, rows - at);
      const loader = new ColumnLoader(
        body,
        async (field) => await this.#dictionaries.valuesOf(field, message.offset),
        count === 1 ? ROW_BYTES : WINDOW_BYTES,
      );
      const window = await this.#load(loader, columns, at, count, message.offset);
      if (window === null && count > 1) {
        step = Math.ceil(count / 2);
        continue;
      }
      if (window === null) this.#tooLong(message.offset);
      else {
        columns = columns.filter((column) => !window.lost.has(column));
        this.#give(window.columns, at, count, perRow);
      }
      at += count;
      step = Math.min(WINDOW_ROWS, step * 2);
    }
  }

  /** Columns of a stretch of rows, and those that cannot be loaded; null where it is too much at once. */
  async #load(
    loader: ColumnLoader,
    fields: readonly PlacedField[],
    at: number,
    count: number,
    offset: number,
  ): Promise<{ readonly columns: readonly Column[]; readonly lost: ReadonlySet<PlacedField> } | null> {
    const columns: Column[] = [];
    const lost = new Set<PlacedField>();
    for (const field of fields) {
      try {
        const column = await loader.load(field, at, at + count);
        if (column !== null) columns.push(column);
      } catch (cause) {
        if (cause instanceof WindowFull) return null;
        this.#note(cause, offset);
        lost.add(field);
      }
    }
    return { columns, lost };
  }

  #give(columns: readonly Column[], from: number, count: number, bytes: number): void {
    for (let at = from; at < from + count; at += 1) {
      const index = this.#index;
      this.#index += 1;
      this.#row.row(index, columns, at, bytes);
    }
  }

  /** One row is more than may be held. */
  #tooLong(offset: number): void {
    this.#sink.broken(this.#index, "bad-record");
    this.problem ??= new AjarError("OVER_LIMIT", `a row of more than ${ROW_BYTES} bytes`, { offset });
    this.#row.row(this.#index, [], 0, 0);
    this.#index += 1;
  }
}

/** Puts the texts of a row together, and hands them on before they are too many. */
class RowBuilder implements CellSink {
  readonly #sink: RowSink;
  #index = 0;
  #fields: Field[] = [];
  #units = 0;
  #isInvalid = false;
  #left = RATIO_FLOOR;

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  /** So much more may come. */
  allow(units: number): void {
    this.#left += units;
  }

  /** Hands on one row. @throws AjarError OVER_LIMIT */
  row(index: number, columns: readonly Column[], at: number, bytes: number): void {
    this.#index = index;
    this.#isInvalid = false;
    let isBroken = false;
    for (const column of columns) {
      try {
        column.visit(at, this);
      } catch (cause) {
        if (!(cause instanceof BrokenCell)) throw this.#closed(cause);
        isBroken = true;
      }
    }
    if (isBroken) this.#sink.broken(index, "bad-record");
    if (this.#isInvalid) this.#sink.broken(index, "invalid-bytes");
    this.#end(bytes);
  }

  /** The open row ends where it failed. */
  #closed(cause: unknown): unknown {
    this.#end(0);
    return cause;
  }

  #end(bytes: number): void {
    this.#sink.row({ index: this.#index, fields: this.#fields, bytes, more: false });
    this.#fields = [];
    this.#units = 0;
  }

  step(): void {
    this.#spend(1);
  }

  invalid(): void {
    this.#isInvalid = true;
  }

  text(name: string, text: string): void {
    this.#spend(text.length + 1);
    for (const field of cutField({ name, text })) {
      this.#fields.push(field);
      this.#units += field.text.length;
      if (this.#units > PIECE_UNITS || this.#fields.length >= PIECE_FIELDS) this.#piece();
    }
  }

  #piece(): void {
    this.#sink.row({ index: this.#index, fields: this.#fields, bytes: 0, more: true });
    this.#fields = [];
    this.#units = 0;
  }

  #spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new AjarError("OVER_LIMIT", `Arrow data that say more than ${MAX_RATIO} times what they hold`);
  }
}
