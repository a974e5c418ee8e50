// Comma, tab, semicolon or pipe separated values: a record a row, the header's words as names of its fields.
import { isUtf8 } from "node:buffer";
import { type CsvError, Parser } from "csv-parse";
import { type Field, MAX_NAME_UNITS, PIECE_UNITS, type RowSink } from "../row.ts";
import { cutField } from "./json-rows.ts";

/** A record beyond this is a quote that was never closed. */
const MAX_RECORD_UNITS = 8 * 1024 * 1024;
/** Columns named in a report. */
const MAX_COLUMNS = 2_000;

export interface TableOptions {
  readonly delimiter: string;
  readonly header: boolean;
}

/** The delimiter that the first lines agree on, and whether the first line names columns. */
export function tableShape(head: string, extension: "csv" | "tsv"): TableOptions {
  const lines = head
    .split(/\r?\n/u)
    .filter((line) => line !== "")
    .slice(0, 20);
  const candidates = extension === "tsv" ? ["\t"] : [",", ";", "\t", "|"];
  let best = candidates[0] ?? ",";
  let most = 0;
  for (const delimiter of candidates) {
    const counts = lines.slice(0, -1).map((line) => line.split(delimiter).length - 1);
    const [first = lines[0]?.split(delimiter).length ?? 1] = counts;
    const agree = counts.filter((count) => count === first && count > 0).length * 1000 + Math.min(first, 999);
    if (agree > most) {
      most = agree;
      best = delimiter;
    }
  }
  const cells = (lines[0] ?? "").split(best).map((cell) => cell.replace(/^"|"$/gu, "").trim());
  const isName = (cell: string): boolean =>
    cell === "" || (cell.length <= 64 && !/^[-+]?[\d.,:/-]+$/u.test(cell) && !/@|:\/\//u.test(cell));
  return {
    delimiter: best,
    header: cells.length > 0 && cells.some((cell) => cell !== "") && cells.every(isName) && new Set(cells).size === cells.length,
  };
}

/** Reads a table. `isCut` says, once the stream has ended, whether its last record is but a part. Returns the bytes read. @throws AjarError as the stream */
export async function readTable(
  chunks: AsyncIterable<Uint8Array>,
  sink: RowSink,
  options: TableOptions,
  isCut: () => boolean = () => false,
): Promise<number> {
  const reader = new TableReader(sink, options);
  for await (const chunk of chunks) await reader.push(chunk);
  return isCut() ? reader.bytes : await reader.end();
}

class TableReader {
  readonly #sink: RowSink;
  readonly #options: TableOptions;
  readonly #parser: Parser;
  #names: readonly string[] | null = null;
  #width = 0;
  #index = 0;
  bytes = 0;
  #failed: Error | null = null;

  constructor(sink: RowSink, options: TableOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#parser = new Parser({
      delimiter: options.delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_error: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_UNITS,
      on_skip: (_error: CsvError | undefined) => {
        this.#sink.broken(this.#index, "bad-quotes");
        return undefined;
      },
    });
    this.#parser.on("error", (error) => {
      this.#failed = error;
    });
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.bytes += chunk.length;
    if (!isUtf8(chunk) && !isUtf8(withoutEdges(chunk))) this.#sink.broken(this.#index, "invalid-bytes");
    const isReady = this.#parser.write(chunk);
    this.#take();
    if (!isReady && this.#failed === null) await new Promise((resolve) => setImmediate(resolve));
  }

  #take(): void {
    for (let record = this.#parser.read(); record !== null; record = this.#parser.read()) this.#record(record);
  }

  #record(cells: readonly string[]): void {
    if (this.#names === null) {
      this.#width = cells.length;
      const isHeader = this.#options.header;
      this.#names = cells.slice(0, MAX_COLUMNS).map((cell, at) => (isHeader && cell !== "" ? cell.slice(0, MAX_NAME_UNITS) : `#${at + 1}`));
      if (isHeader) return;
    }
    if (cells.length !== this.#width) this.#sink.broken(this.#index, "wrong-columns");
    const fields: Field[] = [];
    let units = cells.length;
    let hasNul = false;
    for (const [at, text] of cells.entries()) {
      units += text.length;
      if (text === "") continue;
      hasNul ||= text.includes("\0");
      fields.push({ name: this.#names[at] ?? `#${Math.min(at, MAX_COLUMNS) + 1}`, text });
    }
    if (hasNul) this.#sink.broken(this.#index, "nul-bytes");
    this.#give(fields, units);
    this.#index += 1;
  }

  #give(fields: readonly Field[], units: number): void {
    if (units <= PIECE_UNITS * 2) {
      this.#sink.row({ index: this.#index, fields, bytes: units, more: false });
      return;
    }
    this.#sink.broken(this.#index, "long-row");
    const cut = fields.flatMap(cutField);
    for (const [at, field] of cut.entries()) {
      const isLast = at === cut.length - 1;
      this.#sink.row({ index: this.#index, fields: [field], bytes: isLast ? units : 0, more: !isLast });
    }
  }

  async end(): Promise<number> {
    const ended = new Promise<void>((resolve) => {
      this.#parser.on("end", resolve).on("error", () => resolve());
    });
    this.#parser.on("readable", () => this.#take());
    this.#parser.end();
    this.#take();
    if (this.#failed === null) await ended;
    if (this.#failed !== null) this.#sink.broken(this.#index, "bad-quotes");
    return this.bytes;
  }
}

/** A chunk may begin and end inside a character. */
function withoutEdges(chunk: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 3 && ((chunk[start] ?? 0) & 0xc0) === 0x80) start += 1;
  let end = chunk.length;
  for (let back = 1; back <= 3; back += 1) {
    if ((chunk[chunk.length - back] ?? 0) >= 0xc0) {
      end = chunk.length - back;
      break;
    }
  }
  return chunk.subarray(start, end);
}
