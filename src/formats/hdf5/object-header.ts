// Object headers, versions 1 and 2, with their continuations (HDF5 File Format Specification 3.0, IV.A.1).
import { AjarError } from "../../core/errors.ts";
import type { ByteCursor } from "../byte-reader.ts";
import { ByteCursor as Cursor } from "../byte-reader.ts";
import { expectMark, type Hdf5Bytes, uintOf } from "./bytes.ts";

export interface HeaderMessage {
  readonly type: number;
  /** The message lies elsewhere, its data say where. */
  readonly shared: boolean;
  readonly data: Uint8Array;
  /** Place in the file. */
  readonly offset: number;
}

/** Message types (IV.A.2). */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Attributes each take a message; objects with more than some hundreds keep them elsewhere. */
const MAX_MESSAGES = 20_000;
/** A continuation that points back would never end. */
const MAX_BLOCKS = 2000;
/** Longest block of messages; one message is at most 64 KiB. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;

interface Block {
  readonly cursor: ByteCursor;
  readonly version: 1 | 2;
  /** Version 2: every message carries its creation order. */
  readonly ordered: boolean;
}

/** All messages of one object. @throws AjarError with a FormatCode */
export async function readObjectHeader(bytes: Hdf5Bytes, address: number): Promise<readonly HeaderMessage[]> {
  const messages: HeaderMessage[] = [];
  const blocks: Block[] = [await firstBlock(bytes, address)];
  const seen = new Set<number>();
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block === undefined) break;
    for (const message of messagesOf(block)) {
      if (messages.length >= MAX_MESSAGES) throw tooMany("messages", MAX_MESSAGES, message.offset);
      if (message.type !== MESSAGE.continuation) {
        messages.push(message);
        continue;
      }
      const cursor = new Cursor(message.data, message.offset);
      const next = bytes.someAddress(cursor, "continuation");
      if (seen.has(next)) throw new AjarError("INCONSISTENT", "HDF5 header goes on where it was before", { offset: message.offset });
      seen.add(next);
      if (blocks.length >= MAX_BLOCKS) throw tooMany("parts of a header", MAX_BLOCKS, message.offset);
      blocks.push(await continued(bytes, next, bytes.length(cursor), block));
    }
  }
  return messages;
}

async function firstBlock(bytes: Hdf5Bytes, address: number): Promise<Block> {
  const head = await bytes.upTo(address, 40);
  if (head.bytes[0] === 0x4f) return secondVersion(bytes, address, head);
  const at = head.offset;
  const version = head.u8();
  if (version !== 1) throw new AjarError("UNSUPPORTED", `HDF5 object header of version ${version}`, { offset: at });
  head.skip(7);
  const size = head.u32();
  return { cursor: await blockAt(bytes, address + 16, size), version: 1, ordered: false };
}

async function secondVersion(bytes: Hdf5Bytes, address: number, head: ByteCursor): Promise<Block> {
  expectMark(head, "OHDR");
  const version = head.u8();
  if (version !== 2) throw new AjarError("UNSUPPORTED", `HDF5 object header of version ${version}`, { offset: head.offset });
  const flags = head.u8();
  if ((flags & 0x20) !== 0) head.skip(16);
  if ((flags & 0x10) !== 0) head.skip(4);
  const size = uintOf(head, 2 ** (flags & 3));
  return { cursor: await blockAt(bytes, address + head.position, size), version: 2, ordered: (flags & 4) !== 0 };
}

async function continued(bytes: Hdf5Bytes, address: number, size: number, { version, ordered }: Block): Promise<Block> {
  if (version === 1) return { cursor: await blockAt(bytes, address, size), version, ordered };
  const cursor = await blockAt(bytes, address, size);
  expectMark(cursor, "OCHK");
  // A checksum ends the block.
  const inner = cursor.take(Math.max(0, cursor.remaining - 4));
  return { cursor: new Cursor(inner, cursor.offset - inner.length), version, ordered };
}

async function blockAt(bytes: Hdf5Bytes, address: number, size: number): Promise<ByteCursor> {
  if (size > MAX_BLOCK_BYTES) throw new AjarError("OVER_LIMIT", `HDF5 header of ${size} bytes`, { offset: address });
  return await bytes.at(address, size);
}

function* messagesOf({ cursor, version, ordered }: Block): Generator<HeaderMessage> {
  const headBytes = version === 1 ? 8 : ordered ? 6 : 4;
  // Version 2 may leave a gap too small for a message.
  while (cursor.remaining >= headBytes) {
    const type = version === 1 ? cursor.u16() : cursor.u8();
    const size = cursor.u16();
    const flags = cursor.u8();
    if (version === 1) cursor.skip(3);
    else if (ordered) cursor.skip(2);
    const offset = cursor.offset;
    yield { type, shared: (flags & 2) !== 0, data: cursor.take(size), offset };
  }
}

function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `HDF5 object with more than ${limit} ${what}`, { offset });
}
