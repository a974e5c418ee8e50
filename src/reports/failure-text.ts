// Sentences of errors in the reader's language. Code throws English, which JSON and logs keep; here a sentence is found
// again by its English, with what was filled in, and said in another language (rules/failures/<language>.yaml).
import { loadRule } from "../rules/load.ts";
import type { Language } from "./language.ts";

interface Sentence {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly said: string;
  /** Letters that do not vary: of several that fit, the one with most is meant. */
  readonly weight: number;
}

/** Longer sentences are dumps of something; they stay as they are. */
const MAX_CHARS = 2_000;
/** A filled-in part may itself be a sentence; deeper than this nothing nests. */
const MAX_DEPTH = 3;
const PLACEHOLDER = /\{([a-z])\}/gu;

const loaded = new Map<Language, readonly Sentence[]>();

/** The sentence in another language; the English where nobody translated it. */
export function failureText(english: string, language: Language): string {
  return language === "en" || english.length > MAX_CHARS ? english : translated(english, language, 0);
}

function translated(english: string, language: Language, depth: number): string {
  if (depth > MAX_DEPTH) return english;
  const direct = best(english, language);
  if (direct !== null) return filled(direct, english, language, depth);
  // `subject: what happened`: names stay, the rest is looked up.
  const at = english.indexOf(": ");
  if (at === -1) return english;
  return english.slice(0, at + 2) + translated(english.slice(at + 2), language, depth);
}

function best(english: string, language: Language): Sentence | null {
  const fitting = sentences(language).filter(({ pattern }) => pattern.test(english));
  return fitting.reduce<Sentence | null>((most, one) => (most === null || one.weight > most.weight ? one : most), null);
}

function filled({ pattern, names, said }: Sentence, english: string, language: Language, depth: number): string {
  const parts = pattern.exec(english)?.slice(1) ?? [];
  const values = new Map(names.map((name, at) => [name, translated(parts[at] ?? "", language, depth + 1)]));
  return said.replace(PLACEHOLDER, (_, name: string) => values.get(name) ?? "");
}

function sentences(language: Language): readonly Sentence[] {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const entries = Object.entries(Object(loadRule("failures", language)));
  const read = entries.flatMap(([english, said]) => (typeof said === "string" ? [sentenceOf(english, said)] : []));
  loaded.set(language, read);
  return read;
}

function sentenceOf(english: string, said: string): Sentence {
  const names = Array.from(english.matchAll(PLACEHOLDER), (match) => match[1] ?? "");
  const literal = english.split(PLACEHOLDER).filter((_, at) => at % 2 === 0);
  const source = literal.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&")).join("(.{1,400}?)");
  return { pattern: new RegExp(`^${source}$`, "su"), names, said, weight: literal.join("").length };
}
