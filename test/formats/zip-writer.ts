// Writes zips, honest ones and ones that lie.
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipMember {
  readonly path: string;
  readonly content: Uint8Array;
  readonly method?: 0 | 8;
  readonly flags?: number;
  readonly unixMode?: number;
  /** Extra field of the local header, as torch pads it. */
  readonly localExtra?: Uint8Array;
  /** What the local header says instead. */
  readonly localName?: string;
  readonly localSize?: number;
  readonly localMethod?: number;
  /** What the directory says instead. */
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly compressedBytes?: number;
  readonly rawMethod?: number;
  readonly localOffset?: number;
  readonly zip64?: boolean;
}

export interface ZipShape {
  readonly prefix?: Uint8Array;
  readonly comment?: string;
  readonly count?: number;
  readonly zip64?: boolean;
  readonly suffix?: Uint8Array;
}

const ALL_ONES = 0xffffffff;

function record(size: number, fill: (view: DataView) => void): Buffer {
  const bytes = Buffer.alloc(size);
  fill(new DataView(bytes.buffer, bytes.byteOffset, size));
  return bytes;
}

export function writeZip(members: readonly ZipMember[], shape: ZipShape = {}): Buffer {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const method = member.method ?? 8;
    const data = method === 8 ? deflateRawSync(member.content) : Buffer.from(member.content);
    const crc = crc32(member.content);
    const local = localHeader(member, method, crc, data.length);
    directory.push(directoryEntry(member, method, crc, data.length, member.localOffset ?? at));
    body.push(local, data);
    at += local.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const wide = shape.zip64 === true ? end64(members.length, entries.length, at) : Buffer.alloc(0);
  const comment = Buffer.from(shape.comment ?? "");
  const end = record(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, shape.count ?? members.length, true);
    view.setUint16(10, shape.zip64 === true ? 0xffff : (shape.count ?? members.length), true);
    view.setUint32(12, shape.zip64 === true ? ALL_ONES : entries.length, true);
    view.setUint32(16, shape.zip64 === true ? ALL_ONES : at, true);
    view.setUint16(20, comment.length, true);
  });
  return Buffer.concat([shape.prefix ?? Buffer.alloc(0), ...body, entries, wide, end, comment, shape.suffix ?? Buffer.alloc(0)]);
}

function localHeader(member: ZipMember, method: number, crc: number, packed: number): Buffer {
  const name = Buffer.from(member.localName ?? member.path);
  const extra = Buffer.from(member.localExtra ?? []);
  const head = record(30, (view) => {
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(4, 20, true);
    view.setUint16(6, member.flags ?? 0x800, true);
    view.setUint16(8, member.localMethod ?? member.rawMethod ?? method, true);
    view.setUint32(14, member.crc ?? crc, true);
    view.setUint32(18, member.compressedBytes ?? packed, true);
    view.setUint32(22, member.localSize ?? member.sizeBytes ?? member.content.length, true);
    view.setUint16(26, name.length, true);
    view.setUint16(28, extra.length, true);
  });
  return Buffer.concat([head, name, extra]);
}

function directoryEntry(member: ZipMember, method: number, crc: number, packed: number, offset: number): Buffer {
  const name = Buffer.from(member.path);
  const size = member.sizeBytes ?? member.content.length;
  const stated = member.compressedBytes ?? packed;
  const extra = member.zip64 === true ? zip64Extra(size, stated, offset) : Buffer.alloc(0);
  const narrow = (value: number) => (member.zip64 === true ? ALL_ONES : value);
  const head = record(46, (view) => {
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, (3 << 8) | 20, true);
    view.setUint16(6, 20, true);
    view.setUint16(8, member.flags ?? 0x800, true);
    view.setUint16(10, member.rawMethod ?? method, true);
    view.setUint32(16, member.crc ?? crc, true);
    view.setUint32(20, narrow(stated), true);
    view.setUint32(24, narrow(size), true);
    view.setUint16(28, name.length, true);
    view.setUint16(30, extra.length, true);
    view.setUint32(38, ((member.unixMode ?? 0o100644) << 16) >>> 0, true);
    view.setUint32(42, narrow(offset), true);
  });
  return Buffer.concat([head, name, extra]);
}

function zip64Extra(size: number, packed: number, offset: number): Buffer {
  return record(28, (view) => {
    view.setUint16(0, 1, true);
    view.setUint16(2, 24, true);
    view.setBigUint64(4, BigInt(size), true);
    view.setBigUint64(12, BigInt(packed), true);
    view.setBigUint64(20, BigInt(offset), true);
  });
}

function end64(count: number, size: number, offset: number): Buffer {
  return record(76, (view) => {
    view.setUint32(0, 0x06064b50, true);
    view.setBigUint64(4, 44n, true);
    view.setBigUint64(24, BigInt(count), true);
    view.setBigUint64(32, BigInt(count), true);
    view.setBigUint64(40, BigInt(size), true);
    view.setBigUint64(48, BigInt(offset), true);
    view.setUint32(56, 0x07064b50, true);
    view.setBigUint64(64, BigInt(offset + size), true);
    view.setUint32(72, 1, true);
  });
}
