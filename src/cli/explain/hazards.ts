import type { Language } from "../../reports/language.ts";
import { lookup, text, word } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asList, asRecord, asText, type Entry, type Finder } from "./entry.ts";

type Data = Readonly<Record<string, unknown>>;

/** What the gate's filters look for, from rules/hazards: categories by id or by Llama Guard's code, and their rules as the log has them. */
export const hazards: Finder = {
  ids: () => [...categories()].flatMap(([id, data]) => [id, ...rulesOf(data).map((rule) => `${id}/${nameOf(rule)}`)]),
  find(id, language) {
    for (const [category, data] of categories()) {
      if (id === category || id.toUpperCase() === data["code"]) return categoryEntry(category, data, language);
      const rule = rulesOf(data).find((known) => id === `${category}/${nameOf(known)}`);
      if (rule !== undefined) return ruleEntry(id, category, rule, data, language);
    }
    return undefined;
  },
};

/** The file without rules holds groups that several categories share. */
function categories(): readonly (readonly [string, Data])[] {
  return [...loadRules("hazards")].map(([id, data]) => [id, asRecord(data)] as const).filter(([, data]) => data["rules"] !== undefined);
}

function rulesOf(data: Data): readonly Data[] {
  return asList(data["rules"]).map(asRecord);
}

function nameOf(rule: Data): string {
  return asText(rule["id"]) ?? "";
}

function categoryEntry(id: string, data: Data, language: Language): Entry {
  const means = lookup(`hazard.${id}.means`, language);
  const code = asText(data["code"]) ?? "";
  const ailuminate = asText(data["ailuminate"]) ?? word("explain.hazard-none", language);
  const lines = [
    ...(means === undefined ? [] : [means]),
    text({ id: "explain.hazard-code", args: { code, ailuminate } }, language),
    dataLine(id, language),
    word("explain.hazard-rules", language),
    ...rulesOf(data).map((rule) => `  ${id}/${nameOf(rule)}: ${whyOf(id, rule, language)}`),
  ];
  return { kind: "hazard", id, title: titleOf(id, data, language), lines, ...sourceOf(data) };
}

function ruleEntry(id: string, category: string, rule: Data, data: Data, language: Language): Entry {
  const groups = (key: string, joined: string): string => asList(rule[key]).map(String).join(joined);
  const lines = [
    text({ id: "explain.hazard-of", args: { hazard: `${category} (${titleOf(category, data, language)})` } }, language),
    text({ id: "explain.hazard-near", args: { groups: groups("near", " + "), words: asText(rule["within"]) ?? "" } }, language),
    ...(rule["unless"] === undefined ? [] : [text({ id: "explain.hazard-unless", args: { groups: groups("unless", ", ") } }, language)]),
    dataLine(category, language),
  ];
  return { kind: "rule", id, title: whyOf(category, rule, language), lines, ...sourceOf(data) };
}

function titleOf(id: string, data: Data, language: Language): string {
  return lookup(`hazard.${id}`, language) ?? asText(data["name"]) ?? id;
}

/** In the words of the file where nobody has translated them. */
function whyOf(category: string, rule: Data, language: Language): string {
  return lookup(`hazard.${category}/${nameOf(rule)}`, language) ?? asText(rule["why"]) ?? "";
}

function dataLine(id: string, language: Language): string {
  return text({ id: "explain.data", args: { file: `rules/hazards/${id}.yaml` } }, language);
}

function sourceOf(data: Data): { readonly source?: string } {
  const source = asText(data["source"]);
  return source === undefined ? {} : { source };
}
