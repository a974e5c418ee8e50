// Parquet, a row group at a time. The library allocates what counts in the file say, so each is checked before it is called.
import { type ColumnMetaData, type FileMetaData, parquetMetadataAsync, parquetRead, type RowGroup, type SchemaElement } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";
import { compressors } from "hyparquet-compressors";
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { checkRange } from "../../formats/byte-reader.ts";
import { PIECE_UNITS, type RowSink } from "../row.ts";
import { cutField, fieldsOf } from "./json-rows.ts";

const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
const MAX_ROW_GROUPS = 100_000;
const MAX_COLUMNS = 5_000;
/** A column's part of a row group, packed; it is held whole. */
const MAX_CHUNK_BYTES = 512 * 1024 * 1024;
const MAX_PAGE_BYTES = 128 * 1024 * 1024;
/** A run of equal values takes a few bytes, whatever its length. */
const MAX_PAGE_VALUES = 8 * 1024 * 1024;
/** Unpacked bytes of a row group that are rows at one time. */
const WINDOW_BYTES = 64 * 1024 * 1024;

export interface ParquetFile {
  readonly metadata: FileMetaData;
  /** Rows of each row group. */
  readonly groupRows: readonly number[];
  /** Packed bytes of each, and what they unpack to. */
  readonly groupBytes: readonly number[];
  readonly groupUnpacked: readonly number[];
  readonly rows: number;
  /** Names of the columns that may hold text, at the top. */
  readonly columns: readonly string[];
  readonly allColumns: readonly string[];
}

/** Reads and checks the footer. @throws AjarError NOT_THIS_FORMAT | TRUNCATED | INCONSISTENT | OVER_LIMIT */
export async function openParquet(reader: ByteReader): Promise<ParquetFile> {
  await checkFooter(reader);
  const metadata = await attempt("the footer", () => parquetMetadataAsync(bufferOf(reader), { geoparquet: false }));
  const groups = metadata.row_groups;
  if (groups.length > MAX_ROW_GROUPS) throw new AjarError("OVER_LIMIT", `${groups.length} row groups`, { offset: reader.sizeBytes });
  if (metadata.schema.length > MAX_COLUMNS)
    throw new AjarError("OVER_LIMIT", `${metadata.schema.length} columns`, { offset: reader.sizeBytes });
  const groupRows = groups.map(({ num_rows }) => countOf(num_rows, "rows"));
  const rows = groupRows.reduce((sum, count) => sum + count, 0);
  if (rows !== countOf(metadata.num_rows, "rows")) {
    throw new AjarError("INCONSISTENT", `${metadata.num_rows} rows are announced, the row groups have ${rows}`, {
      offset: reader.sizeBytes,
    });
  }
  const groupBytes = groups.map(({ columns }) => bytesOf(columns, "total_compressed_size"));
  const groupUnpacked = groups.map(({ columns }) => bytesOf(columns, "total_uncompressed_size"));
  return {
    metadata,
    groupRows,
    groupBytes,
    groupUnpacked,
    rows,
    columns: textColumns(metadata.schema),
    allColumns: topNames(metadata.schema),
  };
}

function bytesOf(columns: RowGroup["columns"], size: "total_compressed_size" | "total_uncompressed_size"): number {
  return columns.reduce((sum, { meta_data }) => sum + countOf(meta_data?.[size] ?? 0, "bytes"), 0);
}

async function checkFooter(reader: ByteReader): Promise<void> {
  const size = reader.sizeBytes;
  if (size < 12) throw new AjarError("TRUNCATED", "too short for a Parquet file", { offset: size });
  const head = Buffer.from(await reader.read(0, 4)).toString("latin1");
  if (head !== "PAR1") throw new AjarError("NOT_THIS_FORMAT", "does not begin as a Parquet file", { offset: 0 });
  const tail = await reader.read(size - 8, 8);
  if (Buffer.from(tail.subarray(4)).toString("latin1") !== "PAR1")
    throw new AjarError("TRUNCATED", "the footer is missing", { offset: size });
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
  if (length > MAX_FOOTER_BYTES) throw new AjarError("OVER_LIMIT", `a footer of ${length} bytes`, { offset: size - 8 });
  if (length > size - 12) throw new AjarError("INCONSISTENT", `a footer of ${length} bytes in a file of ${size}`, { offset: size - 8 });
}

function countOf(value: bigint | number, what: string): number {
  const count = Number(value);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new AjarError("INCONSISTENT", `${value} ${what} are announced`, { offset: 0 });
}

