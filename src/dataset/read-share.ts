// One share of a file -> rows. The one place that knows which reader reads what.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { ArrowFile } from "../formats/arrow/file.ts";
import { decompress } from "../formats/compression.ts";
import { type DataFileEntry, type FilePlan, planFile, planGroups, type Rows, type Share } from "./plan.ts";
import { asUtf8, chunksOf, headOf, passingChunks, withoutMark } from "./readers/bytes.ts";
import { ENCODING_HEAD, type EncodingGuess, guessEncoding } from "./readers/encoding.ts";
import { readJson, readJsonLines } from "./readers/json-rows.ts";
import type { LineRange } from "./readers/lines.ts";
import type { ParquetFile } from "./readers/parquet-rows.ts";
import { readTable, tableShape } from "./readers/table-rows.ts";
import { PAGE_BYTES, readPage, readTextLines } from "./readers/text-rows.ts";
import { readWarc } from "./readers/warc-rows.ts";
import type { RowSink } from "./row.ts";

/** Unpacked bytes a packed file may hold, and how many a packed byte may become: above it is a bomb. */
const UNPACK = { maxBytes: 1024 ** 4, maxEntries: 1, maxRatio: 1000 };

export interface OpenedFile {
  readonly encoding: EncodingGuess;
  readonly parquet: ParquetFile | null;
  readonly arrow: ArrowFile | null;
  /** The first bytes, unpacked. */
  readonly head: Uint8Array;
}

const COLUMNS: OpenedFile = { encoding: { encoding: "utf-8", sure: true }, parquet: null, arrow: null, head: new Uint8Array(0) };

/** Looks at the head of a file. @throws AjarError where it cannot be opened */
export async function openData(reader: ByteReader, { kind }: DataFileEntry): Promise<OpenedFile> {
  if (kind.format === "parquet") {
    if (kind.packing !== null) throw new AjarError("UNSUPPORTED", "a packed Parquet file", { offset: 0 });
    const { openParquet } = await import("./readers/parquet-rows.ts");
    return { ...COLUMNS, parquet: await openParquet(reader) };
  }
  if (kind.format === "arrow") {
    if (kind.packing !== null) throw new AjarError("UNSUPPORTED", "a packed Arrow file", { offset: 0 });
    const { openArrow } = await import("../formats/arrow/file.ts");
    return { ...COLUMNS, arrow: await openArrow(reader) };
  }
  const parts = await headParts(reader, kind.packing);
  const head = Buffer.concat(parts);
  const encoding = kind.format === "warc" ? { encoding: "utf-8", sure: true } : guessEncoding(head);
  return { encoding, parquet: null, arrow: null, head };
}

/** What is read of an opened file. */
export function planOpened(entry: DataFileEntry, rows: Rows, { parquet, arrow, encoding }: OpenedFile): FilePlan {
  if (parquet !== null) return planGroups(entry, rows, parquet.groupRows, parquet.groupBytes);
  if (arrow === null) return planFile(entry, rows, encoding.encoding === "utf-8");
  const bytes = arrow.batches.map(({ offset }, at) => (arrow.batches[at + 1]?.offset ?? entry.sizeBytes) - (at === 0 ? 0 : offset));
  return planGroups(entry, rows, bytes, bytes);
}

/** The first bytes, or as many as can be had: the reading that follows says what is wrong and where. */
async function headParts(reader: ByteReader, packing: DataFileEntry["kind"]["packing"]): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of headOf(unpacked(reader, packing), ENCODING_HEAD)) parts.push(chunk);
  } catch (cause) {
    if (parts.length === 0) throw cause;
  }
  return parts;
}

/** What a file unpacks to; its bytes where it is not packed. */
function unpacked(reader: ByteReader, packing: DataFileEntry["kind"]["packing"]): AsyncIterable<Uint8Array> {
  if (packing === null) return chunksOf(reader);
  return decompress(packing, chunksOf(reader), UNPACK);
}

export interface ShareRead {
  /** Bytes that the rows take, unpacked. */
  readonly bytes: number;
  /** The share is the beginning of a file, and there was more. */
  readonly isCut: boolean;
  /** The first thing that could not be read, where the reading went on behind it. */
  readonly problem: AjarError | null;
}

