// Well-known releases and the licenses they came out under: rules/catalogue, one file a family.
import { RELATIONS, type Relation } from "../core/chain.ts";
import { AjarError } from "../core/errors.ts";
import { loadRules } from "../rules/load.ts";
import { type Identity, identityOf, wordsOf } from "./identity.ts";

/** One release, or several of a family under one license. */
export interface KnownRelease {
  readonly family: string;
  /** Ids as in LicenseRecord.id; an id that Ajar has no terms for stands for a license that it knows of and has not read. */
  readonly licenses: readonly string[];
  readonly source: string;
  /** Day the entry was last compared with its source, `YYYY-MM-DD`. */
  readonly reviewed: string;
  /** `text`: the license file in the publisher's repository was read. `label`: the publisher's own label was taken. */
  readonly basis: "text" | "label";
  readonly from: readonly { readonly relation: Relation; readonly target: string }[];
}

interface Entry extends KnownRelease {
  readonly isData: boolean;
  readonly owners: readonly string[];
  /** Ids on the hub, whole and normalised: mirrors, and names that follow no pattern. */
  readonly hub: ReadonlySet<string>;
  readonly names: readonly (readonly string[])[];
  /** Words that may follow a name. */
  readonly also: ReadonlySet<string>;
}

/** Words that tell one size or tuning of a family from another and change nothing about its license. */
const USUAL = new Set(["base", "chat", "instruct", "hf", "it", "pt", "v", "text", "model", "models", "series", "sft", "dpo", "preview"]);
const SIZE = /^\d+(?:\.\d+)?[bmk]$/u;

let loaded: readonly Entry[] | undefined;

/** What the catalogue knows of a release; null when it knows nothing, and for names that only begin like a known one. */
export function knownRelease(identity: Identity): KnownRelease | null {
  loaded ??= readCatalogue();
  const isData = identity.id.startsWith("hf:datasets/");
  return loaded.find((entry) => (identity.kind === "hub" ? entry.isData === isData : true) && fits(entry, identity)) ?? null;
}

function fits(entry: Entry, { kind, id, words, owner }: Identity): boolean {
  if (entry.hub.has(id)) return true;
  if (kind === "url" || kind === "path") return false;
  // The same words under another owner are somebody's copy or namesake, under terms of their own.
  if (kind === "hub" && !entry.owners.includes(owner)) return false;
  return entry.names.some((name) => beginsWith(words, name) && words.slice(name.length).every((word) => isUsual(word, entry)));
}

function beginsWith(words: readonly string[], name: readonly string[]): boolean {
  return name.length > 0 && name.every((word, at) => words[at] === word);
}

function isUsual(word: string, entry: Entry): boolean {
  return USUAL.has(word) || SIZE.test(word) || entry.also.has(word);
}

/** Whether a name, as a path on somebody's disk has it, is that of a known release. */
export function isKnownName(words: readonly string[]): boolean {
  return knownRelease({ kind: "name", id: "", words, owner: "" }) !== null;
}

function readCatalogue(): readonly Entry[] {
  return [...loadRules("catalogue")].flatMap(([name, file]) => {
    const head = fields(file, name);
    return list(head["releases"]).map((release) => readEntry({ ...head, ...fields(release, name) }, name));
  });
}

function readEntry(data: Readonly<Record<string, unknown>>, file: string): Entry {
  const isData = data["data"] === true;
  const basis = data["basis"];
  if (basis !== "text" && basis !== "label") throw bad(file, "basis is text or label");
  return {
    family: text(data["family"], file),
    licenses: texts(data["licenses"], file),
    source: text(data["source"], file),
    reviewed: text(data["reviewed"], file),
    basis,
    from: list(data["from"]).map((parent) => readParent(fields(parent, file), file)),
    isData,
    owners: texts(data["owners"], file).map((owner) => owner.toLowerCase()),
    hub: new Set(texts(data["hub"], file).map((target) => identityOf(target, { isData, isField: true }).id)),
    names: texts(data["names"], file).map(wordsOf),
    also: new Set(texts(data["also"], file).flatMap(wordsOf)),
  };
}

function readParent(data: Readonly<Record<string, unknown>>, file: string): KnownRelease["from"][number] {
  const relation = RELATIONS.find((known) => known === data["relation"]);
  if (relation === undefined) throw bad(file, `${String(data["relation"])} is no relation`);
  return { relation, target: text(data["target"], file) };
}

function fields(value: unknown, file: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(file, "a map was expected");
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown, file: string): readonly string[] {
  return list(value).map((item) => {
    // To YAML a bare version is a number, and 1.0 is 1.
    if (typeof item !== "string") throw bad(file, `${String(item)} must stand in quotes`);
    return item;
  });
}

function text(value: unknown, file: string): string {
  if (typeof value !== "string" || value === "") throw bad(file, "a text was expected");
  return value;
}

function bad(file: string, problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: `rules/catalogue/${file}.yaml` });
}
