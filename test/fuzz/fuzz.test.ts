import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FOUND } from "./found.ts";
import { fuzz, MAX_RUN_MS, mutantOf, outcomeOf, timeOf } from "./run.ts";
import { fuzzTargets } from "./targets.ts";

/** A short run of what `npm run fuzz` does at length. */
const RUNS = 3000;
const SEED = 1;
const crashes = join(import.meta.dirname, "crashes");

const targets = await fuzzTargets();

describe.each([...targets.values()])("$name", (target) => {
  test("reads its own seeds", async () => {
    for (const seed of target.seeds) expect(await outcomeOf(target, seed)).toEqual({ kind: "read" });
  });

  test("answers every mutant, and not always in the same way", async () => {
    const tally = await fuzz(target, { seed: SEED, from: 0, to: RUNS });
    expect(tally.crashes).toEqual([]);
    expect(tally.read).toBeGreaterThan(RUNS / 100);
    expect(tally.refused).toBeGreaterThan(RUNS / 100);
  });

  const folder = join(crashes, target.name);
  const files = existsSync(folder) ? readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const) : [];
  test.each([...files, ...Object.entries(FOUND[target.name] ?? {})])("no longer falls over %s", async (_, bytes) => {
    expect((await outcomeOf(target, bytes)).kind).not.toBe("crash");
    expect(await timeOf(target, bytes)).toBeLessThan(MAX_RUN_MS);
  });
});

test("a run can be repeated by its number", () => {
  const [target] = targets.values();
  if (target === undefined) throw new Error("no targets");
  expect(mutantOf(target, SEED, 77)).toEqual(mutantOf(target, SEED, 77));
  expect(mutantOf(target, SEED, 77)).not.toEqual(mutantOf(target, SEED, 78));
});

test("a reader that falls over is found", async () => {
  const broken = {
    name: "broken",
    seeds: [Buffer.from("abcdefgh")],
    read: async (reader: { readonly sizeBytes: number }) => {
      if (reader.sizeBytes > 9) throw new TypeError("over");
    },
  };
  const { crashes: found, read } = await fuzz(broken, { seed: SEED, from: 0, to: 200 });
  expect(found.length).toBeGreaterThan(0);
  expect(read).toBeGreaterThan(0);
  expect((await outcomeOf(broken, mutantOf(broken, SEED, found[0]?.run ?? 0))).kind).toBe("crash");
});
