// Error codes, components and message ids: what lives in the message catalogue.
import { COMPONENT_IDS, SCOPE_OF } from "../../core/component.ts";
import { AjarError, type ErrorCode } from "../../core/errors.ts";
import { catalog, lookup, text, word } from "../../reports/messages.ts";
import type { Finder } from "./entry.ts";

const ERROR_ID = /^error\.([A-Z_]+)$/u;

/** Error codes, from the catalogue's `error.<CODE>` ids. */
export const errors: Finder = {
  ids: (language) => [...catalog(language).keys()].flatMap((id) => ERROR_ID.exec(id)?.[1] ?? []),
  find(id, language) {
    const code = id.toUpperCase();
    const title = lookup(`error.${code}`, language);
    if (title === undefined) return undefined;
    // The catalogue test holds its codes equal to the union.
    const { exitCode } = new AjarError(code as ErrorCode, "");
    const lines = [
      word(`error.${code}.means`, language),
      word(`error.${code}.do`, language),
      text({ id: "explain.exit", args: { code: exitCode } }, language),
    ];
    return { kind: "error", id: code, title, lines };
  },
};

/** The parts of a release. */
export const components: Finder = {
  ids: () => COMPONENT_IDS,
  find(id, language) {
    const component = COMPONENT_IDS.find((known) => known === id);
    if (component === undefined) return undefined;
    const scope = text({ id: "explain.scope", args: { scope: SCOPE_OF[component] } }, language);
    return {
      kind: "component",
      id: component,
      title: word(`component.${component}`, language),
      lines: [word(`explain.component.${component}`, language), scope],
    };
  },
};

/** Kinds of words whose ids stand alone in a report: `user-threshold`, `weights-available-ai`. */
const KINDS = [
  "label",
  "term",
  "availability",
  "openness",
  "outcome",
  "severity",
  "reason",
  "statement",
  "kind",
  "method",
  "quantity",
  "relation",
  "topic",
  "source-kind",
  "profile",
  "license-condition",
  "license-duty",
  "flow",
  "ends",
  "result",
];

/** Any other id of the catalogue, with or without its kind. */
export const messages: Finder = {
  ids: (language) => [...catalog(language).keys()],
  find(id, language) {
    const found = [id, ...KINDS.map((kind) => `${kind}.${id}`)].find((candidate) => lookup(candidate, language) !== undefined);
    if (found === undefined) return undefined;
    const title = lookup(found, language) ?? "";
    const more = lookup(`${found}.means`, language);
    return { kind: "message", id: found, title, lines: more === undefined ? [] : [more] };
  },
};
