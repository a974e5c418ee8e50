// npm run bench:pickles: the symbolic pickle scan against picklescan over the same dense pickle, and its memory on a sparse
// torch checkpoint of 10 GB. Memory is that of a whole `ajar scan` (`npm run build` first). Seconds are those of the processor, which others on the machine do not lengthen. AJAR_SCANNERS names a Python that has picklescan; without it only Ajar is measured.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCheckpoint } from "./files/checkpoint.ts";
import { peakOf } from "./files/measure.ts";

const RECORDS = 1_200_000;
const GIB = 1024 ** 3;
const STORAGES = 10;

const folder = mkdtempSync(join(tmpdir(), "ajar-pickles-"));
try {
  const dense = join(folder, "dense.pkl");
  const checkpoint = join(folder, "checkpoint.pt");
  writeDense(dense);
  writeCheckpoint(checkpoint, STORAGES, GIB);
  const own = [ajar(dense), ajar(dense), ajar(dense)].sort((a, b) => a - b)[1] ?? Number.NaN;
  const megabytes = statSync(dense).size / 1e6;
  console.log(`dense pickle, ${megabytes.toFixed(0)} MB: Ajar ${(megabytes / own).toFixed(0)} MB/s, ${await peak(dense)} MiB resident`);
  const peer = picklescan(dense);
  if (peer !== null)
    console.log(`picklescan on the same file: ${(megabytes / peer).toFixed(1)} MB/s; Ajar is ${(peer / own).toFixed(1)} times as fast`);
  console.log(
    `checkpoint of ${(statSync(checkpoint).size / 1e9).toFixed(1)} GB: ${ajar(checkpoint).toFixed(2)} s, ${await peak(checkpoint)} MiB resident`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds of the processor, without the start of the process. */
function ajar(file: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "pickles-one.ts"), file], { encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout).seconds;
}

async function peak(file: string): Promise<number> {
  return (await peakOf(["scan", file])).mebibytes;
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