function bufferOf(reader: ByteReader): { readonly byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> } {
  return {
    byteLength: reader.sizeBytes,
    slice: async (start, end = reader.sizeBytes) => {
      checkRange(start, end - start, reader.sizeBytes);
      return plainBuffer(await reader.read(start, end - start));
    },
  };
}

function plainBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) return buffer;
  return new Uint8Array(bytes).buffer;
}

/** Whatever the library throws is about the file. */
async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AjarError("INCONSISTENT", `${what} cannot be read: ${reason.slice(0, 200)}`, { offset: 0, cause });
  }
}

function topNames(schema: readonly SchemaElement[]): readonly string[] {
  return topElements(schema).map(({ name }) => name);
}

/** Top-level columns with all elements below each. */
function topElements(schema: readonly SchemaElement[]): readonly { readonly name: string; readonly below: readonly SchemaElement[] }[] {
  const found: { name: string; below: SchemaElement[] }[] = [];
  let open = 0;
  for (const element of schema.slice(1)) {
    if (open === 0) found.push({ name: element.name, below: [] });
    else open -= 1;
    found.at(-1)?.below.push(element);
    open += element.num_children ?? 0;
  }
  return found;
}

function textColumns(schema: readonly SchemaElement[]): readonly string[] {
  return topElements(schema).flatMap(({ name, below }) => (below.some(mayHoldText) ? [name] : []));
}

function mayHoldText({ type, converted_type, logical_type, num_children }: SchemaElement): boolean {
  if ((num_children ?? 0) > 0) return false;
  if (type === "INT64") return converted_type === undefined && (logical_type === undefined || logical_type.type === "INTEGER");
  if (type !== "BYTE_ARRAY") return false;
  // Old writers announce no type at all for texts.
  return converted_type !== "DECIMAL" && converted_type !== "BSON";
}

/** Reads some row groups. Row indexes count from `firstRow`. @throws AjarError INCONSISTENT | OVER_LIMIT */
export async function readParquet(
  reader: ByteReader,
  file: ParquetFile,
  groups: readonly number[],
  firstRow: number,
  sink: RowSink,
): Promise<number> {
  let bytes = 0;
  const starts = startsOf(file.groupRows);
  for (const group of groups) {
    const found = file.metadata.row_groups[group];
    const rows = file.groupRows[group] ?? 0;
    if (found === undefined || rows === 0) continue;
    bytes += file.groupUnpacked[group] ?? 0;
    const cache = await attempt("a page", () => checkedChunks(reader, found, file.columns));
    const perRow = Math.max(1, Math.floor((file.groupUnpacked[group] ?? 0) / rows));
    const unpacked = cache.reduce((sum, chunk) => sum + chunk.unpackedBytes, 0);
    const windows = Math.max(1, Math.ceil(unpacked / WINDOW_BYTES));
    const step = Math.ceil(rows / windows);
    const start = starts[group] ?? 0;
    for (let at = 0; at < rows; at += step) {
      await readWindow(reader, file, cache, { start: start + at, end: start + Math.min(rows, at + step), firstRow, perRow }, sink);
    }
  }
  return bytes;
}

function startsOf(counts: readonly number[]): readonly number[] {
  const starts: number[] = [];
  let sum = 0;
  for (const count of counts) {
    starts.push(sum);
    sum += count;
  }
  return starts;
}

interface CheckedChunk {
  readonly start: number;
  readonly bytes: ArrayBuffer;
  readonly unpackedBytes: number;
}

async function readWindow(
  reader: ByteReader,
  file: ParquetFile,
  cache: readonly CheckedChunk[],
  window: { readonly start: number; readonly end: number; readonly firstRow: number; readonly perRow: number },
  sink: RowSink,
): Promise<void> {
  const source = bufferOf(reader);
  const cached = {
    byteLength: source.byteLength,
    slice: async (start: number, end?: number): Promise<ArrayBuffer> => {
      const stop = end ?? source.byteLength;
      const chunk = cache.find((one) => start >= one.start && stop <= one.start + one.bytes.byteLength);
      // Columns that lie side by side are asked for at once.
      if (chunk === undefined) return stop - start > MAX_CHUNK_BYTES ? tooLong(start, stop) : await source.slice(start, stop);
      return chunk.bytes.slice(start - chunk.start, stop - chunk.start);
    },
  };
  const rows = await attempt("a row group", async () => {
    let found: readonly Record<string, unknown>[] = [];
    await parquetRead({
      file: cached,
      metadata: file.metadata,
      columns: [...file.columns],
      rowStart: window.start,
      rowEnd: window.end,
      rowFormat: "object",
      compressors,
      utf8: true,
      onComplete: (complete) => {
        found = complete;
      },
    });
    return found;
  });
  for (const [at, row] of rows.entries()) giveRow(sink, window.start - window.firstRow + at, row, window.perRow);
}

