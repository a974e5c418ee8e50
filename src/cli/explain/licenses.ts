import type { LicenseRecord, Restriction } from "../../core/license.ts";
import { allLicenses, licenseByName } from "../../licenses/records.ts";
import type { Language } from "../../reports/language.ts";
import { nameOf, text, word } from "../../reports/messages.ts";
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
  const yesNo = (value: boolean): string => word(value ? "explain.yes" : "explain.no", language);
  const lines = [
    text({ id: "explain.kind", args: { kind } }, language),
    text({ id: "explain.approved", args: { osi: yesNo(record.osiApproved), fsf: yesNo(record.fsfLibre) } }, language),
    ...(aliases.length === 0 ? [] : [text({ id: "explain.aliases", args: { aliases: aliases.join(", ") } }, language)]),
    ...(restrictions.length === 0 ? [] : [word("explain.restrictions", language)]),
    ...restrictions.map((restriction) => restrictionLine(restriction, language)),
  ];
  return { kind: "license", id, title: name, lines, source };
}

function restrictionLine({ term, clause, summary }: Restriction, language: Language): string {
  const place = clause === "" ? "" : ` (${text({ id: "report.clause", args: { clause } }, language)})`;
  return `  ${nameOf("term", term, language)}${place}: ${summary}`;
}
