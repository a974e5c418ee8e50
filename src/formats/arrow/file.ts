// An Arrow file as a list of its batches: by its footer where it has one, else message by message, bodies passed over.
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { checkRange } from "../byte-reader.ts";
import type { FlatTable } from "../flatbuffer.ts";
import { type ArrowMessage, MessageReader, readDictionaryHead } from "./messages.ts";
import { type ArrowSchema, readSchema } from "./schema.ts";

/** A message of a batch. */
interface BatchPlace {
  readonly offset: number;
  readonly bodyBytes: number;
}

export interface DictionaryPlace extends BatchPlace {
  readonly id: number;
  /** Adds to the values before it. */
  readonly isDelta: boolean;
}

export interface ArrowFile {
  readonly schema: ArrowSchema;
  /** In ascending order of their places. */
  readonly batches: readonly BatchPlace[];
  readonly dictionaries: readonly DictionaryPlace[];
  /** A file's dictionaries hold for all batches; a stream's, from their place on. */
  readonly isStream: boolean;
  /** Why the list ends before the file does. */
  readonly problem: AjarError | null;
}

const MAGIC = "ARROW1";
const CONTINUATION_MARK = Buffer.from([0xff, 0xff, 0xff, 0xff]);
/** Magic, padded to eight bytes. */
const HEAD_BYTES = 8;
/** Length of the footer, magic. */
const TAIL_BYTES = 10;
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
const MAX_BATCHES = 100_000;
const BLOCK_BYTES = 24;

/** Looks at a file of either IPC format. @throws AjarError NOT_THIS_FORMAT | UNSUPPORTED | TRUNCATED | INCONSISTENT | OVER_LIMIT */
export async function openArrow(reader: ByteReader): Promise<ArrowFile> {
  const head = Buffer.from(await reader.read(0, Math.min(HEAD_BYTES, reader.sizeBytes))).toString("latin1");
  if (head.startsWith("FEA1")) {
    throw new AjarError("UNSUPPORTED", "a Feather file of version 1, which is another format; write it anew as version 2", {
      offset: 0,
    });
  }
  if (!head.startsWith(MAGIC)) return await listStream(reader);
  try {
    return await listByFooter(reader);
  } catch (cause) {
    if (!(cause instanceof AjarError) || !isAboutFile(cause)) throw cause;
    // The batches stand before the footer; what is there of them is read.
    const found = await listMessages(reader, HEAD_BYTES).catch(() => null);
    if (found === null) throw cause;
    return { ...found, problem: cause };
  }
}

/** Whether an error says something about the bytes, and not about how they were fetched. */
export function isAboutFile({ code }: AjarError): boolean {
  return code === "TRUNCATED" || code === "INCONSISTENT" || code === "OVER_LIMIT" || code === "UNSUPPORTED";
}

async function listStream(reader: ByteReader): Promise<ArrowFile> {
  if (reader.sizeBytes < HEAD_BYTES) throw new AjarError("NOT_THIS_FORMAT", "too short for Arrow data", { offset: 0 });
  const hasMark = Buffer.from(await reader.read(0, 4)).equals(CONTINUATION_MARK);
  try {
    return await listMessages(reader, 0);
  } catch (cause) {
    // Streams of old begin with a length, as might anything.
    if (hasMark || !(cause instanceof AjarError) || !isAboutFile(cause)) throw cause;
    throw new AjarError("NOT_THIS_FORMAT", "does not begin as Arrow data", { offset: 0, cause });
  }
}

