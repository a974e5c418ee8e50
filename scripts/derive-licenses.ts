// Makes rules/data/licenses.bin from spdx-license-list, rules/licenses/*.yaml and rules/data/licenses-texts.bin.
//   npm run derive:licenses                     after editing a record or updating the package
//   npm run derive:licenses -- --texts FOLDER   also take fingerprints of FOLDER/<fingerprint>.txt; the texts are not kept
//   npm run derive:licenses -- --check          exit 1 when the committed index is not what these inputs give
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import spdxList from "spdx-license-list/full.js";
import type { LicenseKind } from "../src/core/license.ts";
import { compareText } from "../src/core/text.ts";
import { INDEX_FILE, type IndexedRecord, type IndexedTemplate, packIndex } from "../src/licenses/license-index.ts";
import { FLAG_BITS, FLAG_OPTIONAL, SHINGLE_WORDS } from "../src/licenses/shingles.ts";
import { wordsOf } from "../src/licenses/words.ts";
import {
  type Fingerprints,
  type RecordFile,
  readFingerprints,
  readRecords,
  readSettings,
  type Settings,
  writeFingerprints,
} from "./derive-licenses-data.ts";
import { entriesOf, optionalRanges, type Range } from "./derive-licenses-text.ts";

/** One shingle in this many is sampled for finding candidates. */
const SAMPLE_EVERY = 8;
/** Short texts are sampled more densely, so that each has at least this many. */
const LEAST_SAMPLES = 24;
/** A shingle that more templates than this share says nothing about which one it is. */
const MOST_POSTINGS = 64;

interface Template {
  readonly record: string;
  readonly role: "license" | "notice";
  readonly entries: Uint32Array;
  /** Same key, same terms: the words without addresses. */
  readonly key: string;
}

const ADDRESS = /https?:\/\/[^\s)>\]]+/gu;

function matchesId(pattern: string, id: string): boolean {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === id;
  return id.length >= pattern.length - 1 && id.startsWith(pattern.slice(0, star)) && id.endsWith(pattern.slice(star + 1));
}

function spdxRecords(settings: Settings): IndexedRecord[] {
  return Object.entries(spdxList).map(([id, { name, osiApproved, url }]) => {
    const kinds = settings.kinds.find((rule) => rule.ids.some((pattern) => matchesId(pattern, id)));
    const fsf = settings.fsfLibre.ids.some((pattern) => matchesId(pattern, id));
    // Whose terms nobody reviewed is unknown: a listed license may still forbid uses.
    const kind: LicenseKind = osiApproved ? "osi-approved" : (kinds?.kind ?? (fsf ? "unapproved-permissive" : "unknown"));
    // The list gives several addresses in one string, one a line.
    const source = (url ?? "").trim().split(/\s+/u)[0] ?? "";
    return {
      id,
      name,
      kind,
      osi: osiApproved,
      fsf,
      aliases: [],
      source: source || `https://spdx.org/licenses/${id}.html`,
      restrictions: [],
    };
  });
}

function ownRecord(file: RecordFile, spdx: IndexedRecord | undefined): IndexedRecord {
  const { id, name, kind, aliases, source, restrictions, osiApproved, fsfLibre } = file;
  return { id, name, kind, osi: spdx?.osi ?? osiApproved, fsf: spdx?.fsf ?? fsfLibre, aliases, source, restrictions };
}

function mergeRecords(settings: Settings, files: readonly RecordFile[]): IndexedRecord[] {
  const records = new Map(spdxRecords(settings).map((record) => [record.id, record]));
  for (const file of files) records.set(file.id, ownRecord(file, records.get(file.id)));
  return [...records.values()].sort((a, b) => compareText(a.id, b.id));
}

