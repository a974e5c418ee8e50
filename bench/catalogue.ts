// Catalogue: list, filters, full-text search and matrix against reading one report by its key, at 1,000 to 100,000 releases.
// The first ratio is to a whole report by its key, the second to one row of the list.
// Usage: npm run bench:catalogue [-- SIZE...]   (default 1000 10000 100000). Starts a PostgreSQL of its own where one is installed.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../src/catalogue/engine.ts";
import { openPostgres } from "../src/catalogue/postgres.ts";
import { openSqlite } from "../src/catalogue/sqlite.ts";
import { Catalogue, type Filter } from "../src/catalogue/store.ts";
import { hasPostgres, startPostgres } from "../test/support/postgres.ts";
import { recordedReports, reportNumber, WORDS } from "./catalogue-reports.ts";

const SIZES = process.argv.slice(2).map(Number).filter(Number.isInteger);
const sizes = SIZES.length > 0 ? SIZES : [1000, 10_000, 100_000];
const ROUNDS = 300;
const WARM = 20;
const LANES = 8;

const bases = await recordedReports();
const meanSize = bases.reduce((sum, base) => sum + JSON.stringify(base).length, 0) / bases.length;
console.log(`${bases.length} reports to vary, ${(meanSize / 1024).toFixed(0)} KiB each on average`);

async function fill(catalogue: Catalogue, from: number, to: number): Promise<void> {
  let next = from;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) {
      const day = `202${4 + (index % 3)}-${String(1 + (index % 12)).padStart(2, "0")}-01T00:00:00Z`;
      await catalogue.add(reportNumber(index, bases), day);
    }
  };
  await Promise.all(Array.from({ length: catalogue.engineName === "sqlite" ? 1 : LANES }, lane));
}

const filter = (cells: Filter["cells"], text = ""): Filter => ({ cells, text });
const page = (catalogue: Catalogue, asked: Filter, after: number | null = null) => catalogue.list({ filter: asked, limit: 50, after });

/** What the others are held against: a whole report, and for comparison the one row of a list, both by key. */
const KEY = "one report by key";
const ROW = "one row by key";

const QUERIES: Readonly<Record<string, (catalogue: Catalogue, round: number, size: number) => Promise<unknown>>> = {
  [KEY]: (catalogue, round, size) => catalogue.report(1 + ((round * 7919) % size)),
  [ROW]: (catalogue, round, size) => catalogue.release(1 + ((round * 7919) % size)),
  "list, first page": (catalogue) => page(catalogue, filter([])),
  "list, deep page": (catalogue, round, size) => page(catalogue, filter([]), 1 + ((round * 104_729) % size)),
  "filter, one common cell": (catalogue) => page(catalogue, filter([{ cell: "component:weights", values: ["elsewhere"] }])),
  "filter, publisher": (catalogue, round) =>
    page(catalogue, filter([{ cell: "publisher", values: [`${WORDS[round % WORDS.length]}-${round % 40}`] }])),
  "filter, three cells": (catalogue) =>
    page(
      catalogue,
      filter([
        { cell: "word", values: ["ajar", "unknown"] },
        { cell: "component:weights", values: ["elsewhere"] },
        { cell: "standard:osaid-1.0", values: ["not-met"] },
      ]),
    ),
  "search, rare word": (catalogue) => page(catalogue, filter([], "zephyrite")),
  "search, one in ten": (catalogue) => page(catalogue, filter([], "tenthword")),
  "search, common word": (catalogue, round) => page(catalogue, filter([], WORDS[round % WORDS.length])),
  "search and filter": (catalogue, round) => page(catalogue, filter([{ cell: "word", values: ["ajar"] }], WORDS[round % WORDS.length])),
  // A matrix is a page: every row of it carries its column.
  "matrix of 50": (catalogue, round, size) =>
    page(catalogue, filter([{ cell: "complete", values: ["true"] }]), 1 + ((round * 7919) % size)),
};

/**
 * 95th percentiles in milliseconds. The queries take turns, so that what else the machine does hits all of them alike; the first rounds
 * warm caches and are not counted.
 */
async function p95s(catalogue: Catalogue, size: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(Object.keys(QUERIES).map((name) => [name, []]));
  for (let round = -WARM; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(QUERIES)) {
      const start = performance.now();
      await run(catalogue, round + WARM, size);
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(ROUNDS * 0.95)] ?? Number.NaN]));
}

async function measure(name: string, engine: Engine): Promise<void> {
  const catalogue = await Catalogue.open(engine);
  const growth = new Map<string, number[]>();
  let filled = 0;
  for (const size of sizes) {
    const start = performance.now();
    await fill(catalogue, filled, size);
    console.log(`\n${name}, ${size} releases (${((size - filled) / ((performance.now() - start) / 1000)).toFixed(0)} added per second)`);
    filled = size;
    if (engine.name === "postgres")
      await engine.db.executeQuery({ sql: "vacuum analyze", parameters: [], query: {} as never, queryId: {} as never });
    const times = await p95s(catalogue, size);
    const [key = 1, row = 1] = [times.get(KEY), times.get(ROW)];
    for (const [query, time] of times) {
      growth.set(query, [...(growth.get(query) ?? []), time]);
      const note = time / key > 3 ? "  over 3" : "";
      console.log(
        `  ${query.padEnd(26)} p95 ${time.toFixed(2).padStart(7)} ms ${(time / key).toFixed(2).padStart(7)} ${(time / row).toFixed(1).padStart(6)}${note}`,
      );
    }
  }
  console.log(`\n${name}, growth from ${sizes[0]} to ${sizes.at(-1)}`);
  for (const [query, times] of growth) console.log(`  ${query.padEnd(26)} ${((times.at(-1) ?? 0) / (times[0] ?? 1)).toFixed(1)} times`);
  await catalogue.close();
}

const scratch = mkdtempSync(join(tmpdir(), "ajar-bench-"));
try {
  const file = join(scratch, "catalogue.db");
  await measure("sqlite", openSqlite(file));
  console.log(`  file ${(statSync(file).size / (sizes.at(-1) ?? 1) / 1024).toFixed(1)} KiB a release`);
  if (hasPostgres) {
    const server = await startPostgres();
    try {
      await measure("postgres", openPostgres(server.database("bench"), LANES));
    } finally {
      server.remove();
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