function tooLong(start: number, stop: number): never {
  throw new AjarError("OVER_LIMIT", `${stop - start} bytes of columns in one row group`, { offset: start });
}

function giveRow(sink: RowSink, index: number, row: unknown, bytes: number): void {
  const { fields } = fieldsOf(row);
  const units = fields.reduce((sum, { text }) => sum + text.length, 0);
  if (units <= PIECE_UNITS * 2) {
    sink.row({ index, fields, bytes, more: false });
    return;
  }
  const cut = fields.flatMap(cutField);
  for (const [at, field] of cut.entries()) {
    const isLast = at === cut.length - 1;
    sink.row({ index, fields: [field], bytes: isLast ? bytes : 0, more: !isLast });
  }
}

/** The wanted columns of a row group, each page's counts and sizes checked. */
async function checkedChunks(reader: ByteReader, group: RowGroup, wanted: readonly string[]): Promise<readonly CheckedChunk[]> {
  const chunks: CheckedChunk[] = [];
  for (const { meta_data, file_path } of group.columns) {
    if (meta_data === undefined || !wanted.includes(meta_data.path_in_schema[0] ?? "")) continue;
    if (file_path !== undefined && file_path !== null) throw new AjarError("UNSUPPORTED", "a column lies in another file", { offset: 0 });
    chunks.push(await checkedChunk(reader, meta_data, countOf(group.num_rows, "rows")));
  }
  return chunks;
}

async function checkedChunk(reader: ByteReader, column: ColumnMetaData, rows: number): Promise<CheckedChunk> {
  const length = countOf(column.total_compressed_size, "bytes");
  const first = Number(column.data_page_offset);
  const dictionary = column.dictionary_page_offset === undefined ? first : Number(column.dictionary_page_offset);
  const start = dictionary > 0 ? Math.min(first, dictionary) : first;
  if (length > MAX_CHUNK_BYTES) throw new AjarError("OVER_LIMIT", `a column of ${length} bytes in one row group`, { offset: start });
  checkRange(start, length, reader.sizeBytes);
  const bytes = plainBuffer(await reader.read(start, length));
  const unpackedBytes = checkPages(bytes, start, countOf(column.num_values, "values"), rows);
  return { start, bytes, unpackedBytes };
}

type Thrift = Readonly<Record<string, unknown>>;

/** Walks the page headers (PageHeader of parquet.thrift); gives the unpacked bytes of all pages. */
function checkPages(bytes: ArrayBuffer, base: number, announced: number, rows: number): number {
  const reader = { view: new DataView(bytes), offset: 0 };
  let values = 0;
  let unpackedBytes = 0;
  while (reader.offset < bytes.byteLength - 1) {
    const at = base + reader.offset;
    const header: Thrift = deserializeTCompactProtocol(reader);
    const unpacked = Number(header["field_2"]);
    const packed = Number(header["field_3"]);
    if (!(packed >= 0 && packed <= bytes.byteLength - reader.offset))
      throw new AjarError("TRUNCATED", `a page of ${packed} bytes passes the end of its column`, { offset: at });
    if (!(unpacked >= 0 && unpacked <= MAX_PAGE_BYTES)) throw new AjarError("OVER_LIMIT", `a page of ${unpacked} bytes`, { offset: at });
    const count = valuesOf(header);
    // A dictionary entry takes at least its length.
    const most = header["field_7"] === undefined ? Math.max(announced, rows) : unpacked;
    if (count > MAX_PAGE_VALUES) throw new AjarError("OVER_LIMIT", `a page of ${count} values`, { offset: at });
    if (!(count >= 0 && count <= most))
      throw new AjarError("INCONSISTENT", `a page of ${count} values in a column of ${announced}`, { offset: at });
    if (header["field_7"] === undefined) values += count;
    if (values > announced) throw new AjarError("INCONSISTENT", `pages of more than the ${announced} values announced`, { offset: at });
    unpackedBytes += unpacked;
    reader.offset += packed;
  }
  return unpackedBytes;
}

/** num_values of the data page (5), dictionary page (7) or data page v2 (8). */
function valuesOf(header: Thrift): number {
  for (const key of ["field_5", "field_7", "field_8"]) {
    const page = header[key];
    if (typeof page === "object" && page !== null) return Number(new Map(Object.entries(page)).get("field_1") ?? 0);
  }
  return 0;
}
