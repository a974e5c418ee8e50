// Cells of a column counted by the rules whose shape they have; counts add up.

/** Names told apart in a file: of fields, and of rules in fields. */
export const MAX_FIELDS = 500;

/** Cells of one column that are one number of a rule's shape. */
export interface ColumnCount {
  shaped: number;
  passed: number;
}

/** Key of a rule in one column, or in several. */
export function columnKey(rule: string, ...fields: readonly string[]): string {
  return [rule, ...fields].join("\0");
}

/** Bounded, as names of fields are. */
export function addColumn(columns: Map<string, ColumnCount>, key: string, { shaped, passed }: ColumnCount): void {
  const known = columns.get(key);
  if (known !== undefined) {
    known.shaped += shaped;
    known.passed += passed;
  } else if (columns.size < MAX_FIELDS) columns.set(key, { shaped, passed });
}
