// Messages of Arrow's IPC formats (arrow.apache.org, "Serialization and Interprocess Communication"; Message.fbs): a length, metadata as
// FlatBuffers, a body. Every place and length is held against the file before it is used.
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { checkRange } from "../byte-reader.ts";
import { FlatTable } from "../flatbuffer.ts";
import { PageReader } from "../page-reader.ts";
import { MAX_FIELDS } from "./schema.ts";

const CONTINUATION = 0xffffffff;
const MAX_METADATA_BYTES = 64 * 1024 * 1024;
/** What a reader of metadata may fetch in all. */
const PAGE_LIMITS = { maxBytes: 1024 * 1024 * 1024, maxPiece: 64 * 1024 * 1024 };
/** A field has three buffers at most, and as many as it likes where its texts are views. */
const MAX_BUFFERS = 100_000;

type MessageKind = "schema" | "dictionary" | "batch" | "other";

export interface ArrowMessage {
  readonly kind: MessageKind;
  /** Place of the length that it begins with. */
  readonly offset: number;
  /** The table that its kind names. */
  readonly header: FlatTable;
  readonly bodyOffset: number;
  readonly bodyBytes: number;
}

/** Messages of one file, read where one asks for them. */
export class MessageReader {
  readonly #file: ByteReader;
  readonly #pages: PageReader;

  constructor(file: ByteReader) {
    this.#file = file;
    this.#pages = new PageReader(file, PAGE_LIMITS);
  }

  /** The root table of metadata that begin at a place. */
  async root(offset: number): Promise<FlatTable> {
    return await FlatTable.at(this.#pages, offset + (await this.#pages.at(offset, 4)).u32());
  }

  /** The message at a place; null where the data end there. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT */
  async at(offset: number): Promise<ArrowMessage | null> {
    if (offset === this.#file.sizeBytes) return null;
    const first = (await this.#pages.at(offset, 4)).u32();
    // Before version 0.15 there was no continuation mark, just the length.
    const prefix = first === CONTINUATION ? 8 : 4;
    const metadataBytes = prefix === 8 ? (await this.#pages.at(offset + 4, 4)).u32() : first;
    if (metadataBytes === 0) return null;
    if (metadataBytes > MAX_METADATA_BYTES)
      throw new AjarError("OVER_LIMIT", `an Arrow message with ${metadataBytes} bytes of metadata`, { offset });
    const start = offset + prefix;
    checkRange(start, metadataBytes, this.#file.sizeBytes);
    const root = await this.root(start);
    const header = await root.table(2);
    const bodyBytes = await root.u64(3);
    const bodyOffset = start + metadataBytes;
    checkRange(bodyOffset, bodyBytes, this.#file.sizeBytes);
    if (header === null) throw new AjarError("INCONSISTENT", "an Arrow message without a header", { offset });
    return { kind: KINDS[await root.u8(1)] ?? "other", offset, header, bodyOffset, bodyBytes };
  }
}

/** By number in the union MessageHeader; tensors are no rows. */
const KINDS: Readonly<Record<number, MessageKind>> = { 1: "schema", 2: "dictionary", 3: "batch" };

/** Where the parts of a record batch lie. */
export interface BatchLayout {
  readonly rows: number;
  /** Values and nulls of each field, depth first. */
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[];
  /** Places in the body. */
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
  readonly codec: "lz4" | "zstd" | null;
  /** Buffers beyond the usual ones of each field of views. */
  readonly viewBuffers: readonly number[];
}

/** Reads a RecordBatch table. @throws AjarError UNSUPPORTED | INCONSISTENT | OVER_LIMIT | TRUNCATED */
export async function readBatchLayout(table: FlatTable): Promise<BatchLayout> {
  const nodes = await table.structs(1, 16, MAX_FIELDS);
  const buffers = await table.structs(2, 16, MAX_BUFFERS);
  const counts = await table.structs(4, 8, MAX_FIELDS);
  return {
    rows: await table.u64(0),
    nodes: Array.from({ length: nodes.count }, () => ({ length: nodes.cursor.u64(), nulls: nodes.cursor.u64() })),
    buffers: Array.from({ length: buffers.count }, () => ({ offset: buffers.cursor.u64(), length: buffers.cursor.u64() })),
    codec: await codecOf(table),
    viewBuffers: Array.from({ length: counts.count }, () => counts.cursor.u64()),
  };
}

async function codecOf(table: FlatTable): Promise<BatchLayout["codec"]> {
  const compression = await table.table(3);
  if (compression === null) return null;
  const codec = await compression.i8(0);
  const method = await compression.i8(1);
  if (method !== 0 || (codec !== 0 && codec !== 1)) {
    throw new AjarError("UNSUPPORTED", `Arrow data packed by method ${method} and codec ${codec}`, { offset: table.offset });
  }
  return codec === 0 ? "lz4" : "zstd";
}

/** A dictionary batch: values of a dictionary, or more of them. */
export async function readDictionaryHead(
  table: FlatTable,
): Promise<{ readonly id: number; readonly data: FlatTable; readonly isDelta: boolean }> {
  const data = await table.table(1);
  if (data === null) throw new AjarError("INCONSISTENT", "an Arrow dictionary without values", { offset: table.offset });
  return { id: await table.u64(0), data, isDelta: (await table.u8(2)) !== 0 };
}
