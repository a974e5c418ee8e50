// Sentences are data until here: a message id and its arguments become text in the reader's language.
import { AjarError } from "../core/errors.ts";
import type { Message } from "../core/report.ts";
import { loadRules } from "../rules/load.ts";
import type { Language } from "./language.ts";
import { nameIn, PLACEHOLDER, sentence } from "./sentence.ts";

export type Catalog = ReadonlyMap<string, string>;

const catalogs = new Map<Language, Catalog>();

/** All messages of one language: every area of rules/messages/<language> merged. @throws AjarError BUG when two areas share an id */
export function catalog(language: Language): Catalog {
  const known = catalogs.get(language);
  if (known !== undefined) return known;
  const merged = new Map<string, string>();
  for (const [area, entries] of loadRules(`messages/${language}`)) {
    for (const [id, text] of Object.entries(entries ?? {})) {
      if (typeof text !== "string") throw badCatalog(`${area}: ${id} is not a text`);
      if (merged.has(id)) throw badCatalog(`${area}: ${id} is in two areas`);
      merged.set(id, text);
    }
  }
  catalogs.set(language, merged);
  return merged;
}

function badCatalog(message: string): AjarError {
  return new AjarError("BAD_RULE_DATA", message, { subject: "rules/messages" });
}

/** The text of an id, or undefined when the catalogue has none. */
export function lookup(id: string, language: Language): string | undefined {
  return catalog(language).get(id);
}

/**
 * The sentence of a message. An argument whose name and value make an id (`component` = `training-code`, id
 * `component.training-code`) is shown by that name; lists are joined by `, ` on the way in and translated one by one.
 * Text that comes from a release is neutralised (see safe-text.ts).
 * @throws AjarError BUG when the catalogue has no such message or an argument is missing
 */
export function text(message: Message, language: Language): string {
  return sentence(message, catalog(language), language);
}

/** The text of an id without arguments. @throws AjarError BUG */
export function word(id: string, language: Language): string {
  return text({ id }, language);
}

/** The name of a thing (`component.weights`), or the bare id where nobody named it. */
export function nameOf(kind: string, id: string, language: Language): string {
  return nameIn(catalog(language), kind, id);
}

/** Names of the placeholders in a template, sorted. */
export function placeholders(template: string): readonly string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), (match) => match[1] ?? ""))].sort();
}
