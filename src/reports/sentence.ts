// Message ids and arguments into sentences, given the words of a language; no file is read here, so that a page can do it too.
import { AjarError } from "../core/errors.ts";
import type { Message } from "../core/report.ts";
import { safeText } from "./safe-text.ts";

/** Texts by id. */
export type Words = Pick<ReadonlyMap<string, string>, "get">;

export const PLACEHOLDER: RegExp = /\{([a-zA-Z][a-zA-Z0-9-]*)\}/gu;

/** The sentence of a message in the words given. @throws AjarError BUG when the message or an argument is missing */
export function sentence(message: Message, words: Words, language: string): string {
  const template = words.get(message.id);
  if (template === undefined) throw new AjarError("BUG", `no ${language} text for message ${message.id}`, { subject: message.id });
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = message.args?.[name];
    if (value === undefined) throw new AjarError("BUG", `message ${message.id} lacks its argument ${name}`, { subject: message.id });
    return typeof value === "number" ? numberText(value) : argumentText(name, value, words, language);
  });
}

/** The name of a thing (`component.weights`), or the bare id where nobody named it. */
export function nameIn(words: Words, kind: string, id: string): string {
  return words.get(`${kind}.${id}`) ?? safeText(id);
}

/** Plural argument names whose items are named by the singular's ids. */
const LISTS: Readonly<Record<string, string>> = {
  components: "component",
  criteria: "criterion",
  scopes: "scope",
  terms: "term",
  aspects: "aspect",
  conditions: "condition",
  standards: "standard",
  uses: "use",
  "usage-infos": "usage-info",
};

function argumentText(name: string, value: string, words: Words, language: string): string {
  const singular = LISTS[name];
  if (singular === undefined) return nameIn(words, name, value);
  const separator = language === "en" ? ", " : "、";
  return value
    .split(/,\s*/u)
    .map((item) => nameIn(words, singular, item))
    .join(separator);
}

/** Digits in groups of three, the same in every locale; small fractions as they are. */
export function numberText(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 10_000) return String(value);
  return Math.abs(value) >= 1e15 ? value.toExponential(2) : String(value).replace(/\B(?=(?:\d{3})+$)/gu, ",");
}
