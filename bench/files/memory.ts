// Peak memory of whole runs of Ajar over files of a size and of ten times that size.
import { join } from "node:path";
import { writeCheckpoint } from "./checkpoint.ts";
import { peakOf } from "./measure.ts";
import { sparseRelease, writeHoles, writeSparse } from "./sparse-release.ts";

const GIB = 1024 ** 3;
/** Layers of the sparse release, and its tenth. */
const LAYERS = [8, 80] as const;

export async function memory(folder: string): Promise<void> {
  const of = (name: string, times: number): string => join(folder, `${name}-${times}`);
  console.log("peak resident memory of the whole process, for a file and for one ten times as large:");
  for (const times of [1, 10]) {
    writeHoles(of("content", times), times * GIB);
    writeCheckpoint(`${of("checkpoint", times)}.pt`, times, GIB);
    writeSparse(of("shards", times), sparseRelease(30, LAYERS[times === 1 ? 0 : 1]));
  }
  await compare("ajar digest, 1 GiB and 10 GiB", (times) => ["digest", of("content", times)]);
  await compare("ajar scan, torch checkpoints of 1 GiB and 10 GiB", (times) => ["scan", `${of("checkpoint", times)}.pt`]);
  await compare("ajar scan, sharded safetensors of 18 GB and 141 GB", (times) => ["scan", of("shards", times)]);
}

async function compare(what: string, argsOf: (times: number) => readonly string[]): Promise<void> {
  const { mebibytes: single } = await peakOf(argsOf(1), {}, [0, 3]);
  const { mebibytes: tenfold } = await peakOf(argsOf(10), {}, [0, 3]);
  console.log(`  ${what}: ${single} and ${tenfold} MiB`);
}
