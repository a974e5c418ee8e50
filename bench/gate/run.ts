// npm run bench:gate: the gate against a bare proxy and two other gateways, one scripted upstream, all in one run.
// AJAR_PORTKEY and AJAR_LITELLM name where those are installed (bench/gate/targets.ts). `-- --seconds 5 --rounds 5`, `-- --soak [--minutes 10]`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type LoadResult, load } from "./load.ts";
import { soak } from "./soak.ts";
import { cpuMs, litellm, own, portkey, program, type Target } from "./targets.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "5" },
    connections: { type: "string", default: "16" },
    soak: { type: "boolean", default: false },
    minutes: { type: "string", default: "10" },
    filters: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const folder = mkdtempSync(join(tmpdir(), "ajar-bench-gate-"));

/** Until the engine has compiled what a request runs through: the more code a target has, the longer that takes. */
const WARM_UP_MS = 4000;

interface Round extends LoadResult {
  readonly cpuMs: number;
}

/** Rounds take turns, so that what else the machine does falls on all alike. */
async function compare(targets: readonly Target[], stream: boolean): Promise<ReadonlyMap<string, readonly Round[]>> {
  const rounds = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const { name, url, path, headers, process: child } of targets) {
      const before = cpuMs(child);
      const ms = round === 0 ? WARM_UP_MS : Number(values.seconds) * 1000;
      const result = await load({ url, path, headers, stream, connections: Number(values.connections), ms });
      // The first round only warms up.
      if (round > 0) rounds.get(name)?.push({ ...result, cpuMs: (cpuMs(child) - before) / Math.max(1, result.answers) });
    }
  }
  return rounds;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The ratio of each round to the bare proxy's of the same round; the median of those. */
function ratio(of: readonly Round[], to: readonly Round[], figure: (round: Round) => number): number {
  return median(of.map((round, index) => figure(round) / figure(to[index] ?? round)));
}

function print(title: string, rounds: ReadonlyMap<string, readonly Round[]>): void {
  const bare = rounds.get("bare proxy") ?? [];
  process.stdout.write(
    `\n${title}\n| | answers/s | of bare | p50 ms | of bare | p99 ms | first byte p50 ms | CPU ms each | errors |\n|---|---|---|---|---|---|---|---|---|\n`,
  );
  for (const [name, list] of rounds) {
    const figure = (pick: (round: Round) => number, digits: number): string => median(list.map(pick)).toFixed(digits);
    const errors = list.reduce((sum, round) => sum + round.errors, 0);
    const cells = [
      name,
      figure(({ perSecond }) => perSecond, 0),
      ratio(list, bare, ({ perSecond }) => perSecond).toFixed(2),
      figure(({ p50 }) => p50, 2),
      ratio(list, bare, ({ p50 }) => p50).toFixed(2),
      figure(({ p99 }) => p99, 2),
      figure(({ first50 }) => first50, 2),
      figure(({ cpuMs: cost }) => cost, 3),
      String(errors),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  }
}

const upstream = await program("upstream.ts");
const base = `${upstream.url}/v1`;
const started: Target[] = [];
try {
  if (values.soak) {
    const target = await own("gate", "gate.ts", [base, join(folder, "log"), values.filters ? "on" : "off"]);
    started.push(target);
    process.exitCode = (await soak(target, Number(values.minutes))) ? 0 : 1;
  } else {
    started.push({ name: "upstream alone", path: "/v1/chat/completions", headers: { "content-type": "application/json" }, ...upstream });
    started.push(await own("bare proxy", "bare.ts", [base]));
    started.push(await own("gate, filters off", "gate.ts", [base, join(folder, "log-off"), "off"]));
    if (values.filters) started.push(await own("gate, filters on", "gate.ts", [base, join(folder, "log-on"), "on"]));
    for (const other of [await portkey(base), await litellm(base, folder)]) if (other !== null) started.push(other);
    print(`Whole answers, ${values.connections} connections`, await compare(started, false));
    print(`Streams of 20 events, ${values.connections} connections`, await compare(started, true));
  }
} finally {
  for (const { process: child } of started) child.kill();
  upstream.process.kill();
  rmSync(folder, { recursive: true, force: true });
}
