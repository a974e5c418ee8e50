import type { Language } from "../../reports/language.ts";
import { lookup, nameOf, text, word } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asList, asRecord, asText, type Entry, type Finder } from "./entry.ts";
import { outline } from "./outline.ts";

/** Keys under which a standard lists what it asks for. */
const LISTS = ["criteria", "dimensions", "components", "conditions"] as const;
/** Keys of a criterion that say how it is decided. */
const TESTS = ["when", "open", "some"] as const;

type Data = Readonly<Record<string, unknown>>;

/** Standards and their criteria, from rules/standards. */
export const standards: Finder = {
  ids: () =>
    [...loadRules("standards")].flatMap(([name, data]) => [
      name,
      ...criteriaOf(asRecord(data)).map((item) => `${name}/${asText(item["id"])}`),
    ]),
  find(id, language) {
    const slash = id.indexOf("/");
    const name = slash === -1 ? id : id.slice(0, slash);
    const data = loadRules("standards").get(name);
    if (data === undefined) return undefined;
    const standard = asRecord(data);
    if (slash === -1) return standardEntry(name, standard, language);
    const criterion = criteriaOf(standard).find((item) => asText(item["id"]) === id.slice(slash + 1));
    return criterion === undefined ? undefined : criterionEntry(id, criterion, standard, language);
  },
};

function criteriaOf(standard: Data): readonly Data[] {
  return LISTS.flatMap((key) => asList(standard[key]).map(asRecord)).filter((item) => asText(item["id"]) !== undefined);
}

function standardEntry(name: string, standard: Data, language: Language): Entry {
  const version = asText(standard["version"]);
  const criteria = criteriaOf(standard).map(
    (item) => `  ${name}/${asText(item["id"])}: ${titleOf(`${name}/${asText(item["id"])}`, item, language)}`,
  );
  const lines = [
    ...(version === undefined ? [] : [text({ id: "explain.version", args: { version } }, language)]),
    word("explain.criteria", language),
    ...criteria,
  ];
  return { kind: "standard", id: name, title: nameOf("standard", name, language), lines, ...sourceOf(standard) };
}

function criterionEntry(id: string, criterion: Data, standard: Data, language: Language): Entry {
  const clause = asText(criterion["clause"]);
  const tests = TESTS.filter((key) => criterion[key] !== undefined);
  const lines = [
    ...(clause === undefined ? [] : [text({ id: "explain.clause", args: { clause } }, language)]),
    ...(tests.length === 0 ? [] : [word("explain.test", language)]),
    ...tests.flatMap((key) => (tests.length === 1 ? outline(criterion[key]) : [`  ${key}:`, ...outline(criterion[key], 4)])),
  ];
  return { kind: "criterion", id, title: titleOf(id, criterion, language), lines, ...sourceOf(standard) };
}

function titleOf(id: string, criterion: Data, language: Language): string {
  return lookup(id, language) ?? asText(criterion["name"]) ?? asText(criterion["clause"]) ?? id;
}

function sourceOf(data: Data): { readonly source?: string } {
  const source = asText(data["source"]);
  return source === undefined ? {} : { source };
}
