// Names of models in running text: where they begin, where they end, and which words are none.
import { relationRules } from "./relation-rules.ts";

/** Most words that may stand before a name: `the original 7B base model of`. */
const MAX_LEAD = 6;
/** Names of one list; merges of more are written as configurations. */
const MAX_NAMES = 16;
const MAX_NAME_CHARS = 80;

/** `7B LLaMA`, `Llama 2 7B`, `owner/name-v1.0`: a first word, then versions, sizes and capitalised words. */
const NAME = /^(?:\d+(?:\.\d+)?[BM]\s+(?=[A-Z]))?[A-Za-z][\w./+-]*(?:\s+(?:v?\d[\w.+-]*|[A-Z][\w.+-]*)){0,4}/u;
const BETWEEN = /^(?:\s*[,、，]\s*(?:and\s+|和|与|與|及)?|\s+(?:and|&|with|\+)\s+|\s*(?:和|与|與|及|以及)\s*)/u;
/** A design after somebody's model. */
const LIKENESS = /[-_](?:like|style|compatible|inspired|based|format|architecture)$/iu;

export interface NameOptions {
  /** A bare capitalised word is a name; else it needs a version, a size or an owner. */
  readonly firm: boolean;
  readonly list: boolean;
}

/** Names at the start of a text; none when what stands there names no model. */
export function readNames(text: string, { firm, list }: NameOptions): readonly string[] {
  const names: string[] = [];
  let rest = afterLead(text);
  while (names.length < MAX_NAMES) {
    const words = NAME.exec(rest)?.[0] ?? "";
    const name = cleaned(words);
    if (!isModelName(name, firm) || relationRules().after.test(rest.slice(words.length))) break;
    names.push(name);
    rest = rest.slice(words.length);
    const between = list ? BETWEEN.exec(rest) : null;
    if (between === null) break;
    rest = afterLead(rest.slice(between[0].length));
  }
  return names;
}

function afterLead(text: string): string {
  const { lead } = relationRules();
  let rest = text;
  for (let step = 0; step < MAX_LEAD; step += 1) {
    const found = lead.exec(rest);
    if (found === null || isNameItself(found[0])) break;
    rest = rest.slice(found[0].length);
  }
  return rest;
}

/** `Large` and `Base` lead up to a name, `T5-Large` is one: only plain words are leads. */
function isNameItself(lead: string): boolean {
  return /\d|\//u.test(lead);
}

function cleaned(words: string): string {
  return words
    .replace(/[.,/:;-]+$/u, "")
    .replace(/\s+models?$/iu, "")
    .trim();
}

function isModelName(name: string, firm: boolean): boolean {
  const { generic, services } = relationRules();
  if (name.length < 2 || name.length > MAX_NAME_CHARS || generic.test(name) || LIKENESS.test(name)) return false;
  if (/^https?:/iu.test(name) || name.split(/\s/u).every((word) => generic.test(word))) return false;
  // `llama 2` may be written so; a common word before a name is none.
  if (!/^\S*[A-Z\d/]|^\S+\s+v?\d/u.test(name)) return false;
  if (/\d/u.test(name) || /^[\w.-]+\/[\w.-]+$/u.test(name)) return /[A-Za-z]/u.test(name);
  return services.test(name) || (firm && /[A-Z]/u.test(name));
}
