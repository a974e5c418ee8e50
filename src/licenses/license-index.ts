// The compact index under rules/data, made by scripts/derive-licenses.ts. A start reads the tables that find candidates, as
// views over bytes; records are parsed one by one and reference texts read slice by slice, when something asks for them.
import { closeSync, openSync, readSync } from "node:fs";
import { AjarError } from "../core/errors.ts";
import type { LicenseKind } from "../core/license.ts";
import { ruleDataPath } from "../rules/load.ts";

export const INDEX_FILE = "data/licenses.bin";
const MAGIC = 0x494c4a41; // "AJLI"
const LAYOUT = 3;
const HEADER_WORDS = 10;
const TEMPLATE_WORDS = 4;

export interface IndexedRestriction {
  readonly term: string;
  readonly clause: string;
  readonly summary: string;
  /** Phrases of the license that stand in the clause; the first one found locates it. */
  readonly locate: readonly string[];
}

/** One license as the index header holds it. */
export interface IndexedRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: LicenseKind;
  readonly osi: boolean;
  readonly fsf: boolean;
  readonly aliases: readonly string[];
  readonly source: string;
  readonly restrictions: readonly IndexedRestriction[];
}

/** One known text: a license, a variant of it, or a notice that points at one. */
export interface IndexedTemplate {
  /** Position of its record. */
  readonly record: number;
  readonly role: "license" | "notice";
  /** First entry and number of entries among all shingles. */
  readonly start: number;
  readonly length: number;
  /** Sampled shingles of this text in `keys`. */
  readonly samples: number;
}

interface IndexNames {
  /** Lower-case name -> record position; null for names of families that stand for several licenses. */
  readonly names: Readonly<Record<string, number | null>>;
  /** Address without scheme and file ending -> record position. */
  readonly urls: Readonly<Record<string, number>>;
  /** Id -> record position. */
  readonly ids: Readonly<Record<string, number>>;
  /** Groups of ids whose texts are the same; the first id is answered. */
  readonly equivalent: readonly (readonly string[])[];
}

/** All that an index is made of. */
export interface IndexParts extends IndexNames {
  readonly records: readonly IndexedRecord[];
  readonly templates: readonly IndexedTemplate[];
  /** `hash << FLAG_BITS | flags` for every word of every template. */
  readonly shingles: Uint32Array;
  /** Sampled shingle hashes, ascending, and where their postings start. */
  readonly keys: Uint32Array;
  readonly offsets: Uint32Array;
  /** Template positions. */
  readonly postings: Uint16Array;
}

export interface LicenseIndex {
  readonly recordCount: number;
  record(position: number): IndexedRecord;
  readonly templates: readonly IndexedTemplate[];
  /** Entries of one template's text. */
  reference(template: IndexedTemplate): Uint32Array;
  names(): IndexNames;
  readonly keys: Uint32Array;
  readonly offsets: Uint32Array;
  readonly postings: Uint16Array;
  /** First key of each bucket of BUCKET_BITS leading bits, so that a look-up needs no search. */
  readonly buckets: Uint32Array;
}

const BUCKET_BITS = 14;
const BUCKET_COUNT = (1 << BUCKET_BITS) + 1;
/** Hashes have 30 bits. */
const BUCKET_SHIFT = 30 - BUCKET_BITS;

/** Layout: header words, templates, keys, offsets, buckets, record offsets, postings, records, names, padding, shingles. */
export function packIndex(parts: IndexParts): Uint8Array {
  const { templates, keys, offsets, postings, shingles, records, names, urls, ids, equivalent } = parts;
  const recordBytes = records.map((record) => Buffer.from(JSON.stringify(record)));
  const recordOffsets = new Uint32Array(records.length + 1);
  recordBytes.forEach((bytes, at) => {
    recordOffsets[at + 1] = (recordOffsets[at] ?? 0) + bytes.length;
  });
  const nameBytes = Buffer.from(JSON.stringify({ names, urls, ids, equivalent }));
  const templateWords = Uint32Array.from(
    templates.flatMap(({ record, role, start, length, samples }) => [record * 2 + (role === "notice" ? 1 : 0), start, length, samples]),
  );
  const header = Uint32Array.of(
    MAGIC,
    LAYOUT,
    templates.length,
    keys.length,
    postings.length,
    records.length,
    recordOffsets.at(-1) ?? 0,
    nameBytes.length,
    shingles.length,
    0,
  );
  const views = [header, templateWords, keys, offsets, bucketsOf(keys), recordOffsets, postings];
  const front = Buffer.concat([
    ...views.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength)),
    ...recordBytes,
    nameBytes,
  ]);
  const padding = Buffer.alloc((4 - (front.length % 4)) % 4);
  return Buffer.concat([front, padding, Buffer.from(shingles.buffer, shingles.byteOffset, shingles.byteLength)]);
}

