// Catalogue: list, filters, full-text search and matrix against reading one report by its key, at 1,000 to 100,000 releases.
// Usage: npm run bench:catalogue [-- SIZE...]   (default 1000 10000 100000). Starts a PostgreSQL of its own where one is installed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../src/catalogue/engine.ts";
import { openPostgres } from "../src/catalogue/postgres.ts";
import { openSqlite } from "../src/catalogue/sqlite.ts";
import { Catalogue, type Filter } from "../src/catalogue/store.ts";
import type { Report } from "../src/core/report.ts";
import { audit, auditContext } from "../src/index.ts";
import { readReports } from "../src/reports/read-report.ts";
import { hasPostgres, startPostgres } from "../test/support/postgres.ts";

const SIZES = process.argv.slice(2).map(Number).filter(Number.isInteger);
const sizes = SIZES.length > 0 ? SIZES : [1000, 10_000, 100_000];
const ROUNDS = 300;
const LANES = 8;

/** Recorded releases audited now, where the recordings are; else the goldens, which are a good deal smaller. */
async function recorded(): Promise<readonly Report[]> {
  const shared = join(import.meta.dirname, "../../shared/corpus/releases");
  if (existsSync(shared)) {
    const context = auditContext({ env: {}, cwd: "/", offline: true });
    const reports: Report[] = [];
    for (const name of readdirSync(shared)) {
      reports.push(await audit({ parts: [{ part: "all", reference: `recorded:${join(shared, name)}` }], context, acceptClaims: false }));
    }
    return reports;
  }
  const folder = join(import.meta.dirname, "../test/golden/releases");
  return readdirSync(folder).map((name) => readReports(readFileSync(join(folder, name), "utf8"), name)[0]);
}

const bases = await recorded();
const meanSize = bases.reduce((sum, base) => sum + JSON.stringify(base).length, 0) / bases.length;
console.log(`${bases.length} reports to vary, ${(meanSize / 1024).toFixed(0)} KiB each on average`);
const WORDS =
  "amber birch cedar delta ember fjord grove heath inlet jetty knoll ledge marsh north ocean prairie quarry ridge shoal tundra".split(" ");

/** The same numbers in every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Report number `index`: another name, publisher (few have many models, as on a hub), claim and digest over a recorded one. */
function reportNumber(index: number): Report {
  const random = generator(index + 1);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const base = pick(bases);
  const publisher = `${pick(WORDS)}-${Math.floor(random() ** 3 * 400)}`;
  const claim = Array.from({ length: 12 }, () => pick(WORDS)).join(" ");
  // One in a thousand holds a rare word, one in ten a common one.
  const rare = index % 1000 === 0 ? " zephyrite" : "";
  const common = index % 10 === 0 ? " tenthword" : "";
  return {
    ...base,
    target: { ...base.target, ref: `hf:${publisher}/${pick(WORDS)}-${index}`, digest: `sha256:${index.toString(16).padStart(64, "0")}` },
    statements: { ...base.statements, claims: [{ claim: `${claim}${rare}${common}`, evidence: [] }] },
  };
}

async function fill(catalogue: Catalogue, from: number, to: number): Promise<void> {
  let next = from;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) {
      const day = `202${4 + (index % 3)}-${String(1 + (index % 12)).padStart(2, "0")}-01T00:00:00Z`;
      await catalogue.add(reportNumber(index), day);
    }
  };
  await Promise.all(Array.from({ length: catalogue.engineName === "sqlite" ? 1 : LANES }, lane));
}

const filter = (cells: Filter["cells"], text = ""): Filter => ({ cells, text });
const page = (catalogue: Catalogue, asked: Filter, after: number | null = null) => catalogue.list({ filter: asked, limit: 50, after });

const QUERIES: Readonly<Record<string, (catalogue: Catalogue, round: number, size: number) => Promise<unknown>>> = {
  "one report by key": (catalogue, round, size) => catalogue.report(1 + ((round * 7919) % size)),
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

/** 95th percentile in milliseconds; the first rounds warm caches and are not counted. */
async function p95(work: (round: number) => Promise<unknown>): Promise<number> {
  for (let round = 0; round < 20; round += 1) await work(round);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await work(round);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS * 0.95)] ?? Number.NaN;
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
    const key = await p95((round) => QUERIES["one report by key"]?.(catalogue, round, size) ?? Promise.resolve());
    console.log(`  ${"one report by key".padEnd(26)} p95 ${key.toFixed(2)} ms   1.00`);
    for (const [query, run] of Object.entries(QUERIES).slice(1)) {
      const time = await p95((round) => run(catalogue, round, size));
      growth.set(query, [...(growth.get(query) ?? []), time]);
      console.log(`  ${query.padEnd(26)} p95 ${time.toFixed(2)} ms   ${(time / key).toFixed(2)}${time / key > 3 ? "  over 3" : ""}`);
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
