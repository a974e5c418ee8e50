import type { Language } from "../../reports/language.ts";
import { lookup, nameOf, text, word } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asRecord, asText, type Entry, type Finder } from "./entry.ts";

type Rules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Rules that findings come from, from rules/findings. */
export const findings: Finder = finderOf(() => rulesIn("findings", () => true));

/** Safety rules, from the families of rules/safety; the other files there are lists. */
export const safetyRules: Finder = finderOf(() => rulesIn("safety", (name) => /^[A-Z]+$/u.test(name)));

function finderOf(rules: () => Rules): Finder {
  return { ids: () => [...rules().keys()], find: (id, language) => entryOf(rules().get(id), id, language) };
}

function entryOf(rule: Readonly<Record<string, unknown>> | undefined, id: string, language: Language): Entry | undefined {
  const title = lookup(`finding.${id}`, language);
  if (rule === undefined || title === undefined) return undefined;
  const source = asText(rule["source"]);
  const severity = nameOf("severity", asText(rule["severity"]) ?? "", language);
  const lines = [
    word(`finding.${id}.means`, language),
    word(`finding.${id}.do`, language),
    text({ id: "explain.severity", args: { level: severity } }, language),
  ];
  return { kind: "rule", id, title, lines, ...(source === undefined ? {} : { source }) };
}

function rulesIn(folder: string, isArea: (name: string) => boolean): Rules {
  const areas = [...loadRules(folder)].filter(([name]) => isArea(name));
  return new Map(areas.flatMap(([, area]) => Object.entries(asRecord(area)).map(([id, rule]) => [id, asRecord(rule)] as const)));
}
