// Croissant 1.0 and 1.1 (https://docs.mlcommons.org/croissant/): what the metadata says of the files, held against the files.
import type { Card } from "./declared.ts";

export interface CroissantFile {
  readonly id: string;
  readonly url: string;
  readonly sha256: string | null;
}

export interface Croissant {
  readonly path: string;
  /** As `conformsTo` says; null where it says none, as before 1.0. */
  readonly version: "1.0" | "1.1" | null;
  readonly name: string | null;
  readonly license: string | null;
  readonly files: readonly CroissantFile[];
  /** Columns that record sets take from files. */
  readonly columns: readonly string[];
  /** Required properties that are missing (specification 1.0, "Required"). */
  readonly missing: readonly string[];
  /** `personalSensitiveInformation` of the RAI extension. */
  readonly sensitive: string | null;
}

const REQUIRED = ["@context", "@type", "conformsTo", "description", "license", "name", "url", "creator", "datePublished"] as const;
const CONFORMS = /^https?:\/\/mlcommons\.org\/croissant\/(1\.[01])\/?$/u;
const MAX_FILES = 10_000;

/** Reads metadata; null where the text is none. */
export function readCroissant({ path, text }: Card): Croissant | null {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return null;
  }
  const data = recordOf(root);
  const isDataset = /(?:^|[:/])Dataset$/u.test(String(data["@type"] ?? ""));
  const parts = [...listOf(data["distribution"])].slice(0, MAX_FILES).map(recordOf);
  const conforms = listOf(data["conformsTo"]).map(String);
  const isCroissant =
    conforms.some((one) => one.includes("/croissant/")) || parts.some((part) => /FileObject|FileSet/u.test(String(part["@type"])));
  if (!isDataset || !isCroissant) return null;
  const version = conforms.map((one) => CONFORMS.exec(one)?.[1]).find((one) => one !== undefined);
  return {
    path,
    version: version === "1.0" || version === "1.1" ? version : null,
    name: textOf(data["name"]),
    license:
      listOf(data["license"])
        .map(licenseOf)
        .find((one) => one !== null) ?? null,
    files: parts.filter((part) => /FileObject/u.test(String(part["@type"]))).map(fileOf),
    columns: listOf(data["recordSet"]).flatMap((set) => listOf(recordOf(set)["field"]).flatMap(columnsOf)),
    missing: REQUIRED.filter((key) => data[key] === undefined),
    sensitive: textOf(data["rai:personalSensitiveInformation"]),
  };
}

function fileOf(part: Readonly<Record<string, unknown>>): CroissantFile {
  const sha256 = textOf(part["sha256"]);
  return {
    id: textOf(part["@id"]) ?? textOf(part["name"]) ?? "",
    url: textOf(part["contentUrl"]) ?? "",
    sha256: sha256 !== null && /^[0-9a-f]{64}$/iu.test(sha256) ? sha256.toLowerCase() : null,
  };
}

function columnsOf(field: unknown): readonly string[] {
  const data = recordOf(field);
  const column = textOf(recordOf(recordOf(data["source"])["extract"])["column"]);
  return [...(column === null ? [] : [column]), ...listOf(data["subField"]).flatMap(columnsOf)];
}

function licenseOf(value: unknown): string | null {
  return textOf(value) ?? textOf(recordOf(value)["url"]) ?? textOf(recordOf(value)["name"]);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
