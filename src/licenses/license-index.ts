// The compact index under rules/data, made by scripts/derive-licenses.ts: one read, views over its bytes, no parsing but
// for a header of a few hundred kilobytes. Written and read here so that both sides share one layout.
import { readFileSync } from "node:fs";
import { AjarError } from "../core/errors.ts";
import type { LicenseKind } from "../core/license.ts";
import { ruleDataPath } from "../rules/load.ts";

export const INDEX_FILE = "data/licenses.bin";
const MAGIC = 0x494c4a41; // "AJLI"
const LAYOUT = 1;
const HEADER_WORDS = 8;

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
  /** Position in `records`. */
  readonly record: number;
  readonly role: "license" | "notice";
  /** First entry and number of entries in `shingles`. */
  readonly start: number;
  readonly length: number;
  /** Sampled shingles of this text in `keys`. */
  readonly samples: number;
}

export interface IndexHeader {
  readonly records: readonly IndexedRecord[];
  readonly templates: readonly IndexedTemplate[];
  /** Lower-case name -> record position; null for names of families that stand for several licenses. */
  readonly names: Readonly<Record<string, number | null>>;
  /** Groups of ids whose texts are the same; the first id is answered. */
  readonly equivalent: readonly (readonly string[])[];
  /** Address without scheme and trailing slash -> record position. */
  readonly urls: Readonly<Record<string, number>>;
}

export interface LicenseIndex extends IndexHeader {
  /** `hash << FLAG_BITS | flags` for every word of every template. */
  readonly shingles: Uint32Array;
  /** Sampled shingle hashes, ascending, and where their postings start. */
  readonly keys: Uint32Array;
  readonly offsets: Uint32Array;
  /** Template positions. */
  readonly postings: Uint16Array;
  /** First key of each bucket of BUCKET_BITS leading bits, so that a look-up needs no binary search. */
  readonly buckets: Uint32Array;
}

const BUCKET_BITS = 14;
/** Hashes have 30 bits. */
export const BUCKET_SHIFT = 30 - BUCKET_BITS;

export function packIndex(header: IndexHeader, shingles: Uint32Array, keys: Uint32Array, offsets: Uint32Array, postings: Uint16Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = (json.length + 3) & ~3;
  const evenPostings = (postings.length + 1) & ~1;
  const bytes = new Uint8Array(HEADER_WORDS * 4 + padded + (shingles.length + keys.length + offsets.length) * 4 + evenPostings * 2);
  const words = new Uint32Array(bytes.buffer, 0, HEADER_WORDS);
  words.set([MAGIC, LAYOUT, json.length, shingles.length, keys.length, offsets.length, postings.length, 0]);
  bytes.set(json, HEADER_WORDS * 4);
  let at = HEADER_WORDS * 4 + padded;
  for (const section of [shingles, keys, offsets]) {
    new Uint32Array(bytes.buffer, at, section.length).set(section);
    at += section.length * 4;
  }
  new Uint16Array(bytes.buffer, at, postings.length).set(postings);
  return bytes;
}

export function unpackIndex(bytes: Uint8Array): LicenseIndex {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, HEADER_WORDS);
  const [magic, layout, jsonLength = 0, shingleCount = 0, keyCount = 0, offsetCount = 0, postingCount = 0] = words;
  if (magic !== MAGIC || layout !== LAYOUT) {
    throw new AjarError("BAD_RULE_DATA", "not a license index of this version", {
      subject: `rules/${INDEX_FILE}`,
      hint: "Install Ajar again, or run npm run derive:licenses.",
    });
  }
  const jsonStart = bytes.byteOffset + HEADER_WORDS * 4;
  // Written by packIndex from typed data; the index ships with Ajar and is covered by the rules digest.
  const header = JSON.parse(Buffer.from(bytes.buffer, jsonStart, jsonLength).toString("utf8")) as IndexHeader;
  let at = jsonStart + ((jsonLength + 3) & ~3);
  const section = (length: number): Uint32Array => {
    const view = new Uint32Array(bytes.buffer, at, length);
    at += length * 4;
    return view;
  };
  const shingles = section(shingleCount);
  const keys = section(keyCount);
  const offsets = section(offsetCount);
  const postings = new Uint16Array(bytes.buffer, at, postingCount);
  return { ...header, shingles, keys, offsets, postings, buckets: bucketsOf(keys) };
}

function bucketsOf(keys: Uint32Array): Uint32Array {
  const buckets = new Uint32Array((1 << BUCKET_BITS) + 1);
  let bucket = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const own = (keys[at] ?? 0) >>> BUCKET_SHIFT;
    while (bucket <= own) {
      buckets[bucket] = at;
      bucket += 1;
    }
  }
  while (bucket < buckets.length) {
    buckets[bucket] = keys.length;
    bucket += 1;
  }
  return buckets;
}

let loaded: LicenseIndex | undefined;

/** The index that ships with Ajar, read once on first use. @throws AjarError BAD_RULE_DATA */
export function licenseIndex(): LicenseIndex {
  if (loaded === undefined) {
    const path = ruleDataPath(INDEX_FILE);
    let file: Buffer;
    try {
      file = readFileSync(path);
    } catch (cause) {
      throw new AjarError("BAD_RULE_DATA", "the license index is missing", { subject: `rules/${INDEX_FILE}`, hint: "Install Ajar again.", cause });
    }
    // Small reads share a pool whose offset need not be a multiple of four.
    loaded = unpackIndex(file.byteOffset % 4 === 0 ? file : new Uint8Array(file));
  }
  return loaded;
}

/** Position of a shingle hash in `keys`, -1 when it is not sampled. */
export function keyPosition(index: LicenseIndex, hash: number): number {
  const bucket = hash >>> BUCKET_SHIFT;
  const end = index.buckets[bucket + 1] ?? 0;
  for (let at = index.buckets[bucket] ?? 0; at < end; at += 1) if (index.keys[at] === hash) return at;
  return -1;
}
