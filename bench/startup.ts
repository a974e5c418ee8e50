// How long Ajar takes to start, as ratios to an empty Node process: `ajar --version` and the audit of a recorded release.
// Medians over pairs of runs made one after the other, so that other work on the machine hits both sides alike.
// `--check` exits with 1 when a target is missed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const program = join(root, "dist", "bin.cjs");
const PAIRS = 21;

interface Measure {
  readonly name: string;
  readonly args: readonly string[];
  readonly target: number;
  /** Exit codes of a run that did its work. */
  readonly accepted: readonly number[];
}

/** Milliseconds of one run from start to exit. */
function run(args: readonly string[], accepted: readonly number[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (!accepted.includes(status ?? -1)) throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}`);
  return elapsed;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const llama = join(root, "..", "shared", "corpus", "releases", "meta-llama__llama");
const fixture = join(root, "test", "releases", "recorded-small");
const recorded = [llama, fixture].find((folder) => existsSync(folder));

const measures: readonly Measure[] = [
  { name: "ajar --version", args: [program, "--version"], target: 2, accepted: [0] },
  ...(recorded === undefined
    ? []
    : [
        {
          name: `ajar audit recorded:${recorded.slice(recorded.lastIndexOf("/") + 1)}`,
          args: [program, "audit", `recorded:${recorded}`],
          target: 6,
          accepted: [0, 1, 3],
        },
      ]),
];

if (!existsSync(program)) throw new Error("dist/bin.cjs is missing: run `npm run build`");
let isMissed = false;
for (const { name, args, target, accepted } of measures) {
  // The first run fills the compile cache, as a user's first run does.
  run(args, accepted);
  const empty: number[] = [];
  const ours: number[] = [];
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const base = run(["-e", "0"], [0]);
    const time = run(args, accepted);
    empty.push(base);
    ours.push(time);
    ratios.push(time / base);
  }
  const ratio = median(ratios);
  isMissed ||= ratio > target;
  console.log(
    `${name}: ${ratio.toFixed(2)} x node -e 0 (${median(ours).toFixed(1)} ms / ${median(empty).toFixed(1)} ms, target ${target})`,
  );
}
if (isMissed && process.argv.includes("--check")) process.exitCode = 1;
