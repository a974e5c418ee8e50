// Texts that records of terms were read in, by the digests that the records name.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import spdxList from "spdx-license-list/full.js";
import type { TermsRecord } from "../../src/core/terms.ts";

const SHARED = join(import.meta.dirname, "../../../shared/corpus");

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Texts that can be had, by digest: SPDX's, those of ../shared, and those of a folder that AJAR_LICENSE_TEXTS names. */
function textsByDigest(): Map<string, string> {
  const texts = Object.values(spdxList).map(({ licenseText }) => licenseText);
  const folders = [join(SHARED, "licences"), process.env["AJAR_LICENSE_TEXTS"] ?? ""].filter(existsSync);
  for (const folder of folders) {
    for (const name of readdirSync(folder)) if (name.endsWith(".txt")) texts.push(readFileSync(join(folder, name), "utf8"));
  }
  const releases = join(SHARED, "releases");
  for (const release of existsSync(releases) ? readdirSync(releases) : []) {
    const license = join(releases, release, "files/LICENSE");
    if (existsSync(license)) texts.push(readFileSync(license, "utf8"));
  }
  return new Map(texts.map((text) => [digestOf(text), text]));
}

export const texts = textsByDigest();

/** Text of a record, or of a document that it incorporates; undefined where it cannot be had. */
export function textFor(record: TermsRecord, document?: string): string | undefined {
  const digest = document === undefined ? record.textDigest : record.annexes.find(({ id }) => id === document)?.digest;
  return digest === undefined ? undefined : texts.get(digest);
}
