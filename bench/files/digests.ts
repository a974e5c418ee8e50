// Digests by `ajar digest` against `openssl dgst -sha256` over the same files, on one core and on two.
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ajar, least, type Measured, median, ONE_CORE, run } from "./measure.ts";
import { writeHoles } from "./sparse-release.ts";

const GIB = 1024 ** 3;
const FILES = 4;
const ROUNDS = 5;

export function digests(folder: string): void {
  const release = join(folder, "digests");
  mkdirSync(release);
  const files = Array.from({ length: FILES }, (_, index) => join(release, `part-${index}.dat`));
  // Holes: SHA-256 takes as long over them as over anything, and they leave the disk out of it.
  for (const file of files) writeHoles(file, GIB);
  const openssl = ["openssl", "dgst", "-sha256"];
  const digest = ajar("digest", release);
  const small = join(folder, "small");
  writeHoles(small, 1);
  const start = median(Array.from({ length: 9 }, () => run(ajar("digest", small)).cpuSeconds));
  const one: Record<"peer" | "own" | "two" | "twoPeers", Measured[]> = { peer: [], own: [], two: [], twoPeers: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    one.peer.push(run([...ONE_CORE, ...openssl, ...files]));
    one.own.push(run([...ONE_CORE, ...digest, "--jobs", "1"]));
    one.two.push(run([...digest, "--jobs", "2"]));
    one.twoPeers.push(run(["bash", "-c", `${openssl.join(" ")} "$1" "$2" & ${openssl.join(" ")} "$3" "$4" & wait`, "bash", ...files]));
  }
  const cpu = (runs: readonly Measured[]) => median(runs.map(({ cpuSeconds }) => cpuSeconds));
  const wall = (runs: readonly Measured[]) => least(runs.map(({ wallSeconds }) => wallSeconds));
  const rate = (seconds: number) => `${((FILES * GIB) / 1e6 / seconds).toFixed(0)} MB/s`;
  console.log(`digests of ${FILES} files of 1 GiB, whole processes, ${ROUNDS} rounds; a start of ajar digest takes ${start.toFixed(3)} s:`);
  console.log(
    `  one core, seconds of the processor (median): openssl ${rate(cpu(one.peer))}, Ajar ${rate(cpu(one.own))}: ` +
      `${(cpu(one.peer) / cpu(one.own)).toFixed(3)} of openssl (target 0.95)`,
  );
  console.log(`  one core, by the clock (best): openssl ${rate(wall(one.peer))}, Ajar ${rate(wall(one.own))}`);
  if (availableParallelism() < 2) return;
  console.log(
    `  two cores, by the clock (best): Ajar ${rate(wall(one.two))}, ${(wall(one.own) / wall(one.two)).toFixed(2)} times one core (target 1.8), ` +
      `${(wall(one.peer) / wall(one.two)).toFixed(2)} times openssl on one; two openssl at once ${(wall(one.peer) / wall(one.twoPeers)).toFixed(2)}`,
  );
}
