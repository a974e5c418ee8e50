// Columns of ids in a file: what a rule finds there is chance, and comes off its counts.
import type { DataIdColumn } from "../core/dataset.ts";
import { isIdColumn } from "../patterns/columns.ts";
import { columnKey } from "./column-count.ts";
import type { FileCount, RuleCount } from "./tally.ts";

export function idColumnsOf({ columns, cells: all }: FileCount): readonly DataIdColumn[] {
  return [...columns].flatMap(([key, counts]) => {
    const [rule = "", field = ""] = key.split("\0");
    const cells = all.get(field) ?? 0;
    return counts.passed > 0 && isIdColumn({ cells, ...counts }) ? [{ rule, field, cells, ...counts }] : [];
  });
}

/** The file's rules without rows whose hits all stand in columns of ids. */
export function rulesWithout(count: FileCount, idColumns: readonly DataIdColumn[]): Map<string, RuleCount> {
  const rules = new Map(count.rules);
  if (idColumns.length === 0) return rules;
  const suppressed = new Set(idColumns.map(({ rule, field }) => columnKey(rule, field)));
  for (const [key, only] of count.only) {
    const [rule = "", ...fields] = key.split("\0");
    const all = rules.get(rule);
    if (all !== undefined && fields.every((field) => suppressed.has(columnKey(rule, field)))) rules.set(rule, less(all, only));
  }
  return rules;
}

/** Sums over blocks shrink with the rows: which block a row was in is not known any more. */
function less(all: RuleCount, off: RuleCount): RuleCount {
  const rows = Math.max(0, all.rows - off.rows);
  const share = all.rows === 0 ? 0 : rows / all.rows;
  return {
    rows,
    hits: Math.max(0, all.hits - off.hits),
    checked: Math.max(0, all.checked - off.checked),
    squares: all.squares * share * share,
    products: all.products * share,
  };
}
