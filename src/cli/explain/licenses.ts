import type { LicenseRecord, Restriction } from "../../core/license.ts";
import { allLicenses, licenseByName } from "../../licenses/records.ts";
import { conditionsOf } from "../../licenses/terms/compare.ts";
import { termsOf } from "../../licenses/terms/terms.ts";
import type { Language } from "../../reports/language.ts";
import { nameOf, text, word } from "../../reports/messages.ts";
import { Phrases } from "../../reports/phrases.ts";
import { termLines } from "../../reports/terms/record.ts";
import type { Entry, Finder } from "./entry.ts";

/** Licenses, by id or any other name they go by. */
export const licenses: Finder = {
  ids: () => allLicenses().map(({ id }) => id),
  find(id, language) {
    const record = allLicenses().find((license) => license.id.toLowerCase() === id.toLowerCase()) ?? licenseByName(id);
    return record === null ? undefined : licenseEntry(record, language);
  },
};

function licenseEntry(record: LicenseRecord, language: Language): Entry {
  const { id, name, kind, aliases, restrictions, source } = record;
  const terms = termsOf(id);
  const yesNo = (value: boolean): string => word(value ? "explain.yes" : "explain.no", language);
  const lines = [
    text({ id: "explain.kind", args: { kind } }, language),
    text({ id: "explain.approved", args: { osi: yesNo(record.osiApproved), fsf: yesNo(record.fsfLibre) } }, language),
    ...(aliases.length === 0 ? [] : [text({ id: "explain.aliases", args: { aliases: aliases.join(", ") } }, language)]),
    ...(terms === null ? restrictionLines(restrictions, language) : termLines(terms, conditionsOf(terms), new Phrases(language))),
  ];
  return { kind: "license", id, title: name, lines, ...(terms === null ? {} : { terms }), source };
}

/** What is known of a license whose terms were not read as a whole. */
function restrictionLines(restrictions: readonly Restriction[], language: Language): readonly string[] {
  const known = restrictions.map((restriction) => restrictionLine(restriction, language));
  return [...(known.length === 0 ? [] : [word("explain.restrictions", language)]), ...known, word("terms.absent", language)];
}

function restrictionLine({ term, clause, summary }: Restriction, language: Language): string {
  const place = clause === "" ? "" : ` (${text({ id: "report.clause", args: { clause } }, language)})`;
  return `  ${nameOf("term", term, language)}${place}: ${summary}`;
}
