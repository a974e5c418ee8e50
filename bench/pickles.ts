// npm run bench:pickles: the symbolic pickle scan against picklescan over the same dense pickle, and its memory on a sparse
// torch checkpoint of 10 GB. Seconds are those of the processor, which others on the machine do not lengthen. AJAR_SCANNERS names a Python that has picklescan; without it only Ajar is measured.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dict, pickle, storage, tensor, text } from "../test/safety/pickle-writer.ts";

const RECORDS = 1_200_000;
const GIB = 1024 ** 3;
const STORAGES = 10;

const folder = mkdtempSync(join(tmpdir(), "ajar-pickles-"));
try {
  const dense = join(folder, "dense.pkl");
  const checkpoint = join(folder, "checkpoint.pt");
  writeDense(dense);
  writeCheckpoint(checkpoint);
  const own = [ajar(dense), ajar(dense), ajar(dense)].sort((a, b) => a.seconds - b.seconds)[1] ?? ajar(dense);
  const megabytes = statSync(dense).size / 1e6;
  console.log(`dense pickle, ${megabytes.toFixed(0)} MB: Ajar ${(megabytes / own.seconds).toFixed(0)} MB/s, ${own.mebibytes} MiB resident`);
  const peer = picklescan(dense);
  if (peer !== null)
    console.log(
      `picklescan on the same file: ${(megabytes / peer).toFixed(1)} MB/s; Ajar is ${(peer / own.seconds).toFixed(1)} times as fast`,
    );
  const large = ajar(checkpoint);
  console.log(
    `checkpoint of ${(statSync(checkpoint).size / 1e9).toFixed(1)} GB: ${large.seconds.toFixed(2)} s, ${large.mebibytes} MiB resident`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** In a process of its own, so that its memory is its own; the clock starts when the code is loaded. */
function ajar(file: string): Measured {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "pickles-one.ts"), file], { encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout);
}

function picklescan(file: string): number | null {
  const python = process.env["AJAR_SCANNERS"];
  if (python === undefined) return null;
  const code =
    "import sys,time\nfrom picklescan.scanner import scan_file_path\nt=time.process_time()\nscan_file_path(sys.argv[1])\nprint(time.process_time()-t)";
  return Number(spawnSync(python, ["-c", code, file], { encoding: "utf8" }).stdout);
}

/** A vocabulary with merges and scores, as Python 3 pickles it: some 4.6 bytes an opcode. */
function writeDense(file: string): void {
  const out = openSync(file, "w");
  const start = Buffer.from([0x80, 4, 0x5d, 0x94, 0x28]);
  writeSync(out, start);
  let chunk: Buffer[] = [];
  for (let index = 0; index < RECORDS; index += 1) {
    chunk.push(record(index));
    // Python's pickler appends a thousand at a time.
    if (chunk.length === 1_000) {
      writeSync(out, Buffer.concat([...chunk, Buffer.from([0x65, 0x28])]));
      chunk = [];
    }
  }
  writeSync(out, Buffer.concat([...chunk, Buffer.from([0x65, 0x2e])]));
  closeSync(out);
}

/** `("token_123456", 123456, 0.5, [7, 300])`, each tuple, list and string memoised. */
function record(index: number): Buffer {
  const word = Buffer.from(`token_${index}`);
  const score = Buffer.alloc(9);
  score[0] = 0x47;
  score.writeDoubleBE(1 / (index + 1), 1);
  const number = Buffer.from([0x4a, index & 255, (index >> 8) & 255, (index >> 16) & 255, 0]);
  const list = Buffer.from([0x5d, 0x94, 0x28, 0x4b, index & 255, 0x4d, index & 255, 1, 0x65]);
  return Buffer.concat([Buffer.from([0x28, 0x8c, word.length]), word, Buffer.from([0x94]), number, score, list, Buffer.from([0x74, 0x94])]);
}

/** torch's zip with storages that are holes in the file: one gibibyte each, places beyond 4 GiB in zip64 fields. */
function writeCheckpoint(file: string): void {
  const out = openSync(file, "w");
  const elements = GIB / 4;
  const weights = Array.from({ length: STORAGES }, (_, key) => {
    const stored = storage("FloatStorage", String(key), elements);
    return [text(`layers.${key}.weight`), tensor(stored, 0, [1024, elements / 1024], [elements / 1024, 1])] as const;
  });
  const data = pickle(dict(...weights));
  const directory: Buffer[] = [];
  let at = 0;
  const add = (name: string, content: Buffer | null, size: number): void => {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(size, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    writeSync(out, Buffer.concat([local, Buffer.from(name), content ?? Buffer.alloc(0)]), 0, undefined, at);
    directory.push(entry(name, size, at));
    at += 30 + name.length + size;
  };
  add("archive/data.pkl", data, data.length);
  for (let key = 0; key < STORAGES; key += 1) add(`archive/data/${key}`, null, GIB);
  writeSync(out, Buffer.concat([...directory, ends(directory, at)]), 0, undefined, at);
  closeSync(out);
}

function entry(name: string, size: number, offset: number): Buffer {
  const fields = Buffer.alloc(46 + name.length + 12);
  fields.writeUInt32LE(0x02014b50, 0);
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
