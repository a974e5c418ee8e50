// CSV as RFC 4180 has it: quotes, doubled quotes, line ends inside quotes.

/** Rows by the names of the first one. */
export function parseCsv(text: string): Readonly<Record<string, string>>[] {
  const [head = [], ...rows] = cellsOf(text);
  return rows.filter((row) => row.length === head.length).map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ""])));
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gu)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows;
}
