// One suite for both engines: what is written to one can be asked of the other in the same words.
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/catalogue/engine.ts";
import { openPostgres } from "../../src/catalogue/postgres.ts";
import { openSqlite } from "../../src/catalogue/sqlite.ts";
import { Catalogue, type Filter } from "../../src/catalogue/store.ts";
import type { Report } from "../../src/core/report.ts";
import { goldenReports, hostileReport } from "../reports/reports.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";

const ANY: Filter = { cells: [], text: "" };
const golden = goldenReports().map(([, report]) => report);

function named(report: Report, ref: string, digest = report.target.digest): Report {
  return { ...report, target: { ...report.target, ref, digest } };
}

const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, "0")}`;

let server: PostgresServer | undefined;
beforeAll(async () => {
  if (hasPostgres) server = await startPostgres();
});
afterAll(() => server?.remove());

let databases = 0;
const ENGINES: readonly (readonly [string, () => Engine])[] = [
  ["sqlite", () => openSqlite(":memory:")],
  [
    "postgres",
    () => {
      if (server === undefined) throw new Error("no server");
      databases += 1;
      return openPostgres(server.database(`contract_${databases}`), 4);
    },
  ],
];

describe.each(ENGINES.filter(([name]) => name !== "postgres" || hasPostgres))("the catalogue on %s", (_, engine) => {
  async function withCatalogue(work: (catalogue: Catalogue) => Promise<void>): Promise<void> {
    const catalogue = await Catalogue.open(engine());
    try {
      await work(catalogue);
    } finally {
      await catalogue.close();
    }
  }

  async function keys(catalogue: Catalogue, filter: Filter): Promise<readonly string[]> {
    return (await catalogue.list({ filter, limit: 100, after: null })).releases.map(({ key }) => key);
  }

  it("gives a report back as it was added", async () => {
    await withCatalogue(async (catalogue) => {
      for (const [index, report] of [...golden, hostileReport()].entries()) {
        const { reportId } = await catalogue.add(named(report, `hf:a/model-${index}`), "2026-01-01T00:00:00Z");
        expect(await catalogue.report(reportId)).toEqual(named(report, `hf:a/model-${index}`));
      }
      expect(await catalogue.report(99_999)).toBeNull();
    });
  });

  it("adds the same audit of the same release once, also when many do so at once", async () => {
    await withCatalogue(async (catalogue) => {
      const [report] = golden;
      if (report === undefined) throw new Error("no golden");
      const adding = Array.from({ length: 8 }, (_, second) => catalogue.add(named(report, "hf:a/b"), `2026-01-01T00:00:0${second}Z`));
      const added = await Promise.all(adding);
      expect(added.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(added.map(({ reportId }) => reportId)).size).toBe(1);
      expect(await catalogue.size()).toEqual({ releases: 1, reports: 1 });
    });
  });

  it("keeps the history of a release across revisions and shows the newest", async () => {
    await withCatalogue(async (catalogue) => {
      const [first, second] = golden;
      if (first === undefined || second === undefined) throw new Error("no goldens");
      const a = await catalogue.add(named(first, "hf:a/b@v1", digestOf(1)), "2026-01-01T00:00:00Z");
      const b = await catalogue.add(named(second, "hf:a/b@v2", digestOf(2)), "2026-02-01T00:00:00Z");
      expect(b.releaseId).toBe(a.releaseId);
      expect((await catalogue.history(a.releaseId)).map(({ id }) => id)).toEqual([b.reportId, a.reportId]);
      const listed = await catalogue.release(a.releaseId);
      expect(listed).toMatchObject({ key: "hf:a/b", name: "b", publisher: "a", reportId: b.reportId });
      expect(listed?.column.word).toBe(second.headline.word);
      expect(await keys(catalogue, ANY)).toEqual(["hf:a/b"]);
      expect(await catalogue.releaseByKey("hf:a/b")).toEqual(listed);
    });
  });

  it("filters by the cells of the newest report only", async () => {
    await withCatalogue(async (catalogue) => {
      for (const [index, report] of golden.entries()) await catalogue.add(named(report, `hf:a/m${index}`), "2026-01-01T00:00:00Z");
      const refs = golden.map((report, index) => ({ report, key: `hf:a/m${index}` })).reverse();
      for (const word of ["open", "ajar", "shut", "unknown"]) {
        const wanted = refs.filter(({ report }) => report.headline.word === word).map(({ key }) => key);
        expect(await keys(catalogue, { cells: [{ cell: "word", values: [word] }], text: "" })).toEqual(wanted);
      }
      const found = refs.filter(({ report }) =>
        report.components.some(({ id, availability }) => id === "weights" && availability === "found"),
      );
      expect(await keys(catalogue, { cells: [{ cell: "component:weights", values: ["found"] }], text: "" })).toEqual(
        found.map(({ key }) => key),
      );
      const both = {
        cells: [
          { cell: "component:weights", values: ["found", "absent"] as const },
          { cell: "word", values: ["ajar"] as const },
        ],
        text: "",
      };
      const expected = refs.filter(
        ({ report }) =>
          report.headline.word === "ajar" &&
          report.components.some(({ id, availability }) => id === "weights" && ["found", "absent"].includes(availability)),
      );
      expect(await keys(catalogue, both)).toEqual(expected.map(({ key }) => key));
      const counts = await catalogue.counts("word", 10);
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(golden.length);
    });
  });

  it("finds words in English and Chinese, and takes any text for words", async () => {
    await withCatalogue(async (catalogue) => {
      const [report] = golden;
      if (report === undefined) throw new Error("no golden");
      const claim = (text: string): Report => ({
        ...report,
        statements: { ...report.statements, claims: [{ claim: text, evidence: [] }] },
      });
      await catalogue.add(named(claim("本模型的权重采用宽松许可证 under a Permissive license"), "hf:a/zh"), "2026-01-01T00:00:00Z");
      await catalogue.add(named(claim("weights only"), "hf:a/en"), "2026-01-01T00:00:00Z");
      const search = (text: string): Promise<readonly string[]> => keys(catalogue, { cells: [], text });
      expect(await search("权重")).toEqual(["hf:a/zh"]);
      expect(await search("许可 permissive")).toEqual(["hf:a/zh"]);
      expect(await search("可许")).toEqual([]);
      expect(await search("WEIGHTS")).toContain("hf:a/en");
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
          expect(Array.isArray(await search(text))).toBe(true);
        }),
        { numRuns: 100 },
      );
      for (const text of ["' OR 1=1", '" NEAR ( *', "a:* & !b | c", "\\", "''", "--", "a AND OR NOT"])
        expect(Array.isArray(await search(text))).toBe(true);
    });
  });

  it("finds words however many reports lie between, page after page, with conditions and without", async () => {
    const open = engine();
    const catalogue = await Catalogue.open(open);
    const [base] = golden;
    if (base === undefined) throw new Error("no golden");
    const expected: string[] = [];
    // Ids as far apart as after many thousand reports.
    for (const [round, start] of [1, 1020, 3000, 50_000].entries()) {
      const skip =
        open.name === "sqlite"
          ? sql`update sqlite_sequence set seq = ${start} where name = 'report'`
          : sql`select setval(pg_get_serial_sequence('report', 'id'), ${start})`;
      await skip.execute(open.db);
      for (let index = 0; index < 8; index += 1) {
        const key = `hf:${index % 2 === 0 ? "even" : "odd"}/quokka-${round}-${index}`;
        await catalogue.add(named(base, key, digestOf(round * 10 + index)), "2026-01-01T00:00:00Z");
        expected.unshift(key);
      }
    }
    const paged = async (filter: Filter): Promise<readonly string[]> => {
      const all: string[] = [];
      let after: number | null = null;
      do {
        const { releases, next } = await catalogue.list({ filter, limit: 5, after });
        all.push(...releases.map(({ key }) => key));
        after = next;
      } while (after !== null);
      return all;
    };
    expect(await paged({ cells: [], text: "quokka" })).toEqual(expected);
    const odd = expected.filter((key) => key.includes("odd"));
    expect(await paged({ cells: [{ cell: "publisher", values: ["odd"] }], text: "quokka" })).toEqual(odd);
    expect(await paged({ cells: [{ cell: "publisher", values: ["odd", "none"] }], text: "quokka" })).toEqual(odd);
    expect(await paged({ cells: [], text: "no-such-word" })).toEqual([]);
    await catalogue.close();
  });

  it("gives every release on exactly one page", async () => {
    await withCatalogue(async (catalogue) => {
      const [report] = golden;
      if (report === undefined) throw new Error("no golden");
      for (let index = 0; index < 23; index += 1) await catalogue.add(named(report, `hf:a/m${index}`), "2026-01-01T00:00:00Z");
      const seen: string[] = [];
      let after: number | null = null;
      do {
        const page = await catalogue.list({ filter: ANY, limit: 5, after });
        seen.push(...page.releases.map(({ key }) => key));
        after = page.next;
      } while (after !== null);
      expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => `hf:a/m${22 - index}`));
    });
  });

  it("counts by month, publisher and license", async () => {
    await withCatalogue(async (catalogue) => {
      for (const [index, report] of golden.entries())
        await catalogue.add(named(report, `hf:p${index % 2}/m${index}`, digestOf(index)), `2026-0${1 + (index % 3)}-01T00:00:00Z`);
      const overTime = await catalogue.overTime();
      expect(overTime.reduce((sum, { count }) => sum + count, 0)).toBe(golden.length);
      expect(overTime.map(({ month }) => month)).toEqual(overTime.map(({ month }) => month).sort());
      const byPublisher = await catalogue.wordsBy("publisher", 10);
      expect(new Set(byPublisher.map(({ name }) => name))).toEqual(new Set(["p0", "p1"]));
      expect((await catalogue.wordsBy("license", 2)).length).toBeGreaterThan(0);
    });
  });
});

describe("opening", () => {
  it("refuses a database of a newer Ajar, and what is no database", async () => {
    const engine = openSqlite(":memory:");
    const catalogue = await Catalogue.open(engine);
    await engine.db
      .insertInto("kysely_migration" as never)
      .values({ name: "999-future", timestamp: "2030" } as never)
      .execute();
    await expect(Catalogue.open(engine)).rejects.toMatchObject({ code: "STORE_TOO_NEW", exitCode: 2 });
    await catalogue.close();
    expect(() => openSqlite("/proc/nowhere/x.db")).toThrow();
  });
});
