// Which releases come onto a page. One table leads, along an index that runs from the newest report back, and the other conditions
// are looked up for each row that it gives: so a page ends as soon as it is full, however many releases there are.
import { type RawBuilder, sql } from "kysely";
import type { Engine, Lead } from "./engine.ts";

/** Cells that must have one of these values. */
export interface CellCondition {
  readonly cell: string;
  readonly values: readonly [string, ...string[]];
}

/** Words of a search, each a row of tokens that must follow one another. */
export type Words = readonly (readonly string[])[];

/** Rows counted of a condition before it is taken for a broad one. */
const PROBE = 500;

const ALL: Lead = { from: sql`release as lead`, where: sql`true` };

/** A lead and what is looked up for its rows. */
interface Step {
  readonly lead: Lead;
  readonly lookups: readonly RawBuilder<unknown>[];
}

/** Queries for `report_id`, to be asked one after the other until there are enough: each gives older reports than the one before. */
export async function candidates(
  engine: Engine,
  cells: readonly CellCondition[],
  words: Words,
  after: number | null,
): Promise<readonly ((limit: number) => RawBuilder<{ readonly report_id: number }>)[]> {
  const from = after === null ? sql`` : sql`and lead.report_id < ${after}`;
  return (await stepsOf(engine, cells, words, after)).map(
    ({ lead, lookups }) =>
      (limit) =>
        sql`(select lead.report_id from ${lead.from} where ${lead.where} ${from} ${sql.join(lookups, sql` `)} order by lead.report_id desc limit ${limit})`,
  );
}

async function stepsOf(engine: Engine, cells: readonly CellCondition[], words: Words, after: number | null): Promise<readonly Step[]> {
  const { ordered, fewest } = await narrowestFirst(engine, cells, words.length > 0);
  const [first] = ordered;
  const leads = first !== undefined && first.values.length === 1;
  // Words lead unless a condition is so narrow that its few rows are sooner looked at one by one.
  if (words.length > 0 && !(leads && fewest < PROBE)) {
    const lookups = ordered.map(cellLookup);
    return (await engine.matching(words, after)).map((lead) => ({ lead, lookups }));
  }
  const rest = (leads ? ordered.slice(1) : ordered).map(cellLookup);
  const text = words.length > 0 ? [sql`and ${engine.holds(words)}`] : [];
  return [{ lead: leads ? leadOf(first) : ALL, lookups: [...rest, ...text] }];
}

function leadOf({ cell, values: [value] }: CellCondition): Lead {
  return { from: sql`cell as lead`, where: sql`lead.cell = ${cell} and lead.value = ${value}` };
}

function cellLookup({ cell, values }: CellCondition): RawBuilder<unknown> {
  return sql`and exists (select 1 from cell where cell.cell = ${cell} and cell.value in (${sql.join(values)}) and cell.report_id = lead.report_id)`;
}

/** Conditions of one value first, and of those the one that fewest releases fulfil: counted up to a bound, so that this costs little. */
async function narrowestFirst(
  engine: Engine,
  cells: readonly CellCondition[],
  isSearch: boolean,
): Promise<{ readonly ordered: readonly CellCondition[]; readonly fewest: number }> {
  const single = cells.filter(({ values }) => values.length === 1);
  const isNeedless = engine.knowsCounts || cells.length < 2;
  // The database puts the conditions of one value in order by itself; that the first one has but one is asked for here.
  if (single.length === 0 || (isNeedless && !isSearch))
    return { ordered: [...single, ...cells.filter((one) => !single.includes(one))], fewest: Number.POSITIVE_INFINITY };
  const probes = single.map(
    ({ cell, values: [value] }, at) =>
      sql`select cast(${at} as integer) as at, count(*) as count from (select 1 from cell where cell = ${cell} and value = ${value} limit ${PROBE}) as probe`,
  );
  const { rows } = await sql<{ readonly at: number; readonly count: number }>`${sql.join(probes, sql` union all `)}`.execute(engine.db);
  const counts = new Map(rows.map(({ at, count }) => [single[at], count]));
  const countOf = (condition: CellCondition): number => counts.get(condition) ?? Number.POSITIVE_INFINITY;
  return { ordered: [...cells].sort((a, b) => countOf(a) - countOf(b)), fewest: Math.min(...counts.values()) };
}
