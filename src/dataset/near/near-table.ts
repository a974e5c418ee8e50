// Rows by their MinHash, in bounded memory: above its capacity the table keeps rows whose lowest band begins with enough zero bits.
// Near duplicates mostly have the same lowest band, so they stay or go together.
import { KEY_WORDS, KeyTable, type KeyTableParts } from "../sketch/key-table.ts";
import { mix } from "../text/hash.ts";
import { BANDS, BINS, type MinHash } from "./minhash.ts";

/** Different rows kept. */
const NEAR_CAPACITY = 200_000;
/** Four bins of eight bits share a number. */
const PACKED = BINS / 4;
export const NEAR_COUNTERS = BANDS + PACKED;
/** Least estimated Jaccard similarity of two rows called near duplicates. */
const LEAST_SIMILARITY = 0.7;
/** A slot without a row. */
const NONE = -1;

export interface NearSummary {
  /** Different rows looked at; of more, one in 2^level was. */
  readonly rows: number;
  readonly level: number;
  /** Rows that have a near duplicate, and groups of such. */
  readonly inGroups: number;
  readonly groups: number;
  readonly largest: number;
}

export class NearTable {
  readonly #table: KeyTable;
  readonly #key = new Uint32Array(KEY_WORDS);
  readonly #values = new Uint32Array(NEAR_COUNTERS);

  constructor(capacity = NEAR_CAPACITY) {
    this.#table = new KeyTable({ capacity, counters: NEAR_COUNTERS, numbers: "uint32" });
  }

  /** Adds a row under its own key; one that is there already changes nothing. */
  add(rowKey: Uint32Array, { bands, bins }: MinHash): void {
    let lowest = 0xffffffff;
    for (const band of bands) if (band < lowest) lowest = band;
    this.#key[0] = mix(lowest);
    this.#key[1] = rowKey[0] ?? 0;
    this.#key[2] = rowKey[1] ?? 0;
    this.#key[3] = rowKey[2] ?? 0;
    this.#values.set(bands);
    for (let at = 0; at < PACKED; at += 1) this.#values[BANDS + at] = packed(bins, at * 4);
    this.#table.put(this.#key, 0, this.#values);
  }

  merge(parts: KeyTableParts): void {
    if (this.#table.adopt(parts)) return;
    const row = new Uint32Array(NEAR_COUNTERS);
    this.#table.raiseTo(parts.level);
    for (let index = 0; index * KEY_WORDS < parts.keys.length; index += 1) {
      row.set(parts.counts.subarray(index * NEAR_COUNTERS, (index + 1) * NEAR_COUNTERS));
      this.#table.put(parts.keys, index * KEY_WORDS, row);
    }
  }

  parts(): KeyTableParts {
    return this.#table.parts();
  }

  unsortedParts(): KeyTableParts {
    return this.#table.unsortedParts();
  }

  /** Keys of rows that are near duplicates of each other, as their words joined by commas. */
  groups(): readonly (readonly string[])[] {
    const { keys, counts } = this.#table.parts();
    const groups = new Map<number, string[]>();
    for (const [row, root] of nearGroups({
      order: Uint32Array.from({ length: counts.length / NEAR_COUNTERS }, (_, at) => at),
      counts,
    }).entries()) {
      const key = keys.subarray(row * KEY_WORDS + 1, (row + 1) * KEY_WORDS).join();
      groups.set(root, [...(groups.get(root) ?? []), key]);
    }
    return [...groups.values()].filter(({ length }) => length > 1);
  }

  /** Groups of near duplicates among the rows kept. */
  summary(): NearSummary {
    const rows = this.#table.sorted();
    const sizes = groupSizes(rows);
    const inGroups = sizes.reduce((sum, size) => sum + size, 0);
    return {
      rows: rows.order.length,
      level: this.#table.level,
      inGroups,
      groups: sizes.length,
      largest: sizes.reduce((most, size) => Math.max(most, size), 0),
    };
  }
}

/** Rows by key, of which each has its counts somewhere among all. */
interface Rows {
  readonly order: Uint32Array;
  readonly counts: KeyTableParts["counts"];
}

function packed(bins: Uint32Array, at: number): number {
  return (
    ((((bins[at] ?? 0) & 0xff) << 24) |
      (((bins[at + 1] ?? 0) & 0xff) << 16) |
      (((bins[at + 2] ?? 0) & 0xff) << 8) |
      ((bins[at + 3] ?? 0) & 0xff)) >>>
    0
  );
}

/** Sizes of groups of two and more. */
function groupSizes(rows: Rows): Uint32Array {
  const sizes = new Uint32Array(rows.order.length);
  for (const root of nearGroups(rows)) sizes[root] = (sizes[root] ?? 0) + 1;
  return sizes.filter((size) => size > 1);
}

/** For each row, by key, the number of its group's first row. */
function nearGroups(rows: Rows): Int32Array {
  const { length } = rows.order;
  const parents = new Int32Array(length);
  for (let row = 0; row < length; row += 1) parents[row] = row;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, length * 2))));
  const bands = bandsOf(rows);
  for (let band = 0; band < BANDS; band += 1) {
    const hashes = bands.subarray(band * length, (band + 1) * length);
    joinBand(hashes, slots, (first, row) => joinRows(rows, first, row, parents));
  }
  for (let row = 0; row < length; row += 1) parents[row] = rootOf(parents, row);
  return parents;
}

