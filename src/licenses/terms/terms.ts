import type { TermsRecord } from "../../core/terms.ts";
import { loadRule } from "../../rules/load.ts";
import { expandTerms, type TermsFile } from "./expand.ts";

const cache = new Map<string, TermsRecord | null>();

/**
 * Terms of the license with exactly this id (an SPDX id or `LicenseRef-…`, as in LicenseRecord.id); null when nobody has read
 * them for Ajar, which says nothing about what they are. Reads one small file, once.
 */
export function termsOf(licenseId: string): TermsRecord | null {
  const known = cache.get(licenseId);
  if (known !== undefined) return known;
  const record = readTerms(licenseId);
  cache.set(licenseId, record);
  return record;
}

function readTerms(id: string): TermsRecord | null {
  const rule = loadRule("terms", id);
  if (typeof rule !== "object" || rule === null) return null;
  // An object by its file; the shape is checked when the rules are packed.
  const record = expandTerms(rule as TermsFile);
  // Some file systems find `mit` under MIT.
  return record.id === id ? record : null;
}
