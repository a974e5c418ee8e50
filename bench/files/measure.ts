// Seconds and memory of programs, and of functions in this process. Seconds are those of the processor where other work on
// the machine would lengthen the others.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const AT_EXIT = join(import.meta.dirname, "at-exit.cjs");
export const PROGRAM = join(root, "dist", "bin.cjs");

export interface Measured {
  /** Of the processor, in this program and its threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** The command in front of another that keeps it to one core; empty where there is none. */
export const ONE_CORE: readonly string[] = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];

/** Runs a program to its end, its output thrown away. @throws Error when it fails */
export function run(command: readonly string[], accepted: readonly number[] = [0]): Measured {
  const { status, stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1', "bash", ...command], {
    encoding: "utf8",
    env: { ...process.env, CI: "1" },
  });
  if (!accepted.includes(status ?? -1)) throw new Error(`${command.join(" ")} exited with ${status}`);
  const [wallSeconds = 0, user = 0, system = 0] = stderr.trim().split(" ").map(Number);
  return { cpuSeconds: user + system, wallSeconds };
}

/** Ajar as it is shipped. */
export function ajar(...args: readonly string[]): readonly string[] {
  return [process.execPath, PROGRAM, ...args];
}

/** Peak resident memory of a run of Ajar, in MiB, and what it wrote. Leaves this process free to serve it meanwhile. */
export async function peakOf(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  accepted: readonly number[] = [0],
): Promise<{ readonly mebibytes: number; readonly output: string }> {
  const child = spawn(process.execPath, ["--require", AT_EXIT, PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    env: { ...process.env, CI: "1", ...env },
  });
  const texts = ["", ""];
  for (const [index, stream] of [child.stdout, child.stdio[3]].entries()) {
    stream?.on("data", (chunk: Buffer) => {
      texts[index] += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (!accepted.includes(status ?? -1)) throw new Error(`ajar ${args.join(" ")} exited with ${status}`);
  return { mebibytes: Math.round(Number(texts[1]) / 1024), output: texts[0] ?? "" };
}

/** Seconds of the processor for one call, the least of several: a call may be as short as a millisecond. */
export async function cpuOf(call: () => unknown, rounds = 40): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function least(values: readonly number[]): number {
  return Math.min(...values);
}
