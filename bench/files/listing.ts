// A release of 141 GB listed without hashing: against reading its headers alone, by Ajar's own reader, by JSON.parse, and by
// the safetensors library; and the bytes that were read.
import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { providers } from "../../src/audit/providers.generated.ts";
import type { ByteReader, Source, SourceEntry } from "../../src/core/source.ts";
import { readSafetensorsHeader } from "../../src/formats/safetensors.ts";
import { readWeights } from "../../src/identity/read-weights.ts";
import { openSource } from "../../src/sources/open.ts";
import { contextFor } from "../../test/hub/support.ts";
import { ajar, cpuOf, median, run } from "./measure.ts";
import { type SparseFile, sparseRelease, writeSparse } from "./sparse-release.ts";

export async function listing(folder: string): Promise<void> {
  const release = join(folder, "release");
  const files = sparseRelease();
  writeSparse(release, files);
  const shards = files.filter(({ path }) => path.endsWith(".safetensors")).map(({ path }) => join(release, path));
  const gigabytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e9;
  const { tensors } = await list(release);
  const own = await cpuOf(() => list(release));
  const headers = await cpuOf(() => readHeaders(shards));
  const bare = await cpuOf(() => parseHeaders(shards));
  console.log(
    `listing ${gigabytes.toFixed(0)} GB in ${shards.length} shards, ${tensors} tensors, seconds of the processor in a warm process:`,
  );
  console.log(
    `  folder walked, every file recognised, tensors listed: ${ms(own)}; headers alone by the same reader ${ms(headers)}: ${(own / headers).toFixed(2)} times (target 2)`,
  );
  console.log(`  headers alone by JSON.parse, nothing checked: ${ms(bare)}: ${(own / bare).toFixed(2)} times`);
  const peer = library(shards);
  if (peer !== null) console.log(`  names, types and shapes by the safetensors library: ${ms(peer)}: ${(own / peer).toFixed(2)} times`);
  const whole = median(Array.from({ length: 7 }, () => run(ajar("scan", release)).cpuSeconds));
  const start = median(Array.from({ length: 7 }, () => run(ajar("scan", join(release, "config.json"))).cpuSeconds));
  console.log(`  ajar scan of it, whole process: ${ms(whole)}; of its config.json alone: ${ms(start)}`);
  console.log(`  bytes read: ${bytesShare(files, await bytesRead(release))}`);
}

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;

export function bytesShare(files: readonly SparseFile[], bytes: number): string {
  const all = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${(bytes / 1e6).toFixed(2)} MB, ${((100 * bytes) / all).toFixed(5)} % of the release (target 0.01 %)`;
}

async function open(release: string): Promise<{ readonly source: Source; readonly entries: readonly SourceEntry[] }> {
  const source = await openSource(release, contextFor({}), providers);
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) entries.push(entry);
  return { source, entries };
}

async function list(release: string): Promise<{ readonly tensors: number; readonly bytes: number }> {
  const { source, entries } = await open(release);
  const { files } = await readWeights(source, entries, new AbortController().signal);
  const { bytesRead: bytes } = source.usage;
  await source.close();
  return { tensors: files.reduce((sum, { plan }) => sum + plan.planned.length, 0), bytes };
}

async function bytesRead(release: string): Promise<number> {
  return (await list(release)).bytes;
}

async function readHeaders(shards: readonly string[]): Promise<void> {
  for (const shard of shards) {
    const descriptor = openSync(shard, "r");
    const reader: ByteReader = {
      sizeBytes: fstatSync(descriptor).size,
      async read(start, length) {
        const bytes = Buffer.allocUnsafeSlow(length);
        readSync(descriptor, bytes, 0, length, start);
        return bytes;
      },
    };
    await readSafetensorsHeader(reader);
    closeSync(descriptor);
  }
}

function parseHeaders(shards: readonly string[]): void {
  for (const shard of shards) {
    const descriptor = openSync(shard, "r");
    const length = Buffer.alloc(8);
    readSync(descriptor, length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    readSync(descriptor, header, 0, header.length, 8);
    JSON.parse(header.toString());
    closeSync(descriptor);
  }
}

const LIBRARY = `
import sys, time
from safetensors import safe_open
least = 1e9
for _ in range(40):
    start = time.process_time()
    for file in sys.argv[1:]:
        with safe_open(file, "np") as opened:
            for key in opened.keys():
                part = opened.get_slice(key)
                part.get_dtype(), part.get_shape()
    least = min(least, time.process_time() - start)
print(least)
`;

function library(shards: readonly string[]): number | null {
  const python = process.env["AJAR_SAFETENSORS"];
  if (python === undefined) return null;
  const { stdout, stderr, status } = spawnSync(python, ["-c", LIBRARY, ...shards], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