/** @throws AjarError where there is no schema; what is wrong after it is the list's `problem` */
async function listMessages(reader: ByteReader, start: number): Promise<ArrowFile> {
  const messages = new MessageReader(reader);
  const first = await messages.at(start);
  if (first === null || first.kind !== "schema") throw new AjarError("INCONSISTENT", "no Arrow schema", { offset: start });
  const schema = await readSchema(first.header);
  const batches: BatchPlace[] = [];
  const dictionaries: DictionaryPlace[] = [];
  let problem: AjarError | null = null;
  try {
    for (let at = endOf(first); ; ) {
      const message = await messages.at(at);
      if (message === null) break;
      if (batches.length + dictionaries.length >= MAX_BATCHES)
        throw new AjarError("OVER_LIMIT", `more than ${MAX_BATCHES} Arrow batches`, { offset: at });
      const { offset, bodyBytes } = message;
      if (message.kind === "batch") batches.push({ offset, bodyBytes });
      else if (message.kind === "dictionary") dictionaries.push(await dictionaryPlace(message));
      at = endOf(message);
    }
  } catch (cause) {
    if (!(cause instanceof AjarError) || !isAboutFile(cause)) throw cause;
    problem = cause;
  }
  return { schema, batches, dictionaries, isStream: true, problem };
}

function endOf({ bodyOffset, bodyBytes }: ArrowMessage): number {
  return bodyOffset + bodyBytes;
}

async function dictionaryPlace({ offset, bodyBytes, header }: ArrowMessage): Promise<DictionaryPlace> {
  const { id, isDelta } = await readDictionaryHead(header);
  return { offset, bodyBytes, id, isDelta };
}

async function listByFooter(reader: ByteReader): Promise<ArrowFile> {
  const size = reader.sizeBytes;
  if (size < HEAD_BYTES + TAIL_BYTES) throw new AjarError("TRUNCATED", "too short for an Arrow file", { offset: size });
  const tail = Buffer.from(await reader.read(size - TAIL_BYTES, TAIL_BYTES));
  if (tail.toString("latin1", 4) !== MAGIC) throw new AjarError("TRUNCATED", "the footer is missing", { offset: size });
  const length = tail.readUInt32LE(0);
  if (length > MAX_FOOTER_BYTES) throw new AjarError("OVER_LIMIT", `a footer of ${length} bytes`, { offset: size - TAIL_BYTES });
  if (length > size - HEAD_BYTES - TAIL_BYTES)
    throw new AjarError("INCONSISTENT", `a footer of ${length} bytes in a file of ${size}`, { offset: size - TAIL_BYTES });
  const messages = new MessageReader(reader);
  const footer = await messages.root(size - TAIL_BYTES - length);
  const schema = await footer.table(1);
  if (schema === null) throw new AjarError("INCONSISTENT", "no Arrow schema", { offset: footer.offset });
  const fields = await readSchema(schema);
  const dictionaries: DictionaryPlace[] = [];
  for (const { offset, bodyBytes } of await blocksOf(footer, 2, size)) {
    const message = await messages.at(offset);
    if (message?.kind !== "dictionary" || message.bodyBytes > bodyBytes)
      throw new AjarError("INCONSISTENT", `no Arrow dictionary at ${offset}`, { offset });
    dictionaries.push(await dictionaryPlace(message));
  }
  return { schema: fields, batches: await blocksOf(footer, 3, size), dictionaries, isStream: false, problem: null };
}

/** Blocks of a footer; each lies behind the one before, so that no byte is read twice. */
async function blocksOf(footer: FlatTable, id: number, size: number): Promise<readonly BatchPlace[]> {
  const { count, cursor } = await footer.structs(id, BLOCK_BYTES, MAX_BATCHES);
  const blocks: BatchPlace[] = [];
  let end = HEAD_BYTES;
  for (let at = 0; at < count; at += 1) {
    const place = cursor.offset;
    const offset = cursor.u64();
    const metadataBytes = cursor.i32();
    cursor.skip(4);
    const bodyBytes = cursor.u64();
    if (metadataBytes < 0 || offset < end)
      throw new AjarError("INCONSISTENT", `Arrow batches that overlap at ${offset}`, { offset: place });
    checkRange(offset, metadataBytes + bodyBytes, size);
    end = offset + metadataBytes + bodyBytes;
    blocks.push({ offset, bodyBytes });
  }
  return blocks;
}