function spdxOptional(settings: Settings, id: string, text: string): Range[] {
  const ranges = optionalRanges(text);
  for (const { ids, from } of settings.appendices) {
    const at = ids.some((pattern) => matchesId(pattern, id)) ? text.lastIndexOf(from) : -1;
    if (at !== -1) ranges.push([at, text.length]);
  }
  for (const { ids, until } of settings.preambles) {
    const at = ids.some((pattern) => matchesId(pattern, id)) ? text.indexOf(until) : -1;
    if (at !== -1) ranges.push([0, at]);
  }
  return ranges;
}

function slice(text: string, from: string, through: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(through, start);
  if (start === -1 || end === -1) throw new Error(`a notice is not in its text: ${from}`);
  return text.slice(start, end + through.length);
}

function spdxTemplates(settings: Settings): Template[] {
  const templates: Template[] = [];
  const add = (record: string, role: Template["role"], text: string, optional: readonly Range[]) =>
    templates.push({ record, role, entries: entriesOf(text, optional), key: contentKey(wordsOf(text.replace(ADDRESS, " ")).hashes) });
  for (const [id, { licenseText }] of Object.entries(spdxList))
    if (!settings.sameTerms.includes(id)) add(id, "license", licenseText, spdxOptional(settings, id, licenseText));
  for (const { id, until } of settings.variants) {
    const text = spdxList[id]?.licenseText ?? "";
    const short = text.slice(0, text.indexOf(until, text.length / 8));
    add(id, "license", short, spdxOptional(settings, id, short));
  }
  for (const { id, second, appendix } of settings.languages) {
    const text = spdxList[id]?.licenseText ?? "";
    const middle = text.indexOf(second);
    if (middle === -1) throw new Error(`${id} has no second language that starts with ${second}`);
    const first = text.slice(0, middle);
    const end = first.lastIndexOf(appendix);
    add(id, "license", first, [...optionalRanges(first), ...(end === -1 ? [] : [[end, first.length] as const satisfies Range])]);
    add(id, "license", text.slice(middle), spdxOptional(settings, id, text.slice(middle)));
  }
  for (const { to, in: id, from, through } of settings.notices) {
    const text = slice(spdxList[id]?.licenseText ?? "", from, through);
    add(to, "notice", text, optionalRanges(text));
  }
  return templates;
}

function ownTemplates(files: readonly RecordFile[], prints: Fingerprints): Template[] {
  const templates: Template[] = [];
  for (const { id, fingerprint } of files) {
    if (fingerprint === undefined) continue;
    for (const [name, entries] of prints) {
      if (name === fingerprint || name.startsWith(`${fingerprint}#`))
        templates.push({
          record: id,
          role: "license",
          entries,
          key: contentKey(Uint32Array.from(entries, (entry) => entry >>> FLAG_BITS)),
        });
    }
  }
  return templates;
}

function contentKey(hashes: Uint32Array): string {
  return Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength).toString("base64");
}

function dedupe(templates: readonly Template[], settings: Settings): { templates: Template[]; equivalent: string[][] } {
  const groups = new Map<string, Template[]>();
  for (const template of templates) {
    const key = `${template.role} ${template.key}`;
    groups.set(key, [...(groups.get(key) ?? []), template]);
  }
  const found = new Set<string>();
  const equivalent: string[][] = [];
  const kept: Template[] = [];
  for (const group of groups.values()) {
    const ids = [...new Set(group.map(({ record }) => record))].sort(compareText);
    const stated = settings.equivalent.find((list) => {
      const compared = list.filter((id) => !settings.sameTerms.includes(id));
      return compared.length === ids.length && ids.every((id) => compared.includes(id));
    });
    const [first] = group;
    if (first === undefined) continue;
    if (ids.length > 1 && stated === undefined) throw new Error(`same text, not in scripts/derive-licenses.yaml: ${ids.join(", ")}`);
    if (ids.length > 1 && stated !== undefined && !found.has(stated.join())) {
      found.add(stated.join());
      equivalent.push(stated);
    }
    kept.push({ ...first, record: stated?.[0] ?? first.record });
  }
  const missing = settings.equivalent.filter((list) => !found.has(list.join()));
  if (missing.length > 0) throw new Error(`not the same text any more: ${missing.map((list) => list.join(" ")).join("; ")}`);
  return { templates: kept, equivalent };
}