/** Reads a share. @throws AjarError with the place where it cannot go on; the rows before were handed on */
export async function readShare(
  reader: ByteReader,
  entry: DataFileEntry,
  opened: OpenedFile,
  share: Share,
  sink: RowSink,
): Promise<ShareRead> {
  if (share.kind === "stream") return await readStream(reader, entry, opened, share.limit, sink);
  if (share.kind === "bytes") return { bytes: await readBytes(reader, entry, share, sink), isCut: false, problem: null };
  if (opened.arrow !== null) {
    const { readArrow } = await import("./readers/arrow/arrow-rows.ts");
    return { ...(await readArrow(reader, opened.arrow, share.groups, sink)), isCut: false };
  }
  if (opened.parquet === null) throw new AjarError("BUG", "row groups of a file that has none");
  const { readParquet } = await import("./readers/parquet-rows.ts");
  return { bytes: await readParquet(reader, opened.parquet, share.groups, share.start, sink), isCut: false, problem: null };
}

/** Small blocks are read in small steps. */
const LEAST_STEP = 64 * 1024;

async function readBytes(
  reader: ByteReader,
  { kind }: DataFileEntry,
  share: { start: number; end: number },
  sink: RowSink,
): Promise<number> {
  const isFirst = share.start === 0;
  const mark = isFirst ? await markBytes(reader) : 0;
  // One byte earlier: a line that begins right at the start is known by the line end before it.
  const from = isFirst ? mark : share.start - 1;
  const range = { skipFirst: !isFirst, ownBytes: share.end - from };
  const chunks = passingChunks(reader, from, Math.min(Math.max(share.end - share.start, LEAST_STEP), 1024 * 1024));
  return kind.format === "jsonl" ? await readJsonLines(chunks, sink, range) : await readTextLines(chunks, sink, range);
}

/** Bytes of the mark that some programs put in front of UTF-8. */
async function markBytes(reader: ByteReader): Promise<number> {
  if (reader.sizeBytes < 3) return 0;
  const [a, b, c] = await reader.read(0, 3);
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

async function readStream(
  reader: ByteReader,
  entry: DataFileEntry,
  opened: OpenedFile,
  limit: number | null,
  sink: RowSink,
): Promise<ShareRead> {
  const { kind } = entry;
  const cut = { isCut: false };
  const raw = unpacked(reader, kind.packing);
  const limited = limit === null ? raw : headOf(raw, limit, () => (cut.isCut = true));
  const { encoding } = opened.encoding;
  const chunks = encoding === "utf-8" ? withoutMark(limited) : asUtf8(limited, encoding);
  try {
    const bytes = await readChunks(chunks, entry, opened, sink, () => cut.isCut);
    return { bytes, isCut: cut.isCut, problem: null };
  } catch (cause) {
    // Where the reading was to end, no value ends.
    if (cut.isCut && cause instanceof AjarError && cause.code === "TRUNCATED") return { bytes: limit ?? 0, isCut: true, problem: null };
    throw cause;
  }
}

async function readChunks(
  chunks: AsyncIterable<Uint8Array>,
  { kind, sizeBytes }: DataFileEntry,
  { encoding, head }: OpenedFile,
  sink: RowSink,
  isCut: () => boolean,
): Promise<number> {
  const range: LineRange = { skipFirst: false, ownBytes: Number.POSITIVE_INFINITY, isCut };
  switch (kind.format) {
    case "jsonl":
      return await readJsonLines(chunks, sink, range);
    case "json":
      return await readJsonOrLines(chunks, head, sink, range);
    case "csv":
    case "tsv":
      return await readTable(chunks, sink, tableShape(new TextDecoder(encoding.encoding).decode(head), kind.format), isCut);
    case "warc":
      return await readWarc(chunks, sink);
    default:
      return sizeBytes <= PAGE_BYTES && kind.packing === null ? await readPage(chunks, sink) : await readTextLines(chunks, sink, range);
  }
}

/** Many files called `.json` hold a value a line. */
async function readJsonOrLines(chunks: AsyncIterable<Uint8Array>, head: Uint8Array, sink: RowSink, range: LineRange): Promise<number> {
  const text = Buffer.from(head).toString("utf8");
  const [first = "", second = ""] = text.split(/\r?\n/u, 2).map((line) => line.trim());
  const isLines = first.startsWith("{") && first.endsWith("}") && second.startsWith("{") && isJson(first);
  return isLines ? await readJsonLines(chunks, sink, range) : await readJson(chunks, sink);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
