// Reports for benchmarks of the catalogue: recorded releases under as many names, publishers and words as are asked for.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../src/core/report.ts";
import { audit, auditContext } from "../src/index.ts";
import { readReports } from "../src/reports/read-report.ts";

/** Recorded releases audited now, where the recordings are; else the goldens, which are a good deal smaller. */
export async function recordedReports(): Promise<readonly Report[]> {
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

export const WORDS =
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
export function reportNumber(index: number, bases: readonly Report[]): Report {
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
