// The same questions as SQL, for those whose data lie in a warehouse: candidates by the patterns' own expressions, exact duplicates, overlap.
// RE2 is what DuckDB runs; Spark's Java engine reads the same syntax. Validators and context words stay here: SQL counts candidates.

export const SQL_ENGINES = ["duckdb", "spark"] as const;
export type SqlEngine = (typeof SQL_ENGINES)[number];

export interface SqlRule {
  readonly id: string;
  readonly regex: string;
  readonly ignoreCase: boolean;
}

export interface SqlSource {
  readonly path: string;
  readonly format: "jsonl" | "csv" | "tsv" | "parquet";
}

/** Statements that make a view of all rows as texts, then ask of it. */
export function emitSql(engine: SqlEngine, sources: readonly SqlSource[], rules: readonly SqlRule[]): string {
  const dialect = engine === "duckdb" ? DUCKDB : SPARK;
  const rows = sources.map((source) => dialect.rows(source)).join("\nUNION ALL\n");
  const counts = rules.map(({ id, regex, ignoreCase }) => {
    const pattern = dialect.text(ignoreCase ? `(?i)${regex}` : regex);
    return `  count_if(${dialect.matches(pattern)}) AS ${dialect.name(id)}`;
  });
  return `${[
    `-- Rows as texts; what is no text is written as JSON.\n${dialect.view("ajar_rows", rows)};`,
    `-- Rows with candidates, by rule; Ajar's validators and context words decide which of them are hits.\nSELECT count(*) AS row_count,\n${counts.join(",\n")}\nFROM ajar_rows;`,
    `-- Exact duplicates, case and white space folded.\n${dialect.view("ajar_keys", `SELECT file, md5(${dialect.folded}) AS row_key FROM ajar_rows`)};\nSELECT count(*) AS row_count, count(DISTINCT row_key) AS distinct_rows, count(*) - count(DISTINCT row_key) AS repeated_rows FROM ajar_keys;`,
    `-- Rows that stand in more than one file.\nSELECT count(*) AS shared_rows FROM (SELECT row_key FROM ajar_keys GROUP BY row_key HAVING count(DISTINCT file) > 1) shared;`,
    `-- Overlap with a test set: fill the view ajar_items (item, text), then run this. 13 words in a row.\n${dialect.overlap}`,
  ].join("\n\n")}\n`;
}

interface Dialect {
  text(value: string): string;
  /** A name that may hold any character. */
  name(id: string): string;
  view(name: string, body: string): string;
  rows(source: SqlSource): string;
  matches(pattern: string): string;
  readonly folded: string;
  readonly overlap: string;
}

const GRAMS = 13;

/** Options under which DuckDB reads a line as one cell: no line of JSON holds the delimiter. */
const RAW_LINES =
  "auto_detect = false, header = false, columns = {'row_text': 'VARCHAR'}, delim = chr(31), quote = '', escape = '', max_line_size = 16777216";

const DUCKDB: Dialect = {
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  name: (id) => `"${id}"`,
  view: (name, body) => `CREATE OR REPLACE VIEW ${name} AS\n${body}`,
  rows({ path, format }) {
    const file = DUCKDB.text(path);
    // Lines as they are: the reader of JSON gives up on all rows for one that is broken.
    if (format === "jsonl") return `SELECT ${file} AS file, row_text FROM read_csv(${file}, ${RAW_LINES}) WHERE row_text <> ''`;
    const from =
      format === "parquet" ? `read_parquet(${file})` : `read_csv(${file}, all_varchar = true${format === "tsv" ? ", delim = '\\t'" : ""})`;
    return `SELECT ${file} AS file, CAST(to_json(t) AS VARCHAR) AS row_text FROM ${from} t`;
  },
  matches: (pattern) => `regexp_matches(row_text, ${pattern})`,
  folded: "lower(trim(regexp_replace(row_text, '\\s+', ' ', 'g')))",
  overlap: `WITH item_words AS (SELECT item, string_split_regex(lower(text), '[^\\pL\\pN]+') AS words FROM ajar_items),
item_places AS (SELECT item, words, unnest(generate_series(1, len(words) - ${GRAMS - 1})) AS i FROM item_words),
item_grams AS (SELECT item, array_to_string(words[i:i + ${GRAMS - 1}], ' ') AS gram FROM item_places),
row_words AS (SELECT string_split_regex(lower(row_text), '[^\\pL\\pN]+') AS words FROM ajar_rows),
row_places AS (SELECT words, unnest(generate_series(1, len(words) - ${GRAMS - 1})) AS i FROM row_words),
row_grams AS (SELECT DISTINCT array_to_string(words[i:i + ${GRAMS - 1}], ' ') AS gram FROM row_places)
SELECT item, count(DISTINCT item_grams.gram) AS grams, count(DISTINCT row_grams.gram) AS found FROM item_grams LEFT JOIN row_grams USING (gram) GROUP BY item ORDER BY found DESC;`,
};

const SPARK: Dialect = {
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  name: (id) => `\`${id}\``,
  view: (name, body) => `CREATE OR REPLACE TEMPORARY VIEW ${name} AS\n${body}`,
  rows({ path, format }) {
    const file = SPARK.text(path);
    const at = path.replaceAll("`", "``");
    if (format === "jsonl") return `SELECT ${file} AS file, value AS row_text FROM text.\`${at}\``;
    return `SELECT ${file} AS file, to_json(struct(*)) AS row_text FROM ${format === "tsv" ? "csv" : format}.\`${at}\``;
  },
  matches: (pattern) => `row_text RLIKE ${pattern}`,
  folded: "lower(trim(regexp_replace(row_text, '\\\\s+', ' ')))",
  overlap: `WITH item_words AS (SELECT item, split(lower(text), '[^\\\\p{L}\\\\p{N}]+') AS words FROM ajar_items),
item_grams AS (SELECT item, array_join(slice(words, i, ${GRAMS}), ' ') AS gram FROM item_words LATERAL VIEW explode(sequence(1, greatest(1, size(words) - ${GRAMS - 1}))) s AS i WHERE size(words) >= ${GRAMS}),
row_words AS (SELECT split(lower(row_text), '[^\\\\p{L}\\\\p{N}]+') AS words FROM ajar_rows),
row_grams AS (SELECT DISTINCT array_join(slice(words, i, ${GRAMS}), ' ') AS gram FROM row_words LATERAL VIEW explode(sequence(1, greatest(1, size(words) - ${GRAMS - 1}))) s AS i WHERE size(words) >= ${GRAMS})
SELECT item, count(DISTINCT item_grams.gram) AS grams, count(DISTINCT row_grams.gram) AS found FROM item_grams LEFT JOIN row_grams USING (gram) GROUP BY item ORDER BY found DESC;`,
};