/** Per template the shingles that stand for it: a fixed share of all, and the rarest ones of short texts. */
function sample(templates: readonly Template[]): Map<number, number[]>[] {
  const spread = new Map<number, number>();
  const hashSets = templates.map(({ entries }) => singleHashes(entries));
  for (const hashes of hashSets) for (const hash of hashes) spread.set(hash, (spread.get(hash) ?? 0) + 1);
  const rarity = (hash: number): number => spread.get(hash) ?? 0;
  const postings = new Map<number, number[]>();
  const counts = new Map<number, number[]>();
  hashSets.forEach((hashes, template) => {
    const rare = [...hashes].filter((hash) => rarity(hash) <= MOST_POSTINGS).sort((a, b) => rarity(a) - rarity(b) || a - b);
    const chosen = new Set(rare.filter((hash) => hash % SAMPLE_EVERY === 0));
    // Every second of the rarest, from both ends, so that near twins share some and differ in some.
    for (let at = 0; at < rare.length && chosen.size < LEAST_SAMPLES; at += 1) chosen.add(rare[at] ?? 0);
    for (const hash of chosen) postings.set(hash, [...(postings.get(hash) ?? []), template]);
    counts.set(template, [chosen.size]);
  });
  return [postings, counts];
}

/**
 * Shingles that occur once in a text: seeing one twice means a second copy, never a repeated phrase. Those with words that copies
 * fill in (names, titles, copyright lines) stand for nobody's copy but their author's, and count only where there are no others.
 */
function singleHashes(entries: Uint32Array): Set<number> {
  const counts = new Map<number, number>();
  for (const entry of entries) counts.set(entry >>> FLAG_BITS, (counts.get(entry >>> FLAG_BITS) ?? 0) + 1);
  const single = [...entries.keys()].filter((at) => {
    const hash = (entries[at] ?? 0) >>> FLAG_BITS;
    return hash !== 0 && counts.get(hash) === 1;
  });
  const fixed = single.filter((at) => !entries.subarray(at, at + SHINGLE_WORDS).some((entry) => (entry & FLAG_OPTIONAL) !== 0));
  const kept = fixed.length >= LEAST_SAMPLES ? fixed : single;
  return new Set(kept.map((at) => (entries[at] ?? 0) >>> FLAG_BITS));
}

function namesOf(records: readonly IndexedRecord[], settings: Settings): Record<string, number | null> {
  const names = new Map<string, number | null>();
  const position = new Map(records.map(({ id }, at) => [id, at]));
  const add = (name: string, at: number): void => {
    const key = name.toLowerCase();
    if (!names.has(key)) names.set(key, at);
  };
  for (const family of settings.families) names.set(family, null);
  records.forEach(({ id }, at) => void add(id, at));
  for (const [name, id] of Object.entries(settings.names)) {
    const at = position.get(id);
    if (at === undefined) throw new Error(`names: ${id} is not a known license`);
    add(name, at);
  }
  records.forEach(({ aliases }, at) => void aliases.forEach((alias) => void add(alias, at)));
  // A full name that two licenses share (GPL-3.0 and GPL-3.0+ have none in common) goes to the first.
  records.forEach(({ name }, at) => void add(name, at));
  return Object.fromEntries([...names].sort(([a], [b]) => compareText(a, b)));
}

