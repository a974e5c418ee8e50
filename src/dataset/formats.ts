// Which files are data, and in which format: by name, since a reader of data goes by names too; the content is checked when it is read.

import type { Compression } from "../formats/compression.ts";

type DataFormat = "jsonl" | "json" | "csv" | "tsv" | "text" | "parquet" | "warc" | "arrow";
export interface DataKind {
  readonly format: DataFormat;
  readonly packing: Compression | null;
}

const FORMAT_OF: Readonly<Record<string, DataFormat>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  jsonlines: "jsonl",
  json: "json",
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  txt: "text",
  text: "text",
  md: "text",
  parquet: "parquet",
  pq: "parquet",
  warc: "warc",
  wet: "warc",
  arrow: "arrow",
  arrows: "arrow",
  feather: "arrow",
};
const PACKING_OF: Readonly<Record<string, Compression>> = {
  gz: "gzip",
  gzip: "gzip",
  zst: "zstd",
  zstd: "zstd",
  bz2: "bzip2",
  lz4: "lz4",
  xz: "xz",
};

/** Names of documents, settings and code metadata, which other parts of Ajar read; none of them is data. */
const NO_DATA = new RegExp(
  [
    String.raw`(?:^|/)(?:readme|license|licence|copying|notice|authors|contributors|contributing|changelog|changes|history|news|citation|security|code_of_conduct|install|todo|version|manifest|requirements[\w.-]*|constraints|top_level|entry_points|dependency_links|sources|cmakelists|robots|humans|vocab|merges|(?:data|data[-_]?set|model)[-_]?(?:card|sheet)s?)(?:[._-][\w.-]*)?\.(?:txt|md|text)(?:\.\w+)?$`,
    String.raw`(?:^|/)(?:package(?:-lock)?|tsconfig[\w.-]*|config|configuration[\w.-]*|tokenizer[\w.-]*|special_tokens_map|added_tokens|vocab|generation_config|preprocessor_config|model_index|adapter_config|processor_config|[\w.-]*\.index|composer|bower|lerna|nx|turbo|renovate|croissant|dataset_infos?|state|metadata|manifest|direct_url)\.json$`,
    String.raw`(?:^|/)(?:\.[^/]+|node_modules|[^/]+\.(?:dist-info|egg-info)|docs?|licenses?)/`,
    String.raw`\.d\.ts$|\.map$|\.schema\.json$|(?:^|/)\.[^/]+$`,
  ].join("|"),
  "iu",
);

/** What a file is by its name; null where it is no data. */
export function dataKind(path: string): DataKind | null {
  if (path.startsWith("@host/") || NO_DATA.test(path)) return null;
  return kindByEnding(path);
}

/** The same for a file that somebody named as data, whatever it is called. */
export function kindByEnding(path: string): DataKind | null {
  const parts = path
    .toLowerCase()
    .slice(path.lastIndexOf("/") + 1)
    .split(".");
  const last = parts.at(-1) ?? "";
  const packing = PACKING_OF[last] ?? null;
  const format = FORMAT_OF[(packing === null ? last : parts.at(-2)) ?? ""];
  return format === undefined ? null : { format, packing };
}