function bucketsOf(keys: Uint32Array): Uint32Array {
  const buckets = new Uint32Array(BUCKET_COUNT);
  let bucket = 0;
  keys.forEach((key, at) => {
    for (; bucket <= key >>> BUCKET_SHIFT; bucket += 1) buckets[bucket] = at;
  });
  return buckets.fill(keys.length, bucket);
}

/** Reads `length` bytes at `position` of the index; the views over them start at a multiple of eight. */
type ReadBytes = (position: number, length: number) => Uint8Array;

function stale(what: string): AjarError {
  return new AjarError("BAD_RULE_DATA", what, {
    subject: `rules/${INDEX_FILE}`,
    hint: "Install Ajar again, or run npm run derive:licenses.",
  });
}

export function openIndex(read: ReadBytes): LicenseIndex {
  const header = wordsIn(read(0, HEADER_WORDS * 4));
  const [magic, layout, templateCount = 0, keyCount = 0, postingCount = 0, recordCount = 0, recordSize = 0, nameSize = 0] = header;
  if (magic !== MAGIC || layout !== LAYOUT) throw stale("not a license index of this version");
  const tableWords = templateCount * TEMPLATE_WORDS + keyCount * 2 + 1 + BUCKET_COUNT + recordCount + 1;
  const tables = read(HEADER_WORDS * 4, tableWords * 4 + postingCount * 2);
  let at = 0;
  const section = (length: number): Uint32Array => {
    const view = new Uint32Array(tables.buffer, tables.byteOffset + at, length);
    at += length * 4;
    return view;
  };
  const templates = templatesIn(section(templateCount * TEMPLATE_WORDS));
  const keys = section(keyCount);
  const offsets = section(keyCount + 1);
  const buckets = section(BUCKET_COUNT);
  const recordOffsets = section(recordCount + 1);
  const postings = new Uint16Array(tables.buffer, tables.byteOffset + at, postingCount);
  const recordStart = (HEADER_WORDS + tableWords) * 4 + postingCount * 2;
  const shingleStart = (recordStart + recordSize + nameSize + 3) & ~3;
  const references = new Map<number, Uint32Array>();
  let known: IndexNames | undefined;
  return {
    recordCount,
    templates,
    keys,
    offsets,
    buckets,
    postings,
    record(position) {
      const from = recordOffsets[position] ?? 0;
      // Written by packIndex from typed data; the index ships with Ajar and is covered by the rules digest.
      return JSON.parse(
        Buffer.from(read(recordStart + from, (recordOffsets[position + 1] ?? from) - from)).toString("utf8"),
      ) as IndexedRecord;
    },
    reference({ start, length }) {
      const entries = references.get(start) ?? wordsIn(read(shingleStart + start * 4, length * 4));
      references.set(start, entries);
      return entries;
    },
    names() {
      // Same origin as the records.
      known ??= JSON.parse(Buffer.from(read(recordStart + recordSize, nameSize)).toString("utf8")) as IndexNames;
      return known;
    },
  };
}

function wordsIn(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
}

function templatesIn(table: Uint32Array): IndexedTemplate[] {
  const templates: IndexedTemplate[] = [];
  for (let at = 0; at < table.length; at += TEMPLATE_WORDS) {
    const [record = 0, start = 0, length = 0, samples = 0] = table.subarray(at, at + TEMPLATE_WORDS);
    templates.push({ record: record >> 1, role: record % 2 === 1 ? "notice" : "license", start, length, samples });
  }
  return templates;
}

let loaded: LicenseIndex | undefined;

/** The index that ships with Ajar, opened once on first use and kept open. @throws AjarError BAD_RULE_DATA */
export function licenseIndex(): LicenseIndex {
  loaded ??= openIndex(readFrom(ruleDataPath(INDEX_FILE)));
  return loaded;
}

function readFrom(path: string): ReadBytes {
  return (position, length) => {
    const bytes = new Uint8Array(length);
    try {
      const file = openSync(path, "r");
      const got = readSync(file, bytes, 0, length, position);
      closeSync(file);
      if (got === length) return bytes;
    } catch (cause) {
      throw new AjarError("BAD_RULE_DATA", "the license index cannot be read", {
        subject: `rules/${INDEX_FILE}`,
        hint: "Install Ajar again.",
        cause,
      });
    }
    throw stale("the license index is cut short");
  };
}

/** Position of a shingle hash in `keys`, -1 when it is not sampled. */
export function keyPosition(index: LicenseIndex, hash: number): number {
  const bucket = hash >>> BUCKET_SHIFT;
  const end = index.buckets[bucket + 1] ?? 0;
  for (let at = index.buckets[bucket] ?? 0; at < end; at += 1) if (index.keys[at] === hash) return at;
  return -1;
}