function bareUrl(url: string): string {
  return url
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/u, "")
    .replace(/[#?].*$/u, "")
    .replace(/(?:\.(?:txt|html?|php|md))?\/?$/u, "");
}

function urlsOf(records: readonly IndexedRecord[], settings: Settings): Record<string, number> {
  const urls = new Map<string, number>();
  const position = new Map(records.map(({ id }, at) => [id, at]));
  for (const [url, id] of Object.entries(settings.urls)) urls.set(bareUrl(url), position.get(id) ?? -1);
  records.forEach(({ id, source }, at) => {
    const owners = [bareUrl(source), `spdx.org/licenses/${id.toLowerCase()}`];
    for (const url of (spdxList[id]?.url ?? "").trim().split(/\s+/u) ?? []) owners.push(bareUrl(url));
    for (const url of owners) if (url.includes("/") && !urls.has(url)) urls.set(url, at);
  });
  return Object.fromEntries([...urls].sort(([a], [b]) => compareText(a, b)));
}

/** Bytes of rules/data/licenses.bin for these inputs. */
export function deriveIndex(root: string): Uint8Array {
  const settings = readSettings(root);
  const files = readRecords(root);
  const records = mergeRecords(settings, files);
  const position = new Map(records.map(({ id }, at) => [id, at]));
  const all = [...spdxTemplates(settings), ...ownTemplates(files, readFingerprints(root))];
  all.sort((a, b) => compareText(a.record, b.record) || compareText(a.role, b.role) || b.entries.length - a.entries.length);
  const { templates, equivalent } = dedupe(all, settings);
  const [postingMap = new Map<number, number[]>(), counts = new Map<number, number[]>()] = sample(templates);
  const keys = Uint32Array.from(postingMap.keys()).sort();
  const offsets = new Uint32Array(keys.length + 1);
  const postings: number[] = [];
  keys.forEach((key, at) => {
    offsets[at] = postings.length;
    postings.push(...(postingMap.get(key) ?? []));
  });
  offsets[keys.length] = postings.length;
  let start = 0;
  const indexed = templates.map(({ record, role, entries }, at): IndexedTemplate => {
    const template = { record: position.get(record) ?? -1, role, start, length: entries.length, samples: counts.get(at)?.[0] ?? 0 };
    if (template.record === -1) throw new Error(`template of an unknown license: ${record}`);
    start += entries.length;
    return template;
  });
  const shingles = new Uint32Array(start);
  templates.forEach(({ entries }, at) => void shingles.set(entries, indexed[at]?.start ?? 0));
  return packIndex({
    records,
    templates: indexed,
    names: namesOf(records, settings),
    ids: Object.fromEntries(position),
    equivalent,
    urls: urlsOf(records, settings),
    shingles,
    keys,
    offsets,
    postings: Uint16Array.from(postings),
  });
}

function takeFingerprints(root: string, folder: string): void {
  const prints = readFingerprints(root);
  for (const { id, fingerprint, parts } of readRecords(root)) {
    if (fingerprint === undefined) continue;
    const path = join(folder, `${fingerprint}.txt`);
    if (!existsSync(path)) {
      if (!prints.has(fingerprint)) process.stderr.write(`${id}: no text ${fingerprint}.txt and no earlier fingerprint\n`);
      continue;
    }
    const text = readFileSync(path, "utf8");
    prints.set(fingerprint, entriesOf(text, optionalRanges(text)));
    const starts = parts.map((phrase) => text.indexOf(phrase));
    starts.forEach((start, at) => {
      if (start === -1) throw new Error(`${id}: part ${at + 1} does not start with the given phrase`);
      const part = text.slice(start, starts[at + 1] ?? text.length);
      prints.set(`${fingerprint}#${at + 1}`, entriesOf(part, optionalRanges(part)));
    });
  }
  writeFingerprints(root, prints);
}

function main(): void {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { values } = parseArgs({ options: { texts: { type: "string", multiple: true }, check: { type: "boolean", default: false } } });
  for (const folder of values.texts ?? []) takeFingerprints(root, folder);
  const path = join(root, "rules", INDEX_FILE);
  const bytes = deriveIndex(root);
  if (values.check) {
    const same = existsSync(path) && Buffer.compare(readFileSync(path), bytes) === 0;
    if (!same) {
      process.stderr.write(`rules/${INDEX_FILE} is stale: run npm run derive:licenses\n`);
      process.exitCode = 1;
    }
    return;
  }
  writeFileSync(path, bytes);
  process.stdout.write(`rules/${INDEX_FILE}: ${bytes.length} bytes\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
