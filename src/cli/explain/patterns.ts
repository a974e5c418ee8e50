import { type PatternRule, patternRules } from "../../patterns/rule.ts";
import type { Language } from "../../reports/language.ts";
import { nameOf, text, word } from "../../reports/messages.ts";
import type { Entry, Finder } from "./entry.ts";

/** What data and the gate's texts are searched for, from rules/patterns. */
export const patterns: Finder = {
  ids: () => patternRules().map(({ id }) => id),
  find(id, language) {
    const rule = patternRules().find((known) => known.id === id);
    return rule === undefined ? undefined : patternEntry(rule, language);
  },
};

function patternEntry({ id, level, messages, source }: PatternRule, language: Language): Entry {
  const severity = text({ id: "explain.severity", args: { level: nameOf("severity", level, language) } }, language);
  const lines = [word(messages.why, language), word(messages.remedy, language), severity];
  return { kind: "rule", id, title: word(messages.title, language), lines, source };
}