/** Hashes of all rows, band after band: where they lie row after row, each look at one waits for memory. */
function bandsOf({ order, counts }: Rows): Uint32Array {
  const bands = new Uint32Array(order.length * BANDS);
  for (let row = 0; row < order.length; row += 1) {
    const at = (order[row] ?? 0) * NEAR_COUNTERS;
    for (let band = 0; band < BANDS; band += 1) bands[band * order.length + row] = counts[at + band] ?? 0;
  }
  return bands;
}

/** Joins each row with the first of the same hash. `slots` holds the first rows by their hash, open addressing. */
function joinBand(hashes: Uint32Array, slots: Int32Array, join: (first: number, row: number) => void): void {
  slots.fill(NONE);
  const mask = slots.length - 1;
  for (let row = 0; row < hashes.length; row += 1) {
    const hash = hashes[row] ?? 0;
    let slot = mix(hash) & mask;
    let first = slots[slot] ?? NONE;
    while (first !== NONE && hashes[first] !== hash) {
      slot = (slot + 1) & mask;
      first = slots[slot] ?? NONE;
    }
    if (first === NONE) slots[slot] = row;
    else join(first, row);
  }
}

function joinRows({ order, counts }: Rows, first: number, row: number, parents: Int32Array): void {
  const a = rootOf(parents, first);
  const b = rootOf(parents, row);
  if (a === b || similarity(counts, order[first] ?? 0, order[row] ?? 0) < LEAST_SIMILARITY) return;
  parents[Math.max(a, b)] = Math.min(a, b);
}

function rootOf(parents: Int32Array, row: number): number {
  let root = row;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] ?? 0] ?? 0;
    root = parents[root] ?? 0;
  }
  return root;
}

/** Jaccard similarity by the share of equal bins, of which eight bits are known (Li and König 2010, "b-Bit Minwise Hashing"). */
function similarity(counts: KeyTableParts["counts"], a: number, b: number): number {
  let equal = 0;
  for (let at = BANDS; at < NEAR_COUNTERS; at += 1) {
    const different = ((counts[a * NEAR_COUNTERS + at] ?? 0) ^ (counts[b * NEAR_COUNTERS + at] ?? 0)) >>> 0;
    for (let shift = 0; shift < 32; shift += 8) if (((different >>> shift) & 0xff) === 0) equal += 1;
  }
  return (equal / BINS - 1 / 256) / (1 - 1 / 256);
}
