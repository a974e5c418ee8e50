// Archives made byte by byte, so that names and headers may be anything.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Source } from "../../src/core/source.ts";
import { source as archive } from "../../src/sources/archive.ts";
import { writeBzip2 } from "../formats/bzip2-writer.ts";
import { writeLz4 } from "../formats/lz4-writer.ts";
import { writeXz } from "../formats/xz-writer.ts";
import { context, LFS_POINTER, scratch } from "./support.ts";

type Content = string | Uint8Array;

interface ZipMember {
  readonly name: string;
  readonly content: Content;
  readonly mode?: number;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly crc?: number;
}

/** A zip. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const content = Buffer.from(member.content);
    const packed = member.stored === true ? content : deflateRawSync(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE((member.flags ?? 0) | 0x800, 2);
    shared.writeUInt16LE(member.stored === true ? 0 : 8, 4);
    shared.writeUInt32LE(member.crc ?? crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), shared, tail, name);
    locals.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listing, Buffer.from("PK\x05\x06"), end]);
}

export interface TarEntry {
  readonly name: string;
  readonly content?: Content;
  readonly type?: string;
  readonly link?: string;
}

/** A tar. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "0", link = "" }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(body.length.toString(8).padStart(11, "0"), 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write("ustar\x0000", 257, "latin1");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Writes the bytes into a file of that name and opens it. */
export async function open(name: string, bytes: Content, options: Parameters<typeof context>[1] = {}): Promise<Source> {
  const root = scratch();
  writeFileSync(join(root, name), bytes);
  return await archive.open(name, context(root, options));
}

export const FILES = { "README.md": "hello\n", "src/a.py": "print()\n", "src/b": "x".repeat(100_000), "model.bin": LFS_POINTER };
export const tree: readonly TarEntry[] = Object.entries(FILES).map(([name, content]) => ({ name: `./${name}`, content }));
export const members: readonly ZipMember[] = Object.entries(FILES).map(([name, content]) => ({ name, content }));

export const forms: readonly (readonly [string, Uint8Array])[] = [
  ["r.zip", zipOf(members)],
  ["r-1.0-py3-none-any.whl", zipOf(members)],
  ["r.tar", tarOf(tree)],
  ["r.tar.gz", gzipSync(tarOf(tree))],
  ["r.tgz", gzipSync(tarOf(tree))],
  ["r.tar.zst", zstdCompressSync(tarOf(tree))],
  ["r.tar.bz2", writeBzip2(tarOf(tree))],
  ["r.tar.xz", writeXz(tarOf(tree))],
  ["r.tar.lz4", writeLz4(tarOf(tree))],
];
