// Plans and parts come back from other machines: whatever was changed in one is refused, or counts as it says, and nothing breaks.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { withSources } from "../../src/audit/data/data.ts";
import { isShardPart, isShardPlan } from "../../src/audit/data/shard-forms.ts";
import { mergeParts, planShards, runShard, type ShardPart, type ShardPlan } from "../../src/audit/data/shards.ts";
import { AjarError } from "../../src/core/errors.ts";
import { runInProcess } from "../cli/run-in-process.ts";

let folder = "";
let plan: ShardPlan;
let part: ShardPart;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ajar-shard-forms-"));
  const rows = [
    "write to anna@mail.example.org at https://www.example.org/a",
    "a broken row",
    "所有权利保留。版权所有 © 2024",
    "SSN 460-89-9847",
  ];
  writeFileSync(join(folder, "train.jsonl"), `${rows.map((text) => JSON.stringify({ text })).join("\n")}\nno json\n`);
  writeFileSync(join(folder, "test.csv"), "id,text\n4111111111111111,one\n5500005555555559\n");
  const context = auditContext({ env: {}, cwd: folder, offline: true });
  const { signal, progress } = context;
  const references = [folder];
  await withSources({ references, context, include: [], exclude: [] }, async (sources) => {
    plan = await planShards(references, sources, "full");
    part = await runShard(plan, 0, sources, { rows: "full", threads: 1, overlap: null, signal, progress });
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ways to every value in JSON. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Array.isArray(value) ? value.slice(0, 6).map((_, at) => at) : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsIn(Reflect.get(value, key), [...path, key]))];
}

function changed(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const [last, ...before] = [...path].reverse();
  if (last === undefined) return to ?? null;
  const parent = before.reverse().reduce((at: unknown, key) => Reflect.get(Object(at), key), copy);
  if (to === undefined) Reflect.deleteProperty(Object(parent), last);
  else Reflect.set(Object(parent), last, to);
  // As it would come out of a file.
  return JSON.parse(JSON.stringify(copy));
}

const OTHER = [undefined, null, -1, 1.5, 1e300, 2 ** 40, "", "AAAA", "x".repeat(64), [], {}, [null], true] as const;

describe("a plan and a part", () => {
  it("have the form that they were written in", () => {
    expect(isShardPlan(JSON.parse(JSON.stringify(plan)))).toBe(true);
    expect(isShardPart(JSON.parse(JSON.stringify(part)))).toBe(true);
    expect(mergeParts([JSON.parse(JSON.stringify(part))]).coverage.rows).toBe(7);
  });

  it("that were changed are refused, or merge without breaking", () => {
    const written: unknown = JSON.parse(JSON.stringify(part));
    const paths = pathsIn(written);
    expect(paths.length).toBeGreaterThan(100);
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.constantFrom(...OTHER), (path, to) => {
        const other = changed(written, path, to);
        if (!isShardPart(other)) {
          refused += 1;
          return;
        }
        try {
          mergeParts([other]);
        } catch (failure) {
          if (!(failure instanceof AjarError) || failure.code === "BUG") throw failure;
        }
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(200);
  });

  it.each([
    ["shard", "run", "{}"],
    ["shard", "run", '{"format":"ajar-data-plan/1"}'],
    ["shard", "enqueue", '{"format":"ajar-data-plan/1","rows":"full","references":["."],"rules":[],"shards":[[{"source":1}]]}'],
    ["merge", "", '{"format":"ajar-data-part/2","plan":"x","index":0,"of":1000000000}'],
    ["merge", "", '{"format":"ajar-data-part/2","plan":"x","index":0,"of":1,"rows":"full","outcomes":[],"tally":{}}'],
    ["merge", "", "[".repeat(100_000)],
  ])("%s %s of something else is one clear error", async (first, second, text) => {
    const file = join(folder, "other.json");
    writeFileSync(file, text);
    const { code, stdout, stderr } = await runInProcess(["data", ...[first, second, file].filter((word) => word !== "")]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("BAD_REPORT");
  });
});
