// Records of data sets that people labelled, held against what Ajar knows and reads: names of licenses and the uses they allow, the
// licenses of well-known sets, and Croissant metadata.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { knownRelease } from "../../src/chain/catalogue.ts";
import { identityOf } from "../../src/chain/identity.ts";
import type { LicenseRecord } from "../../src/core/license.ts";
import { readCroissant } from "../../src/dataset/croissant.ts";
import { licenseByName } from "../../src/licenses/records.ts";

export const labelledFolder = new URL("../../../shared/corpus/data-audit", import.meta.url).pathname;

export function isLabelled(folder: string): boolean {
  return existsSync(join(folder, "provenance"));
}

interface NamedLicense {
  /** As the set's records write it. */
  readonly name: string;
  /** `All`, `NC`, `Acad` or another word: who may use it for what. */
  readonly use: string;
  readonly record: LicenseRecord | null;
  /** The license is known, and allows more than the label does. */
  readonly isWider: boolean;
}

/** The records file the Microsoft Public License, which OSI approved, under Microsoft's data agreement. */
const DISPUTED: readonly string[] = ["ms-pl"];

/** Names of licenses in the records, with their paraphrases, each with the use that its class allows. */
export function namedLicenses(folder: string): readonly NamedLicense[] {
  const classes = json(folder, "provenance/license_classes.json") as Record<string, readonly string[]>;
  const paraphrases = json(folder, "provenance/license_paraphrases.json") as Record<string, readonly string[]>;
  return Object.entries(classes).flatMap(([name, [use = "?"]]) =>
    [...new Set([name, ...(paraphrases[name] ?? [])])].map((written) => {
      const record = licenseByName(written);
      const isRestricted = record !== null && ["non-commercial", "use-restricted", "proprietary"].includes(record.kind);
      return {
        name: written,
        use,
        record,
        isWider: record !== null && !DISPUTED.includes(written) && (use === "NC" || use === "Acad") && !isRestricted,
      };
    }),
  );
}

interface LabelledSet {
  readonly set: string;
  /** Licenses as labelled, terms of a generating service among them. */
  readonly labels: readonly string[];
  readonly ours: readonly string[];
  /** Null: Ajar's catalogue has no entry. */
  readonly agrees: boolean | null;
}

/** Data sets of the records with an id on the hub. */
export function labelledSets(folder: string): readonly LabelledSet[] {
  const records = readdirSync(join(folder, "provenance"))
    .filter((name) => name.startsWith("dpi-"))
    .sort()
    .flatMap((name) => Object.values(json(folder, `provenance/${name}`) as Record<string, DataRecord>));
  const sets = new Map<string, Set<string>>();
  for (const record of records) {
    const hub = /datasets\/(.+)$/u.exec(record["Hugging Face URL"])?.[1];
    if (hub === undefined) continue;
    const labels = sets.get(hub) ?? new Set<string>();
    for (const { License } of record.Licenses) labels.add(License);
    sets.set(hub, labels);
  }
  return [...sets].map(([set, labels]) => {
    const known = knownRelease(identityOf(`hf:datasets/${set}`, { isData: true, isField: true }));
    const ids = [...labels].map((label) => licenseByName(label)?.id ?? null);
    const agrees = known === null ? null : known.licenses.some((id) => ids.includes(id));
    return { set, labels: [...labels].sort(), ours: known?.licenses ?? [], agrees };
  });
}

interface DataRecord {
  readonly "Hugging Face URL": string;
  readonly Licenses: readonly { readonly License: string }[];
}

interface LabelledMetadata {
  readonly file: string;
  /** As the file's name has it. */
  readonly wanted: string;
  readonly version: string | null;
  readonly license: string | null;
  readonly files: number;
  readonly columns: number;
  readonly missing: readonly string[];
  readonly saysSensitive: boolean;
}

/** Croissant files of the set; one that is not read as metadata is left out. */
export function labelledMetadata(folder: string): readonly LabelledMetadata[] {
  return readdirSync(join(folder, "croissant"))
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((file) => {
      const read = readCroissant({ path: file, text: readFileSync(join(folder, "croissant", file), "utf8") });
      if (read === null) return [];
      const { version, license, missing, sensitive } = read;
      const counts = { files: read.files.length, columns: read.columns.length };
      return [{ file, wanted: file.slice(0, 3), version, license, ...counts, missing, saysSensitive: sensitive !== null }];
    });
}

function json(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}
