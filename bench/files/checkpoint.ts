// A torch checkpoint whose weights take no space on the disk.
import { closeSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { dict, pickle, storage, tensor, text } from "../../test/safety/pickle-writer.ts";

/** torch's zip with so many storages that are holes in the file; places beyond 4 GiB stand in zip64 fields. */
export function writeCheckpoint(file: string, storages: number, storageBytes: number): void {
  const out = openSync(file, "w");
  const elements = storageBytes / 4;
  const weights = Array.from({ length: storages }, (_, key) => {
    const stored = storage("FloatStorage", String(key), elements);
    return [text(`layers.${key}.weight`), tensor(stored, 0, [1024, elements / 1024], [elements / 1024, 1])] as const;
  });
  const data = pickle(dict(...weights));
  const directory: Buffer[] = [];
  let at = 0;
  const add = (name: string, content: Buffer | null, size: number): void => {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    const sum = content === null ? 0 : crc32(content);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(size, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    writeSync(out, Buffer.concat([local, Buffer.from(name), content ?? Buffer.alloc(0)]), 0, undefined, at);
    directory.push(entry(name, size, at, sum));
    at += 30 + name.length + size;
  };
  add("archive/data.pkl", data, data.length);
  for (let key = 0; key < storages; key += 1) add(`archive/data/${key}`, null, storageBytes);
  writeSync(out, Buffer.concat([...directory, ends(directory, at)]), 0, undefined, at);
  closeSync(out);
}

function entry(name: string, size: number, offset: number, sum: number): Buffer {
  const fields = Buffer.alloc(46 + name.length + 12);
  fields.writeUInt32LE(0x02014b50, 0);
  fields.writeUInt32LE(sum, 16);
  fields.writeUInt32LE(size, 20);
  fields.writeUInt32LE(size, 24);
  fields.writeUInt16LE(name.length, 28);
  fields.writeUInt16LE(12, 30);
  fields.writeUInt32LE(0xffffffff, 42);
  fields.write(name, 46);
  fields.writeUInt16LE(1, 46 + name.length);
  fields.writeUInt16LE(8, 48 + name.length);
  fields.writeBigUInt64LE(BigInt(offset), 50 + name.length);
  return fields;
}

function ends(directory: readonly Buffer[], offset: number): Buffer {
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const wide = Buffer.alloc(76);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeBigUInt64LE(BigInt(directory.length), 24);
  wide.writeBigUInt64LE(BigInt(directory.length), 32);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.writeUInt32LE(0x07064b50, 56);
  wide.writeBigUInt64LE(BigInt(offset + size), 64);
  wide.writeUInt32LE(1, 72);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([wide, end]);
}
