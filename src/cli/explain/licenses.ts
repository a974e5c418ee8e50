import type { Language } from "../../reports/language.ts";
import { nameOf, text, word } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asList, asRecord, asText, type Entry, type Finder } from "./entry.ts";

type Data = Readonly<Record<string, unknown>>;

/** Licenses, by id or any other name they go by, from rules/licenses. */
export const licenses: Finder = {
  ids: () => records().flatMap((record) => asText(record["id"]) ?? []),
  find(id, language) {
    const wanted = id.toLowerCase();
    const all = records();
    const record =
      all.find((item) => asText(item["id"])?.toLowerCase() === wanted) ??
      all.find((item) => aliasesOf(item).some((alias) => alias.toLowerCase() === wanted));
    return record === undefined ? undefined : licenseEntry(record, language);
  },
};

/** A file holds one record or a list of them. */
function records(): readonly Data[] {
  return [...loadRules("licenses").values()].flatMap((data) => (Array.isArray(data) ? data.map(asRecord) : [asRecord(data)]));
}

function aliasesOf(record: Data): readonly string[] {
  return asList(record["aliases"]).flatMap((alias) => asText(alias) ?? []);
}

function licenseEntry(record: Data, language: Language): Entry {
  const id = asText(record["id"]) ?? "";
  const kind = asText(record["kind"]);
  const aliases = aliasesOf(record);
  const yesNo = (value: unknown): string => word(value === true ? "explain.yes" : "explain.no", language);
  const restrictions = asList(record["restrictions"]).map(asRecord);
  const lines = [
    ...(kind === undefined ? [] : [text({ id: "explain.kind", args: { kind } }, language)]),
    text({ id: "explain.approved", args: { osi: yesNo(record["osiApproved"]), fsf: yesNo(record["fsfLibre"]) } }, language),
    ...(aliases.length === 0 ? [] : [text({ id: "explain.aliases", args: { aliases: aliases.join(", ") } }, language)]),
    ...(restrictions.length === 0 ? [] : [word("explain.restrictions", language)]),
    ...restrictions.map((item) => restrictionLine(item, language)),
  ];
  const source = asText(record["source"]);
  return { kind: "license", id, title: asText(record["name"]) ?? id, lines, ...(source === undefined ? {} : { source }) };
}

function restrictionLine(restriction: Data, language: Language): string {
  const term = nameOf("term", asText(restriction["term"]) ?? "", language);
  const clause = asText(restriction["clause"]);
  const place = clause === undefined || clause === "" ? "" : ` (${text({ id: "report.clause", args: { clause } }, language)})`;
  const summary = asText(restriction["summary"]);
  return `  ${term}${place}${summary === undefined ? "" : `: ${summary}`}`;
}
